//! A TCP proxy that loses what it should carry: the request always arrives, the reply may not.
//!
//! What happens is drawn anew for each exchange: a connection that is kept alive carries many. It reads no HTTP; an
//! exchange begins with the first bytes from the client after bytes from the server.

use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// How long `hang` holds a connection: longer than any client waits.
const HANG: Duration = Duration::from_secs(60);

/// What is done to an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The reply is read, and the connection closed instead.
    LoseReply,
    /// The reply is read, and the connection reset instead.
    ResetReply,
    /// Half of the reply arrives.
    CutReply,
    /// The connection closes before there is a reply, as when a reader turns to another page.
    HangUp,
    /// The request is kept and nothing comes back, until the proxy strikes otherwise; then it goes on its way.
    Hang,
    /// The request arrives late.
    Delay,
}

struct Plan {
    random: StdRng,
    modes: Vec<Mode>,
    one_in: u32,
}

impl Plan {
    fn draw(&mut self) -> Option<(Mode, Duration)> {
        let struck =
            self.one_in > 0 && !self.modes.is_empty() && self.random.random_range(0..self.one_in) == 0;
        let mode = self.modes[self.random.random_range(0..self.modes.len().max(1))..]
            .first()
            .copied();
        let pause = Duration::from_millis(self.random.random_range(0..80));
        mode.filter(|_| struck).map(|mode| (mode, pause))
    }
}

/// See the module. It ends when dropped.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    plan: Mutex<Plan>,
    struck: AtomicUsize,
    /// Rings for those that hang.
    healed: Notify,
}

impl Proxy {
    /// Carries to `upstream`, faithfully at first.
    pub async fn to(upstream: u16, seed: u64) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let plan = Plan {
            random: StdRng::seed_from_u64(seed),
            modes: Vec::new(),
            one_in: 0,
        };
        let shared = Arc::new(Shared {
            plan: Mutex::new(plan),
            struck: AtomicUsize::new(0),
            healed: Notify::new(),
        });
        let task = tokio::spawn({
            let shared = shared.clone();
            async move {
                while let Ok((client, _)) = listener.accept().await {
                    let shared = shared.clone();
                    tokio::spawn(async move {
                        if let Ok(server) = TcpStream::connect(("127.0.0.1", upstream)).await {
                            // A connection that breaks is what this is for.
                            let _ = carry(client, server, &shared).await;
                        }
                    });
                }
            }
        });
        Self {
            address,
            shared,
            task,
        }
    }

    /// Strikes one of so many exchanges from now on, with one of these; 0 strikes none.
    pub fn strike(&self, one_in: u32, modes: &[Mode]) {
        let mut plan = self.shared.plan.lock().unwrap();
        plan.one_in = one_in;
        plan.modes = modes.to_vec();
        self.shared.healed.notify_waiters();
    }

    /// Exchanges that were struck so far.
    pub fn struck(&self) -> usize {
        self.shared.struck.load(Ordering::SeqCst)
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The same as an address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(mut client: TcpStream, mut server: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let Shared { plan, struck, healed } = shared;
    let (mut up, mut down) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    let mut mode = None;
    let mut begins = true;
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let read = read?;
                if read == 0 {
                    return Ok(());
                }
                if std::mem::take(&mut begins) {
                    mode = plan.lock().unwrap().draw();
                    struck.fetch_add(usize::from(mode.is_some()), Ordering::SeqCst);
                    match mode {
                        Some((Mode::Hang, _)) => {
                            if tokio::time::timeout(HANG, healed.notified()).await.is_err() {
                                return Ok(());
                            }
                        }
                        Some((Mode::Delay, pause)) => tokio::time::sleep(pause).await,
                        _ => {}
                    }
                }
                server.write_all(&up[..read]).await?;
                if let Some((Mode::HangUp, pause)) = mode {
                    tokio::time::sleep(pause).await;
                    return Ok(());
                }
            }
            read = server.read(&mut down) => {
                let read = read?;
                if read == 0 {
                    return Ok(());
                }
                begins = true;
                match mode {
                    Some((Mode::LoseReply, _)) => return Ok(()),
                    Some((Mode::ResetReply, _)) => return client.set_zero_linger(),
                    Some((Mode::CutReply, _)) => {
                        client.write_all(&down[..read / 2]).await?;
                        return client.flush().await;
                    }
                    _ => client.write_all(&down[..read]).await?,
                }
            }
        }
    }
}
