//! Lower bound of the disk: one-row INSERTs of the same size, without a load or a decision.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Executor, PgConnection};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::error::BenchError;
use crate::rounds::rate_for;

const TABLE: &str = "create table stock.floor (like stock.events including all)";

/// `pgbench` if it is installed, otherwise the same statement in a loop.
pub(crate) struct Floor {
    database: PgConnectOptions,
    insert: String,
    pgbench: Option<PathBuf>,
}

impl Floor {
    pub async fn prepare(
        database: &PgConnectOptions,
        connection: &mut PgConnection,
    ) -> Result<Self, BenchError> {
        connection.execute(TABLE).await?;
        // A row of the stock side as a statement without parameters; pgbench reads `:1` as a parameter.
        let insert = sqlx::query_scalar(
            "select format('insert into stock.floor values (%L, gen_random_uuid()::text, 1, %L, %L, %L, %L)',
               aggregate_type, event_type, event_version, replace(payload::text, ':', ': '),
               replace(metadata::text, ':', ': '))
             from stock.events
             limit 1",
        )
        .fetch_one(connection)
        .await?;
        Ok(Self { database: database.clone(), insert, pgbench: pgbench() })
    }

    pub fn name(&self) -> &'static str {
        match self.pgbench {
            Some(_) => "pgbench one-row INSERT",
            None => "one-row INSERT in a loop",
        }
    }

    /// Rows per second.
    pub async fn rate(&self, clients: usize, time: Duration) -> Result<f64, BenchError> {
        match &self.pgbench {
            Some(program) => self.with_pgbench(program, clients, time).await,
            None => self.with_loop(clients, time).await,
        }
    }

    async fn with_pgbench(&self, program: &Path, clients: usize, time: Duration) -> Result<f64, BenchError> {
        let mut child = Command::new(program)
            .args(["--no-vacuum", "--protocol=prepared", "--file=-"])
            .arg(format!("--jobs={}", clients.min(2)))
            .arg(format!("--client={clients}"))
            .arg(format!("--time={}", time.as_secs()))
            .arg(self.url())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut script = child.stdin.take().expect("stdin is piped");
        script.write_all(self.insert.as_bytes()).await?;
        drop(script);
        let output = child.wait_with_output().await?;
        let text = String::from_utf8_lossy(&output.stdout);
        text.lines()
            .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
            .ok_or_else(|| BenchError::Peer(String::from_utf8_lossy(&output.stderr).into_owned()))
    }

    /// The address without the parameters that only sqlx knows.
    fn url(&self) -> String {
        let url = self.database.to_url_lossy();
        let (address, query) = url.as_str().split_once('?').unwrap_or((url.as_str(), ""));
        let known: Vec<&str> =
            query.split('&').filter(|parameter| !parameter.starts_with("statement-cache")).collect();
        format!("{address}?{}", known.join("&"))
    }

    async fn with_loop(&self, clients: usize, time: Duration) -> Result<f64, BenchError> {
        let connections = u32::try_from(clients).expect("at most 64");
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .min_connections(connections)
            .connect_with(self.database.clone())
            .await?;
        let (used, insert) = (pool.clone(), self.insert.clone());
        let rate = rate_for(clients, time, move || {
            let (pool, insert) = (used.clone(), insert.clone());
            async move {
                sqlx::query(&insert).execute(&pool).await?;
                Ok(1)
            }
        })
        .await;
        pool.close().await;
        rate
    }
}

/// Path of pgbench: beside the server's binaries (Debian keeps it off the path), or on the path.
fn pgbench() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        debian.map(|version| version.path().join("bin/pgbench")).filter(|path| path.is_file()).collect();
    found.sort();
    found.pop().or_else(|| {
        let on_path = std::process::Command::new("pgbench").arg("--version").output();
        on_path.is_ok().then(|| PathBuf::from("pgbench"))
    })
}
