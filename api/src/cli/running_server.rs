//! An OS process that serves: started, listening, stopped in order.

use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::AppState;
use crate::composition::{Addresses, Services};
use crate::config::Config;
use crate::http;
use crate::lifecycle;
use crate::roles::ProcessRole;
use crate::telemetry;

/// An OS process that serves: its services and its listener.
pub(super) struct RunningServer {
    pub services: Services,
    pub app: AppState,
    /// Address of the listener. The port is the assigned one if the configured port is 0.
    pub address: std::net::SocketAddr,
    listener: TcpListener,
    metrics_listener: TcpListener,
    serves_api: bool,
    grace: Duration,
}

/// Starts to log; may be called once per OS process.
pub(super) fn start_logging(config: &Config) -> anyhow::Result<()> {
    telemetry::start_logging(&config.log)?;
    Ok(())
}

impl RunningServer {
    /// Binds the address first, so that a port in use is reported before other services start.
    pub async fn start(
        config: &Config,
        addresses: Addresses<'_>,
        roles: &[ProcessRole],
        stopping: CancellationToken,
    ) -> anyhow::Result<Self> {
        let wanted = config.listen.api;
        let listener = TcpListener::bind(wanted).await.with_context(|| {
            format!("{wanted} cannot be listened on (listen.api, KAFEDRA_LISTEN__API chooses another)")
        })?;
        let address = listener.local_addr()?;
        let wanted = config.listen.metrics;
        let metrics_listener = TcpListener::bind(wanted).await.with_context(|| {
            format!(
                "{wanted} cannot be listened on (listen.metrics, KAFEDRA_LISTEN__METRICS chooses another)"
            )
        })?;
        let metrics_address = metrics_listener.local_addr()?;
        let metrics = telemetry::start_metrics()?;
        let services = Services::open(config, addresses, roles, stopping).await?;
        let app = services.app(config, metrics)?;
        let role_names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        tracing::info!(%address, metrics = %metrics_address, roles = role_names.join(","), "serving");
        Ok(Self {
            services,
            app,
            address,
            listener,
            metrics_listener,
            serves_api: roles.contains(&ProcessRole::Api),
            grace: Duration::from_millis(config.shutdown_grace_ms),
        })
    }

    /// Serves until `stopping` is cancelled, then stops all services in order.
    pub async fn run(self) -> anyhow::Result<()> {
        let routes = if self.serves_api {
            self.app.live.start();
            http::router(&self.app)
        } else {
            http::health::routes().with_state(self.app.clone())
        };
        let metrics = lifecycle::serve_metrics(self.app.clone(), self.metrics_listener);
        let serving = lifecycle::serve(self.app, routes, self.listener, self.grace);
        let (served, ()) = tokio::join!(serving, metrics);
        self.services.close().await;
        tracing::info!("stopped");
        Ok(served?)
    }
}
