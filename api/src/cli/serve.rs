//! `kafedra serve`: runs some process roles on existing servers.

use std::process::ExitCode;

use anyhow::bail;
use embedded_servers::Durability;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use super::running_server::{self, RunningServer};
use crate::composition::Addresses;
use crate::config::Config;
use crate::lifecycle::stop_on_signals;
use crate::roles::{ProcessRole, parse_role};

/// Run some process roles of an installation.
///
/// Needs DATABASE_URL and NATS_URL (or servers that `kafedra up` or `kafedra exec` runs), a migrated
/// database, and the same master key in every OS process. Any number of OS processes may run each role. All
/// of them serve the API; relay, read models and timers have one leader each, and further ones stand by.
/// Every OS process answers /health/live and /health/ready on listen.api, and /metrics on listen.metrics.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra serve --roles api\n  \
    kafedra serve --roles relay,read-models,processes\n\n\
    TERM or INT stops it in order: open requests are finished, checkpoints are written.")]
pub struct ServeArguments {
    /// Process roles: api, relay, read-models, processes.
    #[arg(long, value_delimiter = ',', required = true, value_name = "ROLE,…", value_parser = parse_role)]
    roles: Vec<ProcessRole>,
}

pub async fn run(arguments: ServeArguments, config: Config) -> anyhow::Result<ExitCode> {
    let embedded = config.embedded(Durability::Kept);
    let private = embedded_servers::ServerAddresses::read(&config.data_dir);
    let given = |url: &Option<secrecy::SecretString>| url.as_ref().map(|url| url.expose_secret().to_owned());
    let database_url = given(&embedded.database_url).or(private.as_ref().map(|p| p.database_url.clone()));
    let nats_url = given(&embedded.nats_url).or(private.map(|p| p.nats_url));
    let (Some(database_url), Some(nats_url)) = (database_url, nats_url) else {
        bail!("DATABASE_URL and NATS_URL are not set; `kafedra up` starts private servers");
    };
    let stopping = CancellationToken::new();
    stop_on_signals(stopping.clone())?;
    running_server::start_logging(&config)?;
    let addresses = Addresses { database_url: &database_url, nats_url: &nats_url };
    let running = RunningServer::start(&config, addresses, &arguments.roles, stopping).await?;
    running.run().await?;
    Ok(ExitCode::SUCCESS)
}
