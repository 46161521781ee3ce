//! `kafedra projections`: prints the status of read models, process managers and the relay.

use std::io::{self, Write};
use std::process::ExitCode;

use domain::{Position, SystemClock};
use projection_runtime::{
    HandlerKind, ProjectionStatus, RelayReport, SubscriptionState, SubscriptionStatus, load_status,
};

use super::offline_services::OfflineServices;
use super::print_json;
use crate::config::Config;

/// Show the progress of the read models, the process managers and the relay.
///
/// `lag` is in events and in seconds (the age of the oldest event that is not applied yet). A `stopped` event
/// handler has an event that it cannot apply; the last column names it. No OS process runs an `idle` one.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra projections\n  \
    kafedra projections --json | jq '.listeners[] | select(.lag_events > 1000) | .name'")]
pub struct ProjectionsArguments {
    /// Print all details as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(arguments: ProjectionsArguments, config: Config) -> anyhow::Result<ExitCode> {
    let services = OfflineServices::open(config).await?;
    let status = load_status(&services.pool, services.bus.log(), &SystemClock).await;
    services.close().await;
    let status = status?;
    match arguments.json {
        true => print_json(&status)?,
        false => io::stdout().write_all(render_table(&status).as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Renders the table; each column is as wide as its widest cell.
fn render_table(status: &ProjectionStatus) -> String {
    let titles = ["name", "kind", "state", "position", "lag", "seconds", "version", "said"];
    let mut rows = vec![titles.map(str::to_owned)];
    for relay in &status.relays {
        rows.push(relay_row(relay, status.head));
    }
    rows.extend(status.listeners.iter().map(subscription_row));
    let widths: [usize; 8] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text.push_str(&format!("\nhead {}\n", status.head));
    text
}

fn relay_row(relay: &RelayReport, head: Position) -> [String; 8] {
    [
        relay.stream.clone(),
        "relay".to_owned(),
        relay.state.as_str().to_owned(),
        relay.position.to_string(),
        head.since(relay.position).to_string(),
        String::new(),
        String::new(),
        relay.detail.clone().unwrap_or_default(),
    ]
}

fn subscription_row(listener: &SubscriptionStatus) -> [String; 8] {
    let kind = match listener.kind {
        HandlerKind::ReadModel => "read model",
        HandlerKind::ProcessManager => "process",
    };
    let state = match listener.state {
        SubscriptionState::Running => "running",
        SubscriptionState::Idle => "idle",
        SubscriptionState::Stopped => "stopped",
        SubscriptionState::Rebuilding => "rebuilding",
    };
    let detail = match (&listener.error, &listener.rebuild) {
        (Some(error), _) => format!("at {}: {}", error.position, error.error),
        (None, Some(rebuild)) if rebuild.state == "running" => {
            let waits = rebuild.error.as_ref().map(|readers| format!(", {readers}")).unwrap_or_default();
            format!("rebuilt up to {} of {}{waits}", rebuild.position, rebuild.head)
        }
        (None, _) => String::new(),
    };
    [
        listener.name.clone(),
        kind.to_owned(),
        state.to_owned(),
        listener.position.to_string(),
        listener.lag_events.to_string(),
        format!("{:.1}", listener.lag_seconds),
        listener.version.to_string(),
        detail,
    ]
}
