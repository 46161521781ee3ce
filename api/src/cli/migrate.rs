//! `kafedra migrate`: migrates the database to the schema of this version.

use std::process::ExitCode;

use embedded_servers::{Durability, Servers};

use super::print_message;
use crate::config::Config;
use crate::startup;

/// Migrate the database to the schema of this version.
///
/// Migrations only go forward, each in a transaction and under a lock; several OS processes may run this at
/// once. `kafedra up` migrates by itself. `kafedra serve` does not start before the migration.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra migrate                                    the private server of the data directory\n  \
    DATABASE_URL=postgres://… kafedra migrate          yours")]
pub struct MigrateArguments {}

pub async fn run(_: MigrateArguments, config: Config) -> anyhow::Result<ExitCode> {
    let servers = Servers::join_or_start(&config.embedded(Durability::Kept), &print_message).await?;
    let migrated = startup::migrate_on(&servers).await;
    servers.stop().await;
    migrated?;
    print_message("the database is up to date");
    Ok(ExitCode::SUCCESS)
}
