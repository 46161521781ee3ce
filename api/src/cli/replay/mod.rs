//! `kafedra replay`: compares the served state with the state that follows from the log.

mod compare;
mod stream;

use std::process::ExitCode;
use std::sync::Arc;

use domain::{Position, StreamId};
use projection_runtime::ReadModel;

use super::models::find_model;
use super::offline_services::OfflineServices;
use super::progress::ProgressReporter;
use super::{print_json, print_message};
use crate::config::Config;

/// Compute a state from the log alone and compare it with the served state.
///
/// For a stream, all events are applied from the first, without snapshots. The result is compared with the
/// state on which commands are decided (snapshot and cache). A read model is rebuilt beside its live tables
/// and compared row by row at their position.
///
/// Prints the computed state and every difference. Exit status 1 if there is any.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra replay --stream Account/0198c0de-0000-7000-8000-000000000001\n  \
    kafedra replay --stream Account/0198c0de-0000-7000-8000-000000000001 --to 5200 | jq .state\n  \
    kafedra replay --model directory && echo sound")]
pub struct ReplayArguments {
    #[command(flatten)]
    target: ReplayTarget,
    /// Apply only the events up to this position of the log. For a read model: fail if it has not reached this
    /// position.
    #[arg(long, value_name = "P")]
    to: Option<Position>,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct ReplayTarget {
    /// The stream of one aggregate: any type of `kafedra events`, and the id.
    #[arg(long, value_name = "TYPE/ID")]
    stream: Option<StreamId>,
    /// A read model; `kafedra projections` lists them.
    #[arg(long)]
    model: Option<String>,
}

pub async fn run(arguments: ReplayArguments, config: Config) -> anyhow::Result<ExitCode> {
    let ReplayArguments { target, to } = arguments;
    let model = match &target.model {
        Some(name) => match find_model(&config, name) {
            Some(model) => Some(model),
            None => return Ok(ExitCode::from(2)),
        },
        None => None,
    };
    let services = OfflineServices::open(config).await?;
    let is_same = match (&target.stream, model) {
        (Some(stream), _) => replay_stream(&services, stream, to).await,
        (None, Some(model)) => replay_model(&services, model, to).await,
        (None, None) => Ok(true),
    };
    services.close().await;
    Ok(if is_same? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn replay_stream(
    services: &OfflineServices,
    stream: &StreamId,
    to: Option<Position>,
) -> anyhow::Result<bool> {
    let replayed = stream::replay_stream(&services.bus, stream, to).await?;
    print_json(&replayed)?;
    match (&replayed.served_version, replayed.differences.len()) {
        (None, _) => print_message("nothing is compared: the stream has later events"),
        (Some(_), 0) => print_message("the served state matches the log"),
        (Some(_), count) => print_message(&format!("{count} differences")),
    }
    Ok(replayed.differences.is_empty())
}

async fn replay_model(
    services: &OfflineServices,
    model: Arc<dyn ReadModel>,
    to: Option<Position>,
) -> anyhow::Result<bool> {
    let progress = Arc::new(ProgressReporter::new(0, "events"));
    let reporter = Arc::clone(&progress);
    let log = Arc::new(services.bus.log().clone());
    let on_progress = Box::new(move |at: projection_runtime::RebuildProgress| {
        reporter.set_position(at.position.0, at.head.0)
    });
    let differences = projection_runtime::compare(&services.pool, log, model, on_progress).await;
    progress.finish();
    let differences = differences?;
    print_json(&differences)?;
    let position = differences.position;
    if let Some(to) = to {
        anyhow::ensure!(position >= to, "the read model is at {position}, not yet at {to}");
    }
    match differences.is_none() {
        true => print_message(&format!("{} rows match the log at position {position}", differences.rows)),
        false => print_message(&format!("{} tables differ at position {position}", differences.tables.len())),
    }
    Ok(differences.is_none())
}
