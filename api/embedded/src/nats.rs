//! A private NATS with JetStream, on loopback, on a port that it chooses itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::Signal;
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::binaries::{NatsBinary, find_nats};
use super::data_dir::{DataDir, random_hex};
use super::error::{EmbeddedError, IoContext};
use super::process::{Server, rotate_log, stop_stale_server};
use super::{Durability, EmbeddedSettings, Progress, log_tail};
use crate::private_file::write_private;

const USER: &str = "kafedra";
/// First version with the setting `sync_interval: always`.
const SYNC_ALWAYS_SINCE: (u32, u32) = (2, 10);
const START_TIMEOUT: Duration = Duration::from_secs(60);

pub(super) struct Nats {
    pub url: String,
    pub server: Server,
}

/// The server's folder: `nats.conf`, `store/` (JetStream), `ports/`.
struct NatsFolder<'a> {
    data_dir: &'a DataDir,
    path: PathBuf,
    log: PathBuf,
    password: String,
    binary: NatsBinary,
    durability: Durability,
}

/// Content of the file that the server writes into `ports/` when it listens.
#[derive(Deserialize)]
struct Ports {
    nats: Vec<String>,
}

impl Nats {
    pub(super) async fn start(
        settings: &EmbeddedSettings,
        data_dir: &DataDir,
        progress: Progress<'_>,
    ) -> Result<Self, EmbeddedError> {
        let mut binary = find_nats(settings)?;
        binary.path = data_dir.make_runnable(&binary.path, &binary.path)?;
        let path = data_dir.servers_dir.join("nats");
        let log = data_dir.servers_dir.join("nats.log");
        let password = random_hex(16);
        let folder = NatsFolder { data_dir, path, log, password, binary, durability: settings.durability };
        stop_stale_server("NATS", "nats-server", &folder.configuration(), Signal::TERM).await?;
        rotate_log(&folder.log)?;
        progress(&format!("starting NATS {}.{} …", folder.binary.version.0, folder.binary.version.1));
        folder.start().await
    }
}

impl NatsFolder<'_> {
    fn configuration(&self) -> PathBuf {
        self.path.join("nats.conf")
    }

    async fn start(&self) -> Result<Nats, EmbeddedError> {
        let ports = self.path.join("ports");
        self.data_dir.run_as.make_private_dir(&self.path)?;
        if ports.exists() {
            fs::remove_dir_all(&ports).context("cannot remove", &ports)?;
        }
        self.data_dir.run_as.make_private_dir(&ports)?;
        self.data_dir.run_as.make_private_dir(&self.path.join("store"))?;
        self.configure("-1")?;
        let server = self.spawn();
        let port = self.wait_until_ready(&server, &ports).await?;
        // After a restart the server must listen on the same port.
        self.configure(&port.to_string())?;
        server.enable_restart();
        Ok(Nats { url: format!("nats://{USER}:{}@127.0.0.1:{port}", self.password), server })
    }

    fn configure(&self, port: &str) -> Result<(), EmbeddedError> {
        let path = self.configuration();
        let sync = match self.durability {
            Durability::Kept if self.binary.version >= SYNC_ALWAYS_SINCE => "sync_interval: always",
            _ => "",
        };
        // A JSON string is a valid string of a NATS configuration.
        let quoted = |path: PathBuf| serde_json::Value::from(path.to_string_lossy()).to_string();
        let text = format!(
            "listen: \"127.0.0.1:{port}\"\n\
             ports_file_dir: {}\n\
             authorization {{ user: {USER}, password: \"{}\" }}\n\
             jetstream {{ store_dir: {}, {sync} }}\n",
            quoted(self.path.join("ports")),
            self.password,
            quoted(self.path.join("store")),
        );
        write_private(&path, text.as_bytes())
            .and_then(|()| self.data_dir.run_as.give_ownership(&path))
            .context("cannot write", &path)
    }

    fn spawn(&self) -> Server {
        let (program, run_as) = (self.binary.path.clone(), self.data_dir.run_as);
        let configuration = self.configuration();
        Server::spawn("NATS", self.log.clone(), Signal::TERM, move || {
            let mut command = run_as.command(&program, "TERM");
            command.arg("-c").arg(&configuration);
            command
        })
    }

    /// Waits until the server reports JetStream on its port; returns the port.
    async fn wait_until_ready(&self, server: &Server, ports: &Path) -> Result<u16, EmbeddedError> {
        let start_error = |reason: String| EmbeddedError::DoesNotStart {
            name: "NATS",
            reason,
            log: self.log.clone(),
            tail: log_tail(&self.log),
        };
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            if let Some(port) = published_port(ports) {
                match read_greeting(port).await {
                    Some(greeting) if greeting.contains("\"jetstream\":true") => return Ok(port),
                    Some(_) => return Err(start_error("it has no JetStream".into())),
                    None => {}
                }
            }
            if let Some(reason) = server.failure() {
                return Err(start_error(reason));
            }
            if Instant::now() > deadline {
                return Err(start_error(format!("no answer in {} s", START_TIMEOUT.as_secs())));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn published_port(folder: &Path) -> Option<u16> {
    let file = fs::read_dir(folder).ok()?.flatten().find(|entry| entry.path().extension().is_some())?;
    // A partly written file is no valid JSON; the caller tries again.
    let ports: Ports = serde_json::from_str(&fs::read_to_string(file.path()).ok()?).ok()?;
    ports.nats.first()?.rsplit(':').next()?.parse().ok()
}

/// Reads the INFO line that the server sends to a new client.
async fn read_greeting(port: u16) -> Option<String> {
    let mut line = String::new();
    let read = async {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        BufReader::new(stream).read_line(&mut line).await.ok()
    };
    tokio::time::timeout(Duration::from_secs(5), read).await.ok()??;
    line.starts_with("INFO").then_some(line)
}
