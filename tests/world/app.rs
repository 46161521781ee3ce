//! The program under test: a real OS process of the binary `kafedra`.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use rustix::process::Signal;

use crate::{HttpClient, eventually_within, signal};

/// Longest time in which a process becomes ready, on a busy machine.
const START: Duration = Duration::from_secs(60);

/// One process; it is killed when this value is dropped and when the test dies.
pub struct App {
    pub client: HttpClient,
    environment: BTreeMap<String, String>,
    roles: &'static str,
    log: PathBuf,
    child: Child,
}

impl App {
    /// Starts a process and waits until it is ready.
    ///
    /// # Panics
    /// If the process is not ready in time; the message shows its log.
    pub(crate) async fn start(
        mut environment: BTreeMap<String, String>,
        roles: &'static str,
        folder: &Path,
    ) -> Self {
        let [port, metrics_port] = free_ports();
        environment.insert("KAFEDRA_LISTEN__API".into(), format!("127.0.0.1:{port}"));
        environment.insert("KAFEDRA_LISTEN__METRICS".into(), format!("127.0.0.1:{metrics_port}"));
        let log = folder.join(format!("app-{port}.log"));
        let child = spawn(&environment, roles, &log);
        let client =
            HttpClient::new(format!("http://127.0.0.1:{port}"), format!("http://127.0.0.1:{metrics_port}"));
        let mut app = Self { client, environment, roles, log, child };
        app.is_ready().await;
        app
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills the process with `kill -9`.
    pub fn is_killed(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Stops the process in order and waits for its end.
    pub async fn ends(&mut self) {
        signal(Some(self.pid()), Signal::TERM);
        for _ in 0..400 {
            if self.child.try_wait().expect("our own child").is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the process does not end: {}", self.log_tail());
    }

    /// Starts the process again on the same port, without waiting; its log is continued.
    pub fn starts(&mut self) {
        self.is_killed();
        self.child = spawn(&self.environment, self.roles, &self.log);
    }

    /// Restarts the process if it has ended, as a supervisor does.
    /// A process ends, for instance, if it finds no database at its start.
    pub fn is_kept_alive(&mut self) {
        if !self.is_alive() {
            self.starts();
        }
    }

    /// Waits until the process is ready, and restarts it as often as it ends.
    pub async fn is_ready_again(&mut self) {
        for _ in 0..60 {
            self.is_kept_alive();
            let call = self.client.call("GET", "/health/ready").timeout(Duration::from_secs(5));
            match call.attempt().await {
                Ok(answer) if answer.status == 200 => return,
                _ => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        }
        panic!("the process does not come back: {}", self.log_tail());
    }

    pub async fn is_ready(&mut self) {
        let log = self.log.clone();
        let ended = &mut self.child;
        let client = &self.client;
        let mut status = None;
        eventually_within(START, "the process is ready", || {
            status = ended.try_wait().expect("our own child");
            assert!(status.is_none(), "the process has ended with {status:?}: {}", tail(&log));
            let log = log.clone();
            async move {
                let call = client.call("GET", "/health/ready").timeout(Duration::from_secs(5));
                match call.attempt().await {
                    Ok(answer) if answer.status == 200 => Ok(()),
                    Ok(answer) => Err(format!("{answer:?}\n{}", tail(&log))),
                    Err(error) => Err(format!("{error}\n{}", tail(&log))),
                }
            }
        })
        .await;
    }

    /// Returns whether the process still runs.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("our own child").is_none()
    }

    /// Everything that the process has logged since its first start.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    fn log_tail(&self) -> String {
        tail(&self.log)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // A stopped process (SIGSTOP) accepts this signal too.
        self.is_killed();
        if std::thread::panicking() {
            eprintln!("— the last lines of {}:\n{}", self.client.url, self.log_tail());
        }
    }
}

/// Runs a command of the program to its end.
///
/// # Panics
/// If the binary is missing.
pub async fn kafedra(environment: &BTreeMap<String, String>, arguments: &[&str]) -> Output {
    let mut command = command(environment);
    command.args(arguments).stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output().expect("the program runs"))
        .await
        .expect("running a program does not panic")
}

fn spawn(environment: &BTreeMap<String, String>, roles: &str, log: &Path) -> Child {
    let open = || File::options().create(true).append(true).open(log).expect("a log file");
    let mut command = command(environment);
    command.args(["serve", "--roles", roles]).stdin(Stdio::null()).stdout(open()).stderr(open());
    command.spawn().expect("the program starts")
}

/// The program with only this environment; it dies with the test.
pub(crate) fn command(environment: &BTreeMap<String, String>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(binary());
    command.env_clear().envs(environment).current_dir("/");
    command
}

/// `target/<profile>/kafedra`, next to the tests; `make test` builds it first.
fn binary() -> PathBuf {
    if let Some(named) = std::env::var_os("KAFEDRA_BIN") {
        return named.into();
    }
    let this = std::env::current_exe().expect("a test is a file");
    let beside = this.ancestors().skip(1).take(2).map(|folder| folder.join("kafedra"));
    beside
        .into_iter()
        .find(|file| file.is_file())
        .expect("target/<profile>/kafedra: build the workspace first, or name it in KAFEDRA_BIN")
}

pub(crate) fn free_ports<const N: usize>() -> [u16; N] {
    // All are bound before the first one is released, so that they differ.
    let listeners = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("a bound listener has an address").port())
}

fn tail(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
