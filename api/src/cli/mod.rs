//! The command line: one binary, `kafedra`, with one file for each command.

mod config;
mod exec;
mod migrate;
mod running;
mod serve;
mod up;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;

/// An online tutoring school on an event log: one binary for all its parts and tools.
#[derive(Debug, Parser)]
#[command(
    name = "kafedra",
    version,
    propagate_version = true,
    after_help = "Data goes to stdout, words go to stderr.\n\
                  Exit status: 0 done, 1 refused or failed, 2 wrong use.\n\
                  Every setting with its meaning: kafedra config --defaults"
)]
pub struct Arguments {
    /// Configuration file; without it ./kafedra.toml where there is one.
    #[arg(long, global = true, value_name = "FILE", env = "KAFEDRA_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Up(up::Arguments),
    Serve(serve::Arguments),
    Migrate(migrate::Arguments),
    Config(config::Arguments),
    Exec(exec::Arguments),
}

/// Runs the command. What it returns as an error has not been said yet.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let load = || Config::load(arguments.config.as_deref());
    match arguments.command {
        Command::Up(command) => up::run(command, load()?).await,
        Command::Serve(command) => serve::run(command, load()?).await,
        Command::Migrate(command) => migrate::run(command, load()?).await,
        Command::Config(command) => config::run(command, load),
        Command::Exec(command) => exec::run(command, load()?).await,
    }
}

/// Words for a person: what happens and how far it is.
fn say(words: &str) {
    eprintln!("{words}");
}
