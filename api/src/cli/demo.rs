//! `kafedra demo`: registers invented people for demonstrations and development.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::value_parser;
use demo::{LessonDemo, PAST, Seeded, ensure_demo_people, seed};
use domain::{Clock, FixedClock, SystemClock};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use secrecy::ExposeSecret;
use serde::Serialize;

use super::demo_accounts::DemoAccounts;
use super::demo_password::demo_password;
use super::demo_school::seed_past;
use super::offline_services::OfflineServices;
use super::progress::ProgressReporter;
use super::{print_json, print_message};
use crate::auth::Passwords;
use crate::config::Config;

/// Register invented people, for demonstrations and development.
///
/// All changes are made by commands, so that they are in the log. Nicknames begin with `demo-`, and
/// addresses end with `@demo.test`, which receives no mail.
#[derive(Debug, clap::Args)]
pub struct DemoArguments {
    #[command(subcommand)]
    command: DemoCommand,
}

#[derive(Debug, clap::Subcommand)]
enum DemoCommand {
    Seed(SeedCommand),
    Accounts(AccountsCommand),
}

/// Seed a realistic school.
///
/// Students and teachers have complete profiles and sign in; some change their address, some are suspended.
/// Teachers have offered lessons for weeks and offer more. Students book, cancel, attend and review lessons,
/// and write to their teachers. Some open tickets, and a demo agent answers them.
///
/// In an installation without events, people have joined over most of a year, before their lessons. In one with events
/// they join now, because an event is recorded at its present time.
///
/// The same seed always gives the same people, and on the same day the same lessons. A repetition changes
/// nothing, a larger N adds people, and after an interruption the command continues.
///
/// All people have one password, which is stored in <data_dir>/demo.json and printed.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra demo seed --people 200\n  \
    kafedra demo seed --people 10000 --seed 7     another school beside the first\n  \
    kafedra demo seed --people 50 | jq .registered")]
struct SeedCommand {
    /// Number of people of the school.
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    people: u32,
    /// Seed of the school; each seed gives other people.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u32,
    /// Day around which lessons are planned. Default: today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// Register one person of each role and print how to sign in.
///
/// `kafedra up --demo` does the same. The password is generated once and stored in <data_dir>/demo.json.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra demo accounts\n  \
    kafedra demo accounts | jq -r '.[] | select(.role == \"admin\") | .email'")]
struct AccountsCommand {
    /// Day after which the teacher offers lessons. Default: today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// Returns the instant around which lessons are planned.
fn planning_time(on: Option<Date>, now: Timestamp) -> Timestamp {
    let noon = on.and_then(|date| date.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok());
    noon.map_or(now, |noon| noon.timestamp())
}

pub async fn run(arguments: DemoArguments, config: Config) -> anyhow::Result<ExitCode> {
    let services = OfflineServices::open(config).await?;
    let answer = match arguments.command {
        DemoCommand::Seed(command) => seed_school(&services, command).await,
        DemoCommand::Accounts(command) => seed_accounts(&services, command).await,
    };
    services.close().await;
    answer?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Serialize)]
struct SeedOutput {
    seed: u32,
    #[serde(flatten)]
    seeded: Seeded,
    password: String,
}

async fn seed_school(services: &OfflineServices, command: SeedCommand) -> anyhow::Result<()> {
    let SeedCommand { people, seed: school_seed, on } = command;
    let password = demo_password(&services.config.data_dir)?;
    // One hash for all people, because ten thousand hashes would take minutes.
    let passwords = Passwords::new()?;
    let hash = passwords.hash(&password).await?;
    let progress = ProgressReporter::new(u64::from(people), "people");
    let now = SystemClock.now();
    let planned = planning_time(on, now);
    let recorded = seed_past(services, (school_seed, people), (planned, now), &hash).await?;
    let past = services.bus_at(Arc::new(FixedClock::at(now - PAST))).await?;
    let lesson_demo = LessonDemo { bus: &*services.bus, past: &*past, now: planned };
    let accounts = DemoAccounts { registration: services.registration(), passwords: &passwords };
    let seeded = seed(&accounts, lesson_demo, school_seed, people, &hash, || progress.increment()).await;
    past.shutdown().await;
    progress.finish();
    let mut seeded = seeded?;
    seeded.registered += recorded;
    print_message(&format!("{} of {people} people are new", seeded.registered));
    print_json(&SeedOutput { seed: school_seed, seeded, password: password.expose_secret().to_owned() })
}

async fn seed_accounts(services: &OfflineServices, command: AccountsCommand) -> anyhow::Result<()> {
    let passwords = Passwords::new()?;
    let now = planning_time(command.on, SystemClock.now());
    let password = demo_password(&services.config.data_dir).context("the demo password cannot be stored")?;
    let hash = passwords.hash(&password).await.context("the demo password cannot be hashed")?;
    let accounts = DemoAccounts { registration: services.registration(), passwords: &passwords };
    let people = ensure_demo_people(&accounts, &*services.bus, &password, &hash, now).await?;
    print_json(&people)
}
