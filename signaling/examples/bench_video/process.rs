//! A server under measurement: a process of its own, its CPU time, memory and handles.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A running server; it ends with this value.
pub struct Server {
    child: Child,
    pub address: String,
    pub folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns an address of this machine that is not loopback, where there is one.
pub fn address() -> String {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    // Nothing is sent: this asks the kernel for a route.
    let found = socket.connect("192.0.2.1:9").and_then(|()| socket.local_addr());
    found.map_or_else(|_| "127.0.0.1".to_owned(), |address| address.ip().to_string())
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Returns the program beside this one's folder.
fn built(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let found = own.ancestors().map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{name} is not built"))
}

impl Server {
    pub async fn signaling(bind: &str) -> Self {
        let address = format!("{bind}:{}", free_port());
        let mut command = Command::new(built("signaling"));
        command.args(["--dev", "--listen", &address, "--media", &format!("{bind}:0")]);
        command.env("RUST_LOG", "error");
        Self::start(command, address, tempfile::tempdir().unwrap()).await
    }

    /// Starts a program and waits until it listens.
    pub async fn start(mut command: Command, address: String, folder: tempfile::TempDir) -> Self {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let end = Instant::now() + Duration::from_secs(20);
        while tokio::net::TcpStream::connect(&address).await.is_err() {
            assert!(Instant::now() < end, "the server does not listen on {address}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self { child, address, folder }
    }

    fn proc(&self) -> PathBuf {
        Path::new("/proc").join(self.child.id().to_string())
    }

    /// Returns user and system time; the kernel counts in hundredths.
    pub fn cpu_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(self.proc().join("stat")).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
        ticks / 100.0
    }

    pub fn rss_mib(&self) -> f64 {
        let status = std::fs::read_to_string(self.proc().join("status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse::<f64>().unwrap() / 1024.0
    }

    pub fn handles(&self) -> usize {
        std::fs::read_dir(self.proc().join("fd")).unwrap().count()
    }

    /// Posts without a body and returns the JSON of the answer.
    pub async fn post(&self, path: &str) -> Value {
        let body = self.request("POST", path).await;
        let (from, to) = (body.find('{').unwrap(), body.rfind('}').unwrap());
        serde_json::from_str(&body[from..=to]).unwrap()
    }

    /// Returns a figure of `/metrics`.
    pub async fn metric(&self, name: &str) -> u64 {
        let text = self.request("GET", "/metrics").await;
        let found = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        found.unwrap_or_else(|| panic!("no {name}"))
    }

    async fn request(&self, method: &str, path: &str) -> String {
        let mut stream = tokio::net::TcpStream::connect(&self.address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }
}
