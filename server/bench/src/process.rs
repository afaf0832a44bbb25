//! The program itself: how soon it answers and how much memory it holds.

use crate::{
    Outcome,
    figures::{Process, Spread},
    pages::Bench,
};
use domain::access::Side;
use std::{
    env, fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

const STARTS: usize = 11;
/// How long it is left alone before its memory counts as idle.
const REST: Duration = Duration::from_secs(4);
const PAGES: usize = 300;

/// The running program; it ends with this value.
struct Running {
    child: Child,
    address: SocketAddr,
    started: Duration,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Beside this program, where cargo puts both.
fn program() -> Outcome<PathBuf> {
    let path = env::current_exe()?.with_file_name("quittance");
    if path.exists() {
        Ok(path)
    } else {
        Err(format!("{} is not built", path.display()).into())
    }
}

/// Whether the browser's files were built too: then their names carry hashes, which stand beside the program.
pub(crate) fn has_hashed_files() -> Outcome<bool> {
    Ok(program()?.with_file_name("hash.txt").exists())
}

/// Starts the program and waits for its first page, without the sandbox, as in production.
fn start(database: &str) -> Outcome<Running> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let begin = Instant::now();
    let child = Command::new(program()?)
        .arg("serve")
        .env("QUITTANCE__DATABASE__URL", database)
        .env("QUITTANCE__SERVER__LISTEN", address.to_string())
        .env("QUITTANCE__SERVER__PUBLIC_URL", format!("http://{address}"))
        .env("QUITTANCE__SANDBOX__ENABLED", "false")
        .env("LEPTOS_HASH_FILES", has_hashed_files()?.to_string())
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()?;
    let mut running = Running {
        child,
        address,
        started: Duration::ZERO,
    };
    while begin.elapsed() < Duration::from_secs(20) {
        if let Ok(length) = get(address, "/login", "") {
            running.started = begin.elapsed();
            return if length > 1_000 {
                Ok(running)
            } else {
                Err("the first answer is no page".into())
            };
        }
        sleep(Duration::from_millis(1));
    }
    Err("the program does not answer".into())
}

/// Bytes of an answer, its head included.
fn get(address: SocketAddr, path: &str, cookie: &str) -> Outcome<u64> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    )?;
    let mut piece = vec![0_u8; 64 * 1024];
    let mut total = 0_u64;
    let mut head = Vec::new();
    loop {
        let read = stream.read(&mut piece)?;
        if read == 0 {
            break;
        }
        if head.len() < 12 {
            head.extend_from_slice(&piece[..read.min(64)]);
        }
        total += u64::try_from(read)?;
    }
    if head.starts_with(b"HTTP/1.1 200") {
        Ok(total)
    } else {
        Err(String::from_utf8_lossy(&head).into_owned().into())
    }
}

/// A line of the process's memory, in megabytes: `VmRSS` now, `VmHWM` at most since the start.
fn memory(child: &Child, line: &str) -> Outcome<f64> {
    let text = fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let found = text
        .lines()
        .find_map(|found| found.strip_prefix(line)?.strip_prefix(':'));
    let kilobytes: f64 = found
        .and_then(|rest| rest.split_whitespace().next())
        .ok_or("no memory")?
        .parse()?;
    Ok(kilobytes / 1024.0)
}

impl Bench {
    /// Starts the program several times, lets it rest, gives it pages to make, then an export. Blocks.
    pub(crate) fn process(&self, database: &str) -> Outcome<Process> {
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            starts.push(start(database)?.started);
        }
        let running = start(database)?;
        sleep(REST);
        let idle = memory(&running.child, "VmRSS")?;
        let (side, _) = self.exported();
        let cookie = |side: Side| {
            format!(
                "{}={}",
                app::server::CookiePolicy::Loopback.name(),
                self.token(side)
            )
        };
        let page = self.grid_path(Side::Seller);
        for _ in 0..PAGES {
            get(running.address, &page, &cookie(Side::Seller))?;
        }
        let busy = memory(&running.child, "VmRSS")?;
        let begin = Instant::now();
        let bytes = get(running.address, &self.export_path(), &cookie(side))?;
        let export_time = begin.elapsed().as_secs_f64() * 1e3;
        if bytes < 50 * self.exported().1 {
            return Err(format!("the export has only {bytes} bytes").into());
        }
        let export = memory(&running.child, "VmHWM")?;
        Ok(Process {
            start: Spread::of(starts),
            idle,
            busy,
            export,
            export_time,
        })
    }
}
