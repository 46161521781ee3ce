//! A server process: spawned by its own thread, and restarted when it dies.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

use super::error::{EmbeddedError, IoContext};

/// Longest ordered stop before the process is killed. Postgres then recovers at its next start.
const STOP_TIMEOUT: Duration = Duration::from_secs(20);
/// Longest stop of a server from an earlier run whose OS process was killed.
const STALE_STOP_TIMEOUT: Duration = Duration::from_secs(30);
const MIN_RESTART_PAUSE: Duration = Duration::from_millis(100);
const MAX_RESTART_PAUSE: Duration = Duration::from_secs(5);

/// A running server. It is stopped when this value is dropped.
pub(super) struct Server {
    name: &'static str,
    shared: Arc<SharedState>,
    stop_signal: Signal,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct SharedState {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The child before it is reaped, so that its id cannot belong to another process.
    child: Option<Child>,
    restarts: bool,
    is_stopping: bool,
    /// Reason why the thread does not restart the server.
    failure: Option<String>,
}

impl Server {
    /// Runs `command` with its output in `log`. The death signal of a process follows the *thread* that spawned
    /// it, so that each server has its own thread, which lives as long as the server.
    pub(super) fn spawn(
        name: &'static str,
        log: PathBuf,
        stop_signal: Signal,
        command: impl Fn() -> Command + Send + 'static,
    ) -> Self {
        let shared = Arc::new(SharedState::default());
        let thread_state = shared.clone();
        let thread = std::thread::Builder::new()
            .name(format!("{name} supervisor"))
            .spawn(move || supervise(name, &log, &thread_state, command))
            .expect("a thread can be started");
        Self { name, shared, stop_signal, thread: Some(thread) }
    }

    /// From now on the server is restarted if it exits by itself. Before, an exit is a failed start.
    pub(super) fn enable_restart(&self) {
        self.shared.lock().restarts = true;
    }

    /// Returns the reason if the server has exited before restarts were enabled.
    pub(super) fn failure(&self) -> Option<String> {
        self.shared.lock().failure.clone()
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.shared.lock().child.as_ref().map(Child::id)
    }

    fn signal(&self, signal: Signal) {
        let mut state = self.shared.lock();
        state.is_stopping = true;
        self.shared.changed.notify_all();
        if let Some(child) = &state.child {
            // The signal fails only if the process has exited already.
            let _ = kill_process(Pid::from_child(child), signal);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.signal(self.stop_signal);
        let deadline = Instant::now() + STOP_TIMEOUT;
        while !thread.is_finished() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        if !thread.is_finished() {
            tracing::warn!(server = self.name, "server does not stop, killing it");
            self.signal(Signal::KILL);
        }
        let _ = thread.join();
    }
}

impl SharedState {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Body of the thread of a server: spawns, waits, and restarts with growing pauses.
fn supervise(name: &'static str, log: &Path, shared: &SharedState, command: impl Fn() -> Command) {
    let mut pause = MIN_RESTART_PAUSE;
    loop {
        let started = Instant::now();
        let ended = run_once(log, shared, &command);
        let mut state = shared.lock();
        if state.is_stopping || !state.restarts {
            state.failure = Some(ended);
            return;
        }
        if started.elapsed() > MAX_RESTART_PAUSE {
            pause = MIN_RESTART_PAUSE;
        }
        tracing::warn!(server = name, %ended, log = %log.display(), "server exited, restarting it");
        let waited = shared.changed.wait_timeout_while(state, pause, |state| !state.is_stopping);
        if waited.unwrap_or_else(|poisoned| poisoned.into_inner()).0.is_stopping {
            return;
        }
        pause = (pause * 2).min(MAX_RESTART_PAUSE);
    }
}

fn run_once(log: &Path, shared: &SharedState, command: impl Fn() -> Command) -> String {
    let spawned = {
        let mut state = shared.lock();
        if state.is_stopping {
            return "was asked to end".into();
        }
        spawn_logging(log, command()).map(|child| {
            let pid = Pid::from_child(&child);
            state.child = Some(child);
            pid
        })
    };
    let pid = match spawned {
        Ok(pid) => pid,
        Err(error) => return format!("cannot be started: {error}"),
    };
    // Waits without reaping, so that `signal` never signals a reused process id.
    while let Err(rustix::io::Errno::INTR) =
        waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
    {}
    match shared.lock().child.take().map(|mut child| child.wait()) {
        Some(Ok(status)) => format!("ended with {status}"),
        Some(Err(error)) => format!("was lost: {error}"),
        None => "ended".into(),
    }
}

fn spawn_logging(log: &Path, mut command: Command) -> io::Result<Child> {
    let log = OpenOptions::new().create(true).append(true).mode(0o600).open(log)?;
    command.stdout(log.try_clone()?).stderr(Stdio::from(log)).spawn()
}

/// Stops a server that a killed run has left on `data`: a process named `program` with `data` in its command
/// line. Only the holder of the lock may call this.
pub(super) async fn stop_stale_server(
    name: &'static str,
    program: &str,
    data: &Path,
    stop_signal: Signal,
) -> Result<(), EmbeddedError> {
    let deadline = Instant::now() + STALE_STOP_TIMEOUT;
    let mut signalled = None;
    while let Some(pid) = find_process(program, data) {
        if Instant::now() > deadline {
            return Err(EmbeddedError::StillRunning { name, pid: pid.as_raw_pid(), data: data.into() });
        }
        if signalled.replace(pid) != Some(pid) {
            // The signal fails for a process of another user; the deadline reports that.
            let _ = kill_process(pid, stop_signal);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

fn find_process(program: &str, data: &Path) -> Option<Pid> {
    let data = data.as_os_str().as_encoded_bytes();
    fs::read_dir("/proc").ok()?.flatten().find_map(|entry| {
        let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
        let arguments = fs::read(entry.path().join("cmdline")).ok()?;
        let mut arguments = arguments.split(|byte| *byte == 0);
        let is_program = arguments.next()?.ends_with(program.as_bytes());
        (is_program && arguments.any(|argument| argument == data)).then(|| Pid::from_raw(pid)).flatten()
    })
}

/// Renames the log of the last run, so that an error message shows only this run.
pub(super) fn rotate_log(log: &Path) -> Result<(), EmbeddedError> {
    match fs::rename(log, log.with_extension("log.old")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).context("cannot move", log),
        _ => Ok(()),
    }
}
