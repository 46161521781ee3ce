//! The API in a separate process, over the bench's database.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::error::BenchError;
use crate::target::Target;

/// `kafedra serve --roles api`.
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    pub async fn start(target: &Target, database: &PgConnectOptions) -> Result<Self, BenchError> {
        let up = target.up.as_ref().ok_or(BenchError::Missing("the program `kafedra`"))?;
        let program = up.program.as_path();
        let nats_url = target.nats_url.as_deref().ok_or(BenchError::Missing("a NATS server"))?;
        let address = free_address()?;
        let home = std::env::temp_dir().join(format!("kafedra-bench-{}", std::process::id()));
        let child = command(program, &home)
            .env("DATABASE_URL", database.to_url_lossy().as_str())
            .env("NATS_URL", nats_url)
            .env("KAFEDRA_LISTEN__API", address.to_string())
            .env("KAFEDRA_HTTP__CONNECTIONS_PER_NETWORK", "100000")
            .spawn()?;
        let server = Self { child, address };
        server.ready().await?;
        Ok(server)
    }

    pub fn url(&self, query: &str) -> String {
        format!("http://{}/api/v1/teachers?{query}", self.address)
    }

    pub fn client(&self) -> Result<reqwest::Client, BenchError> {
        // An earlier bench may have installed the provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30));
        builder.build().map_err(|error| BenchError::Server(error.to_string()))
    }

    async fn ready(&self) -> Result<(), BenchError> {
        let client = self.client()?;
        let url = format!("http://{}/health/live", self.address);
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(30) {
            if client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
        Err(BenchError::Server("it did not start within 30 s".to_owned()))
    }

    pub async fn end(mut self) {
        // The process has nothing to finish; its data is dropped with the database.
        let _ = self.child.kill().await;
    }
}

fn command(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(["serve", "--roles", "api"])
        .env("KAFEDRA_DATA_DIR", home)
        .env("KAFEDRA_MASTER_KEY", "0b".repeat(32))
        .env("KAFEDRA_LOG__LEVEL", "warn")
        // All requests come from one address.
        .env("KAFEDRA_HTTP__LIMITS__ADDRESS_PER_MINUTE", "1000000")
        .env("KAFEDRA_HTTP__LIMITS__ADDRESS_BURST", "1000000")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    command
}

/// A port that was free a moment ago.
fn free_address() -> Result<SocketAddr, BenchError> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
