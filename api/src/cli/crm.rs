//! `kafedra crm`: compares the external CRM with the log and requests deliveries.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use crm_sync::CrmIntegration;
use domain::{Clock, SystemClock};

use super::offline_services::OfflineServices;
use super::{cli_context, print_json, print_message};
use crate::composition;
use crate::config::Config;

/// Compare with the external CRM, and deliver missing records.
///
/// This command sends nothing itself: it records the requests in the log, and the running installation
/// delivers them in order. It reads the CRM completely first, and requests nothing if that fails.
#[derive(Debug, clap::Args)]
pub struct CrmArguments {
    #[command(subcommand)]
    command: CrmCommand,
}

#[derive(Debug, clap::Subcommand)]
enum CrmCommand {
    Sync(SyncCommand),
    Reconcile(ReconcileCommand),
}

/// Request the delivery of every record that the CRM does not have.
///
/// For a CRM that is new or was emptied. Prints the numbers of existing and of requested records.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra crm sync --dry-run\n  \
    kafedra crm sync | jq .requested_users")]
struct SyncCommand {
    /// Only print what would be requested.
    #[arg(long)]
    dry_run: bool,
}

/// Compare every user and welcome ticket with the CRM, field by field.
///
/// Drift is recorded in the log and printed. Exit status 1 if any drift is not healed.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra crm reconcile\n  \
    kafedra crm reconcile --heal --dry-run\n  \
    kafedra crm reconcile --heal")]
struct ReconcileCommand {
    /// Request deliveries that correct the drift.
    #[arg(long)]
    heal: bool,
    /// Record nothing, request nothing.
    #[arg(long)]
    dry_run: bool,
}

pub async fn run(arguments: CrmArguments, config: Config) -> anyhow::Result<ExitCode> {
    let services = OfflineServices::open(config).await?;
    let answer = run_command(&services, arguments.command).await;
    services.close().await;
    answer
}

async fn run_command(services: &OfflineServices, command: CrmCommand) -> anyhow::Result<ExitCode> {
    let crm = require_integration(services)?;
    match command {
        CrmCommand::Sync(SyncCommand { dry_run }) => {
            print_json(&crm.sync_all(dry_run, &cli_context()).await?)?;
            Ok(ExitCode::SUCCESS)
        }
        CrmCommand::Reconcile(ReconcileCommand { heal, dry_run }) => {
            let report = crm.reconcile(heal, dry_run, &cli_context()).await?;
            print_json(&report)?;
            let drifts = report.missing + report.duplicated + report.differing;
            match (drifts, heal && !dry_run) {
                (0, _) => Ok(ExitCode::SUCCESS),
                (_, true) => {
                    print_message(&format!("{drifts} drifts; the deliveries that heal them are requested"));
                    Ok(ExitCode::SUCCESS)
                }
                (_, false) => {
                    print_message(&format!("{drifts} drifts; --heal corrects them"));
                    Ok(ExitCode::FAILURE)
                }
            }
        }
    }
}

fn require_integration(services: &OfflineServices) -> anyhow::Result<Arc<CrmIntegration>> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    composition::crm_integration(&services.config, &services.pool, &services.bus, &clock)?
        .context("no CRM is configured: crm.url and crm.key (CRM_API_KEY) set its address and key")
}
