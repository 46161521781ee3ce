//! `kafedra events`: prints the catalogue of all events.

use std::io::{self, Write};
use std::process::ExitCode;

use domain::catalogue_markdown;

/// Print the catalogue of all events as Markdown.
///
/// It contains every version of every event, by context and aggregate, with an example. It is generated from
/// the golden files that the tests read.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra events > EVENTS.md\n  \
    kafedra events | grep '^#'")]
pub struct EventsArguments {}

pub fn run(_: EventsArguments) -> anyhow::Result<ExitCode> {
    io::stdout().write_all(catalogue_markdown().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
