//! The binary `crm-mock`: reads its arguments, listens, and serves until Ctrl-C or TERM.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use crm_mock::{Part, Settings};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// The external CRM of the contract, in memory, with faults on demand (`POST /__faults`).
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on; port 0 chooses a free one, which the log names.
    #[arg(long, default_value = "127.0.0.1:3001")]
    listen: SocketAddr,
    /// The API key that callers must present.
    #[arg(long, env = "CRM_API_KEY", hide_env_values = true, default_value = "dev-crm-key")]
    key: String,
    /// A file with the API key; it wins over --key and CRM_API_KEY.
    #[arg(long)]
    key_file: Option<PathBuf>,
    /// The seed of ids and random numbers, so that a run repeats; the log names the one in use.
    #[arg(long)]
    seed: Option<u64>,
    /// Serve only these parts of the contract, as an older CRM does; all else is 404 with an HTML page.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().json().with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let mut settings = Settings::with_key(key(&arguments)?);
    if let Some(seed) = arguments.seed {
        settings.seed = seed;
    }
    settings.only.clone_from(&arguments.only);
    let listener = TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let address = listener.local_addr().context("the listener has no address")?;
    tracing::info!(%address, seed = settings.seed, "the CRM is at http://{address}/api");
    let mut term = signal(SignalKind::terminate()).context("cannot listen for TERM")?;
    let told_to_stop = async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = term.recv() => {}
        }
        tracing::info!("stopping");
    };
    crm_mock::serve_with(listener, settings, told_to_stop).await.context("the server failed")
}

fn key(arguments: &Arguments) -> anyhow::Result<String> {
    let Some(path) = &arguments.key_file else { return Ok(arguments.key.clone()) };
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let key = text.trim();
    anyhow::ensure!(!key.is_empty(), "{} holds no key", path.display());
    Ok(key.to_owned())
}
