//! The program `signaling`: the video service alone.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use domain::{RandomIds, SystemClock};
use signaling::cluster::{Alone, Cluster, NatsCluster, NatsSettings, Placement};
use signaling::config::Config;
use signaling::server::{Node, NodeParts};
use signaling::token::TokenKey;
use signaling::turn::TurnConfig;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Video lessons: WebSocket signaling and forwarding of media.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Name of this node, unique in the installation.
    #[arg(long, env = "KAFEDRA_RTC_NODE", default_value = "rtc-1")]
    node: String,
    /// TCP address of the WebSocket.
    #[arg(long, env = "KAFEDRA_RTC_LISTEN", default_value = "127.0.0.1:3002")]
    listen: SocketAddr,
    /// UDP address of all media; a concrete address.
    #[arg(long, env = "KAFEDRA_RTC_MEDIA", default_value = "127.0.0.1:3002")]
    media: SocketAddr,
    /// Address that clients reach the media port at, if it differs (NAT); may be given several times.
    #[arg(long, env = "KAFEDRA_RTC_ANNOUNCE", value_delimiter = ',')]
    announce: Vec<SocketAddr>,
    /// WebSocket address of this node as clients see it.
    #[arg(long, env = "KAFEDRA_RTC_URL")]
    url: Option<String>,
    /// File with the installation's token key, at least 32 bytes.
    #[arg(long, env = "KAFEDRA_RTC_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// NATS server; without one this node is alone.
    #[arg(long, env = "NATS_URL")]
    nats: Option<String>,
    /// First part of subjects and stream names.
    #[arg(long, env = "KAFEDRA_RTC_PREFIX", default_value = "kafedra")]
    prefix: String,
    /// Origin of pages that may connect; may be given several times.
    #[arg(long, env = "KAFEDRA_RTC_ORIGINS", value_delimiter = ',')]
    origin: Vec<String>,
    /// TURN server, for example `turn:turn.example.org:3478`; may be given several times.
    #[arg(long, env = "KAFEDRA_RTC_TURN_URLS", value_delimiter = ',')]
    turn_url: Vec<String>,
    /// Secret shared with the TURN server.
    #[arg(long, env = "KAFEDRA_RTC_TURN_SECRET", default_value = "", hide_env_values = true)]
    turn_secret: String,
    /// Serves the page at `/` and hands out tokens to anybody.
    #[arg(long, env = "KAFEDRA_RTC_DEV")]
    dev: bool,
    /// Tasks that forward media.
    #[arg(long, env = "KAFEDRA_RTC_WORKERS")]
    workers: Option<usize>,
    /// Seconds that media goes on after SIGTERM.
    #[arg(long, env = "KAFEDRA_RTC_DRAIN_SECONDS", default_value_t = 20)]
    drain_seconds: u64,
}

impl Arguments {
    fn config(&self) -> Config {
        Config {
            node: self.node.clone(),
            url: self.url.clone().unwrap_or_else(|| format!("ws://{}/rtc", self.listen)),
            listen: self.listen,
            media: self.media,
            announce: self.announce.clone(),
            origins: self.origin.clone(),
            turn: TurnConfig { urls: self.turn_url.clone(), secret: self.turn_secret.clone() },
            dev: self.dev,
            workers: self.workers.unwrap_or_else(|| Config::local("").workers),
            drain: Duration::from_secs(self.drain_seconds),
            ..Config::local(&self.node)
        }
    }

    fn key(&self) -> anyhow::Result<TokenKey> {
        let secret = match &self.key_file {
            Some(file) => {
                std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?
            }
            None if self.dev => b"a key for development, known to all".to_vec(),
            None => anyhow::bail!("--key-file is missing (only --dev goes without)"),
        };
        TokenKey::try_new(secret).context("the token key has fewer than 32 bytes")
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,rtc=error".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let (config, key) = (arguments.config(), arguments.key()?);
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let me = Placement { node: config.node.clone(), url: config.url.clone() };
    let cluster: Arc<dyn Cluster> = match &arguments.nats {
        None => Arc::new(Alone::new(me)),
        Some(url) => {
            let settings =
                NatsSettings { url: url.clone(), prefix: arguments.prefix.clone(), in_memory: false };
            NatsCluster::connect(&settings, me, &tasks, &stop).await?
        }
    };
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("{} cannot be bound", config.listen))?;
    let parts = NodeParts { config, key, cluster, clock: Arc::new(SystemClock), ids: Arc::new(RandomIds) };
    let handle = Node::start(parts, listener).await.context("the media port cannot be bound")?;
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    tracing::info!("draining");
    handle.drain().await;
    stop.cancel();
    tasks.close();
    tasks.wait().await;
    Ok(())
}
