//! One idle `kafedra up`: its memory and the time of its start.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use crate::error::BenchError;
use crate::resident;
use crate::result_line::ResultLine;
use crate::rounds::median;
use crate::target::{Options, Target, Up};

/// A first start initialises its own Postgres.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// Pause before the reading: timers, polls and pools have settled.
const IDLE: Duration = Duration::from_secs(8);
const ENDS_WITHIN: Duration = Duration::from_secs(30);

/// Runs with its own servers in its own folder; the servers of the target stay untouched.
pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let up = target.up.as_ref().ok_or(BenchError::Missing("the program `kafedra`"))?;
    let folder = folder()?;
    let first = Installation::start(up, folder.path()).await?;
    let cold = first.ready_after;
    first.end().await?;
    let (mut starts, mut resident) = (vec![], vec![]);
    for _ in 0..options.rounds {
        let installation = Installation::start(up, folder.path()).await?;
        starts.push(installation.ready_after.as_secs_f64());
        sleep(IDLE).await;
        resident.push(resident::now_mib(installation.child.id()));
        installation.end().await?;
    }
    Ok(vec![
        ResultLine::new("idle `kafedra up`, its own process", median(&mut resident), "MiB").goal("< 150 MiB"),
        ResultLine::new("`kafedra up` to ready, warm", median(&mut starts), "s").goal("< 3 s"),
        ResultLine::new("`kafedra up` to ready, first start", cold.as_secs_f64(), "s"),
    ])
}

/// Creates a folder that the servers' user may enter.
fn folder() -> Result<TempDir, BenchError> {
    Ok(tempfile::Builder::new()
        .prefix("kafedra-bench-")
        .permissions(Permissions::from_mode(0o711))
        .tempdir()?)
}

/// A running `kafedra up`; it is killed when this value is dropped.
struct Installation {
    child: Child,
    ready_after: Duration,
}

impl Installation {
    async fn start(up: &Up, folder: &Path) -> Result<Self, BenchError> {
        let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let log = folder.join("up.log");
        let started = Instant::now();
        let mut installation =
            Self { child: command(up, folder, port, &log)?.spawn()?, ready_after: Duration::ZERO };
        while !is_ready(port).await {
            if installation.child.try_wait()?.is_some() || started.elapsed() > READY_WITHIN {
                let log = std::fs::read_to_string(&log).unwrap_or_default();
                return Err(BenchError::Installation(log));
            }
            sleep(Duration::from_millis(10)).await;
        }
        installation.ready_after = started.elapsed();
        Ok(installation)
    }

    /// Ends in order, so that its private servers keep their data for the next start.
    async fn end(mut self) -> Result<(), BenchError> {
        let pid =
            i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a child has a process id");
        kill_process(pid, Signal::TERM).map_err(std::io::Error::from)?;
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > ENDS_WITHIN {
                return Err(BenchError::Installation("it does not end".to_owned()));
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program with only the environment that it needs; it dies with this process.
fn command(up: &Up, folder: &Path, port: u16, log: &Path) -> Result<Command, BenchError> {
    let log = File::options().create(true).append(true).open(log)?;
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "TERM", "--"])
        .arg(&up.program)
        .arg("up")
        .env_clear()
        .envs(up.environment.iter().map(|(name, value)| (name, value)))
        .env("KAFEDRA_DATA_DIR", folder.join("data"))
        .env("KAFEDRA_LISTEN__API", format!("127.0.0.1:{port}"))
        // The link to the CRM is part of the system, with or without a CRM at its other end.
        .env("CRM_API_URL", "http://127.0.0.1:9")
        .env("CRM_API_KEY", "bench")
        // A node of the video service is measured by its own bench.
        .env("KAFEDRA_VIDEO__ENABLED", "false")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    Ok(command)
}

async fn is_ready(port: u16) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream
            .write_all(b"GET /health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer.starts_with("HTTP/1.1 200"))
    };
    matches!(timeout(Duration::from_secs(2), ask).await, Ok(Ok(true)))
}
