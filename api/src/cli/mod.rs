//! The command line: one binary, `kafedra`, with one file for each command.

mod admin;
mod bench;
mod config;
mod crm;
mod demo;
mod demo_accounts;
mod demo_password;
mod demo_school;
mod events;
mod exec;
mod migrate;
mod models;
mod offline_services;
mod openapi;
mod progress;
mod projections;
mod rebuild;
mod replay;
mod running_server;
mod serve;
mod signaling;
mod tasks;
mod up;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use domain::{Actor, CommandContext, Ids, RandomIds, Source};

use crate::config::Config;

/// An online tutoring school on an event log: one binary for all process roles and tools.
#[derive(Debug, Parser)]
#[command(
    name = "kafedra",
    version,
    propagate_version = true,
    after_help = "Data goes to stdout, messages go to stderr.\n\
                  Exit status: 0 done, 1 refused or failed, 2 invalid arguments.\n\
                  Every setting with its meaning: kafedra config --defaults"
)]
pub struct KafedraArguments {
    /// Configuration file. Default: ./kafedra.toml if it exists.
    #[arg(long, global = true, value_name = "FILE", env = "KAFEDRA_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: KafedraCommand,
}

#[derive(Debug, Subcommand)]
enum KafedraCommand {
    Up(up::UpArguments),
    Serve(serve::ServeArguments),
    Signaling(signaling::SignalingArguments),
    Migrate(migrate::MigrateArguments),
    Admin(admin::AdminArguments),
    Demo(demo::DemoArguments),
    Projections(projections::ProjectionsArguments),
    Tasks(tasks::TasksArguments),
    Rebuild(rebuild::RebuildArguments),
    Replay(replay::ReplayArguments),
    Crm(crm::CrmArguments),
    Config(config::ConfigArguments),
    Exec(exec::ExecArguments),
    Bench(bench::BenchArguments),
    Events(events::EventsArguments),
    Openapi(openapi::OpenapiArguments),
}

/// Runs the command. The caller prints the error.
pub async fn run(arguments: KafedraArguments) -> anyhow::Result<ExitCode> {
    let load = || Config::load(arguments.config.as_deref());
    match arguments.command {
        KafedraCommand::Up(command) => up::run(command, load()?).await,
        KafedraCommand::Serve(command) => serve::run(command, load()?).await,
        KafedraCommand::Signaling(command) => signaling::run(command, load()?).await,
        KafedraCommand::Migrate(command) => migrate::run(command, load()?).await,
        KafedraCommand::Admin(command) => admin::run(command, load()?).await,
        KafedraCommand::Demo(command) => demo::run(command, load()?).await,
        KafedraCommand::Projections(command) => projections::run(command, load()?).await,
        KafedraCommand::Tasks(command) => tasks::run(command, load()?).await,
        KafedraCommand::Rebuild(command) => rebuild::run(command, load()?).await,
        KafedraCommand::Replay(command) => replay::run(command, load()?).await,
        KafedraCommand::Crm(command) => crm::run(command, load()?).await,
        KafedraCommand::Config(command) => config::run(command, load),
        KafedraCommand::Exec(command) => exec::run(command, load()?).await,
        KafedraCommand::Bench(command) => bench::run(command, load()?).await,
        KafedraCommand::Events(command) => events::run(command),
        KafedraCommand::Openapi(command) => openapi::run(command),
    }
}

/// Prints a message for people on stderr.
fn print_message(words: &str) {
    eprintln!("{words}");
}

/// Prints data as JSON on stdout.
fn print_json(data: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(data)?;
    text.push('\n');
    io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// Returns the context of a domain command that is dispatched from the command line.
fn cli_context() -> CommandContext {
    CommandContext {
        actor: Actor::system("cli"),
        role: None,
        source: Source::Cli,
        correlation_id: RandomIds.next(),
        causation_id: None,
        command_id: RandomIds.next().into(),
        traceparent: None,
        request_id: None,
        expected_versions: Vec::new(),
    }
}
