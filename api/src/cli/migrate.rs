//! `kafedra migrate`: the database brought to the present schema.

use std::process::ExitCode;

use embedded_servers::{Durability, Servers};

use super::print_message;
use crate::composition;
use crate::config::Config;

/// Bring the database to the schema of this version.
///
/// Forward only, each migration in a transaction, under a lock: several processes may be asked at once.
/// `kafedra up` does this by itself; `kafedra serve` refuses to start before it is done.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra migrate                                    the private server of the data directory\n  \
    DATABASE_URL=postgres://… kafedra migrate          yours")]
pub struct MigrateArguments {}

pub async fn run(_: MigrateArguments, config: Config) -> anyhow::Result<ExitCode> {
    let servers = Servers::join_or_start(&config.embedded(Durability::Kept), &print_message).await?;
    let migrated = composition::migrate(&servers.database_url).await;
    servers.stop().await;
    migrated?;
    print_message("the database is up to date");
    Ok(ExitCode::SUCCESS)
}
