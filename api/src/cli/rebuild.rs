//! `kafedra rebuild`: rebuilds read models from the log beside the live tables.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::ensure;
use projection_runtime::{OnProgress, ReadModel, RebuildProgress, RebuildResult, rebuild_all, switch_back};
use serde::Serialize;

use super::models::find_model;
use super::offline_services::OfflineServices;
use super::progress::ProgressReporter;
use super::{print_json, print_message};
use crate::composition::read_models;
use crate::config::Config;

/// Rebuild a read model from the log beside the live tables, and switch.
///
/// Queries read the old tables until the new ones are complete; the old ones are then kept as the previous
/// tables. An interrupted rebuild changes nothing. With `all`, each event is read once for all read models,
/// and a read model that fails does not stop the others.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra rebuild directory\n  \
    kafedra rebuild all\n  \
    kafedra rebuild directory --switch-back    switch to the previous tables, brought up to date")]
pub struct RebuildArguments {
    /// The name of a read model, or `all`; `kafedra projections` lists them.
    model: String,
    /// Switch back to the previous tables instead.
    #[arg(long)]
    switch_back: bool,
}

#[derive(Serialize)]
struct RebuildOutput {
    model: &'static str,
    #[serde(flatten)]
    rebuilt: RebuildResult,
}

pub async fn run(arguments: RebuildArguments, config: Config) -> anyhow::Result<ExitCode> {
    let models = match arguments.model.as_str() {
        "all" => read_models(&config),
        name => match find_model(&config, name) {
            Some(model) => vec![model],
            None => return Ok(ExitCode::from(2)),
        },
    };
    let services = OfflineServices::open(config).await?;
    let answer = match arguments.switch_back {
        true => switch_each_back(&services, models).await,
        false => rebuild_each(&services, models).await,
    };
    services.close().await;
    print_json(&answer?)?;
    Ok(ExitCode::SUCCESS)
}

/// Rebuilds all models at once from one pass over the log.
async fn rebuild_each(
    services: &OfflineServices,
    models: Vec<Arc<dyn ReadModel>>,
) -> anyhow::Result<Vec<RebuildOutput>> {
    let log = Arc::new(services.bus.log().clone());
    let (progress, on_progress) = progress_reporter();
    let ended = rebuild_all(&services.pool, log, models, on_progress).await;
    progress.finish();
    let mut outputs = Vec::with_capacity(ended.len());
    let mut failed = Vec::new();
    for (model, ended) in ended {
        match ended {
            Ok(rebuilt) => outputs.push(report_rebuilt(model, rebuilt)),
            Err(error) => failed.push(format!("{model}: {:#}", anyhow::Error::from(error))),
        }
    }
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(outputs)
}

async fn switch_each_back(
    services: &OfflineServices,
    models: Vec<Arc<dyn ReadModel>>,
) -> anyhow::Result<Vec<RebuildOutput>> {
    let mut outputs = Vec::with_capacity(models.len());
    for model in models {
        let name = model.name();
        let log = Arc::new(services.bus.log().clone());
        let (progress, on_progress) = progress_reporter();
        let rebuilt = switch_back(&services.pool, log, model, on_progress).await;
        progress.finish();
        outputs.push(report_rebuilt(name, rebuilt?));
    }
    Ok(outputs)
}

fn progress_reporter() -> (Arc<ProgressReporter>, OnProgress) {
    let progress = Arc::new(ProgressReporter::new(0, "events"));
    let reporter = Arc::clone(&progress);
    (progress, Box::new(move |at: RebuildProgress| reporter.set_position(at.position.0, at.head.0)))
}

fn report_rebuilt(model: &'static str, rebuilt: RebuildResult) -> RebuildOutput {
    print_message(&format!("{model} is at position {}", rebuilt.position));
    RebuildOutput { model, rebuilt }
}
