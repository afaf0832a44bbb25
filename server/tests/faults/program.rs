//! The program under test: where it is, how it is started, and that it does not outlive the test.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How long a start may take.
const START: Duration = Duration::from_secs(60);

/// The settings of one installation, as environment variables.
#[derive(Clone, Debug)]
pub struct Program {
    folder: PathBuf,
    settings: Vec<(String, String)>,
    /// What it is started by, if not by itself.
    under: Vec<String>,
    log: Option<String>,
}

impl Program {
    /// Works in this folder, so that no settings of the checkout are found.
    pub fn new(folder: &Path) -> Self {
        // The name of the site's files, which the program otherwise reads from the checkout.
        let site = ("LEPTOS_OUTPUT_NAME".to_owned(), "quittance".to_owned());
        Self {
            folder: folder.to_owned(),
            settings: vec![site],
            under: Vec::new(),
            log: None,
        }
    }

    /// With one more setting: `section__key`.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.settings
            .push((format!("QUITTANCE__{}", name.to_uppercase()), value.to_string()));
        self
    }

    /// With an environment variable that is none of its settings.
    pub fn with_variable(mut self, name: &str, value: impl ToString) -> Self {
        self.settings.push((name.to_owned(), value.to_string()));
        self
    }

    /// Started by another program, which must become it or let it be the child.
    pub fn under(mut self, words: &[&str]) -> Self {
        self.under = words.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// With a log of its own, beside that of the same command.
    pub fn logging_to(mut self, name: &str) -> Self {
        self.log = Some(name.to_owned());
        self
    }

    /// Where it works.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let built = env!("CARGO_BIN_EXE_quittance");
        let path = env::var_os("QUITTANCE_BIN")
            .filter(|path| !path.is_empty())
            .unwrap_or_else(|| built.into());
        let path = fs::canonicalize(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut words = self.under.iter().map(OsString::from).chain([path.into()]);
        let mut command = Command::new(words.next().unwrap());
        command
            .args(words)
            .args(arguments)
            .current_dir(&self.folder)
            .envs(self.settings.iter().cloned());
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) {
        self.try_run(arguments)
            .unwrap_or_else(|said| panic!("{arguments:?}: {said}"));
    }

    /// Runs a command to its end, which may be a bad one: then it is what it said.
    pub fn try_run(&self, arguments: &[&str]) -> Result<(), String> {
        let done = self.command(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if done.status.success() {
            Ok(())
        } else {
            Err(format!("{} {}", text(&done.stdout), text(&done.stderr)))
        }
    }

    /// Starts a command and does not wait for it.
    pub fn spawn(&self, arguments: &[&str]) -> Running {
        let name = self.log.as_deref().unwrap_or(arguments[0]);
        let log = self.folder.join(format!("{name}.log"));
        let out = File::options().create(true).append(true).open(&log).unwrap();
        let err = out.try_clone().unwrap();
        let child = self.command(arguments).stdout(out).stderr(err).spawn().unwrap();
        Running { child, log }
    }

    /// Starts a command that goes on, and waits until `url` answers.
    pub async fn start(&self, argument: &str, url: &str, http: &reqwest::Client) -> Running {
        let mut running = self.spawn(&[argument]);
        let begun = Instant::now();
        loop {
            if let Some(status) = running.child.try_wait().unwrap() {
                panic!("`{argument}` ended with {status}");
            }
            if http
                .get(url)
                .send()
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return running;
            }
            assert!(begun.elapsed() < START, "`{argument}` does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A process of this test.
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Its number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// What it and those before it have logged.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            let lines: Vec<_> = log.lines().collect();
            let tail = lines[lines.len().saturating_sub(40)..].join("\n");
            eprintln!("the end of {}:\n{tail}", self.log.display());
        }
    }
}

/// Sends a signal to processes that this test started.
pub fn signal(name: &str, pids: &[u32]) {
    let pids = pids.iter().map(ToString::to_string);
    let sent = Command::new("kill").arg(format!("-{name}")).args(pids).status();
    assert!(sent.unwrap().success(), "kill -{name}");
}

/// A free port below those that the system gives to outgoing connections, so that a portal that was killed finds its
/// own free again.
pub fn free_port() -> u16 {
    (0..1_000)
        .map(|_| rand::random_range(18_000..30_000))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}
