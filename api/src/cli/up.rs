//! `kafedra up`: runs a whole installation on one machine.

use std::process::ExitCode;

use demo::DemoPerson;
use embedded_servers::{Durability, Servers};
use tokio_util::sync::CancellationToken;

use super::demo_school::open_school;
use super::offline_services::OfflineServices;
use super::print_message;
use super::running_server::{self, RunningServer};
use crate::composition::Addresses;
use crate::config::Config;
use crate::lifecycle::stop_on_signals;
use crate::roles::ProcessRole;
use crate::startup;
use crate::video::VideoNode;

/// Run the whole installation on this machine.
///
/// Starts a private Postgres and a private NATS unless DATABASE_URL and NATS_URL name yours, migrates, and
/// runs all roles and a node of the video service in one process. The private servers stop with it; their data
/// stays in data_dir.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra up\n  \
    kafedra up --demo                          with a demo person for every role, and a year of figures\n  \
    kafedra up --demo --empty                  with the demo people alone\n  \
    KAFEDRA_LISTEN__API=127.0.0.1:3100 kafedra up")]
pub struct UpArguments {
    /// Register one demo person for every role, and print how to sign in. An empty installation is filled with a
    /// year of lessons, talks and tickets first.
    #[arg(long)]
    demo: bool,
    /// Leave the demo school empty but for one person of every role.
    #[arg(long, requires = "demo")]
    empty: bool,
}

pub async fn run(arguments: UpArguments, config: Config) -> anyhow::Result<ExitCode> {
    let stopping = CancellationToken::new();
    stop_on_signals(stopping.clone())?;
    let servers = Servers::start(&config.embedded(Durability::Kept), &print_message).await?;
    let ran = run_on(&arguments, &config, &servers, stopping).await;
    servers.stop().await;
    ran
}

async fn run_on(
    arguments: &UpArguments,
    config: &Config,
    servers: &Servers,
    stopping: CancellationToken,
) -> anyhow::Result<ExitCode> {
    running_server::start_logging(config)?;
    startup::migrate_on(servers).await?;
    let people = match arguments.demo {
        true => open_demo_school(arguments, config, &servers.database_url).await?,
        false => Vec::new(),
    };
    let addresses = Addresses { database_url: &servers.database_url, nats_url: &servers.nats_url };
    let node = match config.video.enabled {
        true => Some(VideoNode::start(config, &servers.nats_url).await?),
        false => None,
    };
    let running = RunningServer::start(config, addresses, ProcessRole::ALL, stopping).await?;
    if arguments.demo {
        print_welcome(config, &running, node.as_ref(), &people);
        running.app.demo_people.set(people).ok();
    }
    let served = running.run().await;
    if let Some(node) = node {
        node.drain().await;
    }
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Registers the demo people, before a year of the school if its log is empty.
async fn open_demo_school(
    arguments: &UpArguments,
    config: &Config,
    database_url: &str,
) -> anyhow::Result<Vec<DemoPerson>> {
    let mut offline = config.clone();
    offline.postgres.url = Some(database_url.to_owned().into());
    let services = OfflineServices::open(offline).await?;
    let people = open_school(&services, !arguments.empty).await;
    services.close().await;
    people
}

/// Prints the addresses and how to sign in.
fn print_welcome(config: &Config, running: &RunningServer, node: Option<&VideoNode>, people: &[DemoPerson]) {
    print_message(&format!(
        "\nKafedra is up: http://{0}\n\n  API         http://{0}/api/v1\n  reference   http://{0}/api/docs\n  \
         health      http://{0}/health/ready\n  video       {2}\n  CRM         {1}\n\nDemo people, each with a password to sign in:\n",
        running.address,
        config.crm.url,
        node.map_or("switched off".to_owned(), |node| format!("ws://{}/rtc", node.address())),
    ));
    for person in people {
        print_message(&format!("  {:<8}  {:<24}  {}", person.role.as_str(), person.email, person.password));
    }
    print_message("\nCtrl-C stops it; the data stays.\n");
}
