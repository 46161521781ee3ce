//! `kafedra config`: prints the effective settings.

use std::io::{self, Write};
use std::process::ExitCode;

use embedded_servers::ServerAddresses;

use crate::config::{Config, ConfigError, DEFAULTS};

/// Print the effective configuration as TOML.
///
/// Layers: defaults, then ./kafedra.toml (or --config FILE), then the environment. While `kafedra up` or
/// `kafedra exec` runs private servers on the data directory, their addresses are shown as
/// postgres.url and nats.url.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra config                          the effective settings, secrets as [redacted]\n  \
    kafedra config --secrets                the same with passwords and keys\n  \
    kafedra config --defaults               every setting with its meaning\n  \
    KAFEDRA_LOG__FORMAT=text kafedra config the environment wins over the file")]
pub struct ConfigArguments {
    /// Show passwords and keys.
    #[arg(long)]
    secrets: bool,
    /// Print the commented file of defaults instead.
    #[arg(long, conflicts_with = "secrets")]
    defaults: bool,
}

pub fn run(
    arguments: ConfigArguments,
    load: impl Fn() -> Result<Config, ConfigError>,
) -> anyhow::Result<ExitCode> {
    let text = match arguments.defaults {
        true => DEFAULTS.to_owned(),
        false => with_running_servers(load()?).to_toml(arguments.secrets),
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn with_running_servers(mut config: Config) -> Config {
    if let Some(running) = ServerAddresses::read(&config.data_dir) {
        config.postgres.url.get_or_insert(running.database_url.into());
        config.nats.url.get_or_insert(running.nats_url.into());
    }
    config
}
