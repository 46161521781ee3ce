//! `kafedra openapi`: prints the API document, or that of live frames.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::http::document::{build_document, build_live_document};

/// Print the API document (OpenAPI 3.1, JSON), or that of live frames (AsyncAPI 3).
///
/// A running installation serves the same documents at /api/openapi.json, with a reference page at /api/docs, and at
/// /api/asyncapi.json.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra openapi > api/openapi.json\n  \
    kafedra openapi --live > api/asyncapi.json\n  \
    kafedra openapi | jq '.paths | keys'")]
pub struct OpenapiArguments {
    /// Print the document of live frames.
    #[arg(long)]
    live: bool,
}

pub fn run(arguments: OpenapiArguments) -> anyhow::Result<ExitCode> {
    let document = if arguments.live { build_live_document() } else { build_document() };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
