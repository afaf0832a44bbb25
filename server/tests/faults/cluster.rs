//! A PostgreSQL of the test's own that keeps what it acknowledges, and can be stopped, frozen and killed.

use crate::{
    program::{free_port, signal},
    seeded::{self, shelf},
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// How long a start may take, with the recovery after a kill.
const START: Duration = Duration::from_secs(60);

/// See the module. It is gone when dropped.
pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    options: String,
}

impl Cluster {
    /// Makes and starts one. None where PostgreSQL is not installed.
    ///
    /// * `options`: settings other than usual, such as `-c fsync=off`.
    pub async fn new(options: &str) -> Option<Self> {
        static MADE: OnceCell<PathBuf> = OnceCell::const_new();
        let programs = programs()?;
        let made = MADE.get_or_init(|| make(programs.clone())).await;
        let cluster = Self::at(programs, options);
        run(Command::new("cp").arg("-a").arg(made).arg(cluster.data()));
        cluster.start();
        Some(cluster)
    }

    /// Without any data yet.
    fn at(programs: PathBuf, options: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        Self {
            programs,
            port: free_port(),
            options: options.to_owned(),
            folder,
        }
    }

    /// Address of its maintenance database.
    pub fn url(&self) -> String {
        format!("postgres://quittance@127.0.0.1:{}/postgres", self.port)
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// PostgreSQL refuses to run as root: there it runs as the user that its package made.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/");
        command
    }

    /// Starts it, after a kill too, and waits until it answers.
    pub fn start(&self) {
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={} -c max_connections=100 {}",
            self.port,
            self.folder.path().display(),
            self.options
        );
        let begun = Instant::now();
        let log = self.data().join("log");
        loop {
            let mut start = self.command("pg_ctl");
            start
                .arg("-D")
                .arg(self.data())
                .arg("-l")
                .arg(&log)
                .args(["-w", "-o", &options, "start"]);
            if start.output().unwrap().status.success() {
                return;
            }
            // After a kill the others of its processes need a moment to notice.
            let said = || fs::read_to_string(&log).unwrap_or_default();
            assert!(begun.elapsed() < START, "PostgreSQL does not start: {}", said());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Stops it in good order; who is connected is sent away.
    pub fn stop(&self) {
        run(self
            .command("pg_ctl")
            .arg("-D")
            .arg(self.data())
            .args(["-m", "fast", "-w", "stop"]));
    }

    /// SIGKILL to its first process; the others end when they notice.
    pub fn kill(&self) {
        signal("KILL", &[self.postmaster()]);
    }

    /// SIGSTOP to all of its processes.
    pub fn freeze(&self) {
        signal("STOP", &self.processes());
    }

    /// SIGCONT to all of its processes.
    pub fn thaw(&self) {
        signal("CONT", &self.processes());
    }

    fn postmaster(&self) -> u32 {
        let file = fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        file.lines().next().unwrap().trim().parse().unwrap()
    }

    fn processes(&self) -> Vec<u32> {
        let first = self.postmaster();
        let children = run(Command::new("pgrep").args(["-P", &first.to_string()]));
        let children = String::from_utf8(children.stdout).unwrap();
        let children = children.lines().map(|line| line.trim().parse().unwrap());
        std::iter::once(first).chain(children).collect()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may be gone already.
        let mut stop = self.command("pg_ctl");
        let _ = stop
            .arg("-D")
            .arg(self.data())
            .args(["-m", "immediate", "-w", "stop"])
            .output();
    }
}

/// Makes one with demo data and keeps its files, to be copied.
async fn make(programs: PathBuf) -> PathBuf {
    let cluster = Cluster::at(programs, "-c fsync=off");
    let user = ["-U", "quittance", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"];
    run(cluster.command("initdb").arg("-D").arg(cluster.data()).args(user));
    cluster.start();
    seeded::copy_on(&cluster.url()).await;
    cluster.stop();
    let kept = shelf("faults-postgres").join("data");
    run(Command::new("cp").arg("-a").arg(cluster.data()).arg(&kept));
    kept
}

/// Debian's newest, or what is on the path.
fn programs() -> Option<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let debian = installed.map(|version| version.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let others = env::split_paths(&path).collect::<Vec<_>>();
    let has = |folder: &PathBuf| folder.join("initdb").exists();
    debian.filter(has).max().or_else(|| others.into_iter().find(has))
}

fn is_root() -> bool {
    Path::new("/root").read_dir().is_ok()
}

fn run(command: &mut Command) -> Output {
    let done = command.output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {said}");
    done
}
