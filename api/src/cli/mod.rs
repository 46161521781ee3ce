//! The command line: one binary, `kafedra`, with one file for each command.

mod admin;
mod bench;
mod config;
mod crm;
mod demo;
mod demo_accounts;
mod demo_password;
mod events;
mod exec;
mod migrate;
mod models;
mod openapi;
mod progress;
mod projections;
mod rebuild;
mod replay;
mod running;
mod serve;
mod tool;
mod up;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use domain::{Actor, Context, Ids, RandomIds, Source};

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
    Admin(admin::Arguments),
    Demo(demo::Arguments),
    Projections(projections::Arguments),
    Rebuild(rebuild::Arguments),
    Replay(replay::Arguments),
    Crm(crm::Arguments),
    Config(config::Arguments),
    Exec(exec::Arguments),
    Bench(bench::Arguments),
    Events(events::Arguments),
    Openapi(openapi::Arguments),
}

/// Runs the command. What it returns as an error has not been said yet.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let load = || Config::load(arguments.config.as_deref());
    match arguments.command {
        Command::Up(command) => up::run(command, load()?).await,
        Command::Serve(command) => serve::run(command, load()?).await,
        Command::Migrate(command) => migrate::run(command, load()?).await,
        Command::Admin(command) => admin::run(command, load()?).await,
        Command::Demo(command) => demo::run(command, load()?).await,
        Command::Projections(command) => projections::run(command, load()?).await,
        Command::Rebuild(command) => rebuild::run(command, load()?).await,
        Command::Replay(command) => replay::run(command, load()?).await,
        Command::Crm(command) => crm::run(command, load()?).await,
        Command::Config(command) => config::run(command, load),
        Command::Exec(command) => exec::run(command, load()?).await,
        Command::Bench(command) => bench::run(command, load()?).await,
        Command::Events(command) => events::run(command),
        Command::Openapi(command) => openapi::run(command),
    }
}

/// Words for a person: what happens and how far it is.
fn say(words: &str) {
    eprintln!("{words}");
}

/// Data for whoever reads stdout.
fn print_json(data: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(data)?;
    text.push('\n');
    io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// The context of a command that a person gives here.
fn by_cli() -> Context {
    Context {
        actor: Actor::system("cli"),
        role: None,
        source: Source::Cli,
        correlation_id: RandomIds.next(),
        causation_id: None,
        command_id: RandomIds.next().into(),
        traceparent: None,
        expected_version: None,
    }
}
