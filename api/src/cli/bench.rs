//! `kafedra bench`: measures Kafedra and a peer in the same run.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use ::bench::{Options, ResultLine, Target, Up, events_in_all, names, teachers_plans};
use anyhow::bail;
use clap::builder::PossibleValuesParser;
use clap::value_parser;
use embedded_servers::{Durability, Servers};

use super::progress::ProgressReporter;
use super::{print_json, print_message};
use crate::config::Config;

/// Measure, together with a peer that does the same in the same run.
///
/// Uses new databases on the configured servers, or on private ones (`memory`: a new installation in a
/// temporary folder), and changes nothing else. Prints name, figure, ratio, peer and goal of each line, and
/// evaluates nothing. Figures of a debug build are meaningless.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra bench append\n  \
    kafedra bench all --json | jq '.[] | {name, figure, ratio}'\n  \
    kafedra exec --throwaway -- kafedra bench append --rounds 3")]
pub struct BenchArguments {
    /// Name of the bench, or `all`.
    #[arg(value_parser = PossibleValuesParser::new(bench_names()))]
    name: String,
    /// Print the lines as a JSON array.
    #[arg(long)]
    json: bool,
    /// For `teachers` only: print the query plan of each kind of question, and measure nothing.
    #[arg(long)]
    explain: bool,
    /// Number of interleaved rounds; the median counts.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = value_parser!(u8).range(1..=50))]
    rounds: u8,
    /// Length of the log, for benches that need a long one. Default: set by each bench.
    #[arg(long, value_name = "N")]
    events: Option<usize>,
}

pub async fn run(arguments: BenchArguments, config: Config) -> anyhow::Result<ExitCode> {
    if arguments.explain && arguments.name != "teachers" {
        bail!("only `teachers` can be explained");
    }
    if cfg!(debug_assertions) {
        print_message("this is a debug build: its figures are meaningless");
    }
    let servers = Servers::join_or_start(&config.embedded(Durability::Kept), &print_message).await?;
    if arguments.explain {
        let plans = teachers_plans(&target(&config, &servers)?).await;
        servers.stop().await;
        write!(io::stdout(), "{}", plans?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let measured = measure(&arguments, &config, &servers).await;
    servers.stop().await;
    let lines = measured?;
    if arguments.json {
        print_json(&lines)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs the benches one after the other. Lines for people are printed as soon as they are complete.
async fn measure(
    arguments: &BenchArguments,
    config: &Config,
    servers: &Servers,
) -> anyhow::Result<Vec<ResultLine>> {
    let chosen: Vec<&str> = match arguments.name.as_str() {
        "all" => names().to_vec(),
        name => vec![name],
    };
    let mut all = Vec::new();
    for name in chosen {
        print_message(&format!("measuring {name}, {} rounds …", arguments.rounds));
        let default_events = if arguments.name == "all" { events_in_all(name) } else { None };
        let options =
            Options { rounds: usize::from(arguments.rounds), events: arguments.events.or(default_events) };
        for line in ::bench::run(name, target(config, servers)?, options).await? {
            if !arguments.json {
                writeln!(io::stdout(), "{line}")?;
            }
            all.push(line);
        }
    }
    Ok(all)
}

/// Returns the servers and the path of this program.
fn target(config: &Config, servers: &Servers) -> anyhow::Result<Target> {
    let (database_url, nats_url) = (servers.database_url.clone(), Some(servers.nats_url.clone()));
    Ok(Target { database_url, nats_url, up: Some(bench_program(config)?), progress: progress() })
}

/// Shows a progress bar for each piece of work, and removes it at the end.
fn progress() -> ::bench::Progress {
    let reporter: Mutex<Option<ProgressReporter>> = Mutex::new(None);
    ::bench::Progress(Arc::new(move |what, done, total| {
        let mut reporter = reporter.lock().expect("no holder of this lock panics");
        reporter.get_or_insert_with(|| ProgressReporter::new(total, what)).set_position(done, total);
        if done == total {
            reporter.take().inspect(ProgressReporter::finish);
        }
    }))
}

/// Returns this program with the environment by which it finds the programs of private servers.
fn bench_program(config: &Config) -> anyhow::Result<Up> {
    let mut environment = Vec::new();
    let mut add_path = |name: &str, path: Option<&Path>| -> anyhow::Result<()> {
        if let Some(path) = path {
            let path = std::path::absolute(path)?.into_os_string().into_string();
            environment
                .push((name.to_owned(), path.map_err(|path| anyhow::anyhow!("not a text: {path:?}"))?));
        }
        Ok(())
    };
    add_path("KAFEDRA_TOOLS_DIR", Some(&config.tools_dir))?;
    add_path("KAFEDRA_POSTGRES__BIN_DIR", config.postgres.bin_dir.as_deref())?;
    add_path("KAFEDRA_NATS__BIN", config.nats.bin.as_deref())?;
    environment
        .extend(std::env::var_os("PATH").and_then(|path| Some(("PATH".into(), path.into_string().ok()?))));
    Ok(Up { program: std::env::current_exe()?, environment })
}

fn bench_names() -> Vec<&'static str> {
    names().iter().copied().chain(["all"]).collect()
}
