//! `kafedra bench`: figures beside those of a peer, from one run.

use std::io::{self, Write};
use std::process::ExitCode;

use ::bench::{Line, Options, Target, names};
use clap::builder::PossibleValuesParser;
use clap::value_parser;

use super::{print_json, say};
use crate::config::Config;
use crate::embedded::{Durability, Servers};

/// Measure, beside a peer that does the same in the same run.
///
/// Everything happens in databases of its own on the configured servers, or on private ones; nothing
/// else is touched. Prints name, figure, ratio, peer and goal of each line; nothing is judged. Figures of
/// a debug build mean nothing.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra bench append\n  \
    kafedra bench all --json | jq '.[] | {name, figure, ratio}'\n  \
    kafedra exec --throwaway -- kafedra bench append --rounds 3")]
pub struct Arguments {
    /// What to measure.
    #[arg(value_parser = PossibleValuesParser::new(with_all()))]
    name: String,
    /// The lines as a JSON array.
    #[arg(long)]
    json: bool,
    /// Interleaved rounds, of which the median counts.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = value_parser!(u8).range(1..=50))]
    rounds: u8,
    /// Length of the log where a bench needs a long one; without it, each bench's own.
    #[arg(long, value_name = "N")]
    events: Option<usize>,
}

pub async fn run(arguments: Arguments, config: Config) -> anyhow::Result<ExitCode> {
    if cfg!(debug_assertions) {
        say("this is a debug build: its figures mean nothing");
    }
    let servers = Servers::join_or_start(&config.embedded(Durability::Kept), &say).await?;
    let measured = measure(&arguments, &servers).await;
    servers.stop().await;
    let lines = measured?;
    if arguments.json {
        print_json(&lines)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Each bench after the other; lines for people are printed as soon as they are known.
async fn measure(arguments: &Arguments, servers: &Servers) -> anyhow::Result<Vec<Line>> {
    let chosen: Vec<&str> = match arguments.name.as_str() {
        "all" => names().to_vec(),
        name => vec![name],
    };
    let mut all = Vec::new();
    for name in chosen {
        say(&format!("measuring {name}, {} rounds …", arguments.rounds));
        let target = Target {
            database_url: servers.database_url.clone(),
            nats_url: Some(servers.nats_url.clone()),
            program: std::env::current_exe().ok(),
        };
        let options = Options { rounds: usize::from(arguments.rounds), events: arguments.events };
        for line in ::bench::run(name, target, options).await? {
            if !arguments.json {
                writeln!(io::stdout(), "{line}")?;
            }
            all.push(line);
        }
    }
    Ok(all)
}

fn with_all() -> Vec<&'static str> {
    names().iter().copied().chain(["all"]).collect()
}
