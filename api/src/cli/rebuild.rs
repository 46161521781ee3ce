//! `kafedra rebuild`: read models anew from the log, beside the old ones.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::ensure;
use projection_runtime::{OnProgress, ReadModel, RebuildProgress, RebuildResult, rebuild_all, switch_back};
use projections::read_models;
use serde::Serialize;

use super::models::find_model;
use super::progress::Progress;
use super::tool::Tool;
use super::{print_json, say};
use crate::config::Config;

/// Build a read model anew from the log, beside the live tables, and switch.
///
/// Readers notice nothing: the old tables answer until the new ones are complete, and are then kept as
/// the previous ones. A rebuild that is cut off leaves everything as it was. Of `all`, each event is read once and
/// given to all read models; one that fails stops none of the others.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra rebuild directory\n  \
    kafedra rebuild all\n  \
    kafedra rebuild directory --switch-back    the previous tables again, brought up to date")]
pub struct Arguments {
    /// The name of a read model, or `all`; `kafedra projections` lists them.
    model: String,
    /// Put the previous tables back instead.
    #[arg(long)]
    switch_back: bool,
}

#[derive(Serialize)]
struct Answer {
    model: &'static str,
    #[serde(flatten)]
    rebuilt: RebuildResult,
}

pub async fn run(arguments: Arguments, config: Config) -> anyhow::Result<ExitCode> {
    let models = match arguments.model.as_str() {
        "all" => read_models(),
        name => match find_model(name) {
            Some(model) => vec![model],
            None => return Ok(ExitCode::from(2)),
        },
    };
    let tool = Tool::open(config).await?;
    let answer = match arguments.switch_back {
        true => switch_each_back(&tool, models).await,
        false => rebuild_each(&tool, models).await,
    };
    tool.close().await;
    print_json(&answer?)?;
    Ok(ExitCode::SUCCESS)
}

/// All at once, from one reading of the log.
async fn rebuild_each(tool: &Tool, models: Vec<Arc<dyn ReadModel>>) -> anyhow::Result<Vec<Answer>> {
    let log = Arc::new(tool.bus.log().clone());
    let (progress, show) = shown();
    let ended = rebuild_all(&tool.pool, log, models, show).await;
    progress.end();
    let mut answers = Vec::with_capacity(ended.len());
    let mut failed = Vec::new();
    for (model, ended) in ended {
        match ended {
            Ok(rebuilt) => answers.push(done(model, rebuilt)),
            Err(error) => failed.push(format!("{model}: {:#}", anyhow::Error::from(error))),
        }
    }
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(answers)
}

async fn switch_each_back(tool: &Tool, models: Vec<Arc<dyn ReadModel>>) -> anyhow::Result<Vec<Answer>> {
    let mut answers = Vec::with_capacity(models.len());
    for model in models {
        let name = model.name();
        let log = Arc::new(tool.bus.log().clone());
        let (progress, show) = shown();
        let rebuilt = switch_back(&tool.pool, log, model, show).await;
        progress.end();
        answers.push(done(name, rebuilt?));
    }
    Ok(answers)
}

fn shown() -> (Arc<Progress>, OnProgress) {
    let progress = Arc::new(Progress::of(0, "events"));
    let shown = Arc::clone(&progress);
    (progress, Box::new(move |at: RebuildProgress| shown.at(at.position, at.head)))
}

fn done(model: &'static str, rebuilt: RebuildResult) -> Answer {
    say(&format!("{model} stands at position {}", rebuilt.position));
    Answer { model, rebuilt }
}
