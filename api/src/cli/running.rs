//! A process of the school that serves: opened, listening, ended in order.

use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::Shared;
use crate::composition::{Addresses, School};
use crate::config::Config;
use crate::http;
use crate::lifecycle;
use crate::roles::Part;
use crate::telemetry;

/// What is open and listens.
pub(super) struct Running {
    pub school: School,
    pub app: Shared,
    /// Where it answers; the port is the real one when the configured one is 0.
    pub address: std::net::SocketAddr,
    listener: TcpListener,
    answers_api: bool,
    grace: Duration,
}

/// Begins to log, once in a process.
pub(super) fn logs(config: &Config) -> anyhow::Result<()> {
    telemetry::begin_logs(&config.log)?;
    Ok(())
}

impl Running {
    /// Takes the address first: a port that is taken is told before anything else is begun.
    pub async fn start(
        config: &Config,
        addresses: Addresses<'_>,
        parts: &[Part],
        stopping: CancellationToken,
    ) -> anyhow::Result<Self> {
        let wanted = config.listen.api;
        let listener = TcpListener::bind(wanted).await.with_context(|| {
            format!("{wanted} can not be listened on (listen.api, KAFEDRA_LISTEN__API chooses another)")
        })?;
        let address = listener.local_addr()?;
        let metrics = telemetry::begin_metrics()?;
        let school = School::open(config, addresses, parts, stopping).await?;
        let app = school.app(config, metrics)?;
        let roles: Vec<&str> = parts.iter().map(|part| part.as_str()).collect();
        tracing::info!(%address, roles = roles.join(","), "serving");
        Ok(Self {
            school,
            app,
            address,
            listener,
            answers_api: parts.contains(&Part::Api),
            grace: Duration::from_millis(config.shutdown_grace_ms),
        })
    }

    /// Serves until the process is told to stop; then ends everything in order.
    pub async fn until_stopped(self) -> anyhow::Result<()> {
        let routes = if self.answers_api {
            self.app.live.start();
            http::router(&self.app)
        } else {
            http::health::routes().with_state(self.app.clone())
        };
        let served = lifecycle::serve(self.app, routes, self.listener, self.grace).await;
        self.school.close().await;
        tracing::info!("stopped");
        Ok(served?)
    }
}
