//! `kafedra tasks`: lists the tasks of the process managers, and retries abandoned ones.

use std::process::ExitCode;

use domain::SystemClock;
use projection_runtime::{TaskFilter, TaskState, list_tasks, retry_abandoned};

use super::offline_services::OfflineServices;
use super::{print_json, print_message};
use crate::config::Config;

/// Number of tasks that are retried at once.
const PAGE_TASKS: u32 = 1_000;

/// List tasks, newest first, or retry the abandoned ones.
///
/// A task is abandoned after its last attempt or if it cannot succeed; `last_error` names the reason. Deliveries to
/// the external CRM have their own list and retry (`GET /admin/crm/deliveries`).
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra tasks | jq '.[] | {kind, last_error}'\n  \
    kafedra tasks --state waiting --kind mail\n  \
    kafedra tasks --retry --kind mail")]
pub struct TasksArguments {
    /// State: abandoned, waiting, running or done.
    #[arg(long, default_value = "abandoned", value_parser = parse_state)]
    state: TaskState,
    /// Only tasks of this kind; `kafedra projections --json` lists the kinds.
    #[arg(long)]
    kind: Option<String>,
    /// Maximum number of tasks.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Retry all abandoned tasks of the kind, or of all kinds, instead of listing them.
    #[arg(long, conflicts_with_all = ["state", "limit"])]
    retry: bool,
}

fn parse_state(text: &str) -> Result<TaskState, String> {
    let known = || TaskState::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(", ");
    TaskState::parse(text).ok_or_else(|| format!("one of: {}", known()))
}

pub async fn run(arguments: TasksArguments, config: Config) -> anyhow::Result<ExitCode> {
    let services = OfflineServices::open(config).await?;
    let result = list_or_retry(&arguments, &services).await;
    services.close().await;
    result?;
    Ok(ExitCode::SUCCESS)
}

async fn list_or_retry(arguments: &TasksArguments, services: &OfflineServices) -> anyhow::Result<()> {
    let filter = TaskFilter {
        kind: arguments.kind.clone(),
        state: Some(arguments.state),
        limit: arguments.limit,
        ..TaskFilter::default()
    };
    if !arguments.retry {
        return print_json(&list_tasks(&services.pool, &filter).await?);
    }
    let mut retried = Vec::new();
    let mut before = None;
    loop {
        let filter =
            TaskFilter { state: Some(TaskState::Abandoned), before, limit: PAGE_TASKS, ..filter.clone() };
        let page = list_tasks(&services.pool, &filter).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.ordinal);
        let ids: Vec<_> = page.iter().map(|task| task.id).collect();
        retried.extend(retry_abandoned(&services.pool, &SystemClock, &ids).await?);
    }
    print_message(&format!("{} tasks are retried", retried.len()));
    print_json(&retried)
}
