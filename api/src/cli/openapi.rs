//! `kafedra openapi`: prints the API document.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::http::document::build_document;

/// Print the API document (OpenAPI 3.1, JSON).
///
/// A running installation serves the same document at /api/openapi.json, with a reference page at /api/docs.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra openapi > api/openapi.json\n  \
    kafedra openapi | jq '.paths | keys'")]
pub struct OpenapiArguments {}

pub fn run(_: OpenapiArguments) -> anyhow::Result<ExitCode> {
    let mut text = serde_json::to_string_pretty(&build_document())?;
    text.push('\n');
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
