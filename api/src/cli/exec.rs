//! `kafedra exec`: runs a command with private servers.

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitCode, ExitStatus};

use anyhow::Context;
use embedded_servers::{Durability, Servers};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use super::print_message;
use crate::config::Config;

/// Run COMMAND with DATABASE_URL and NATS_URL of private servers.
///
/// Starts a private Postgres and a private NATS (or uses those that `kafedra up` runs on the same data
/// directory), runs COMMAND, passes signals on to it, and stops what it started. DATABASE_URL and
/// NATS_URL stay if they are set already.
///
/// The exit status is COMMAND's; 128 + N if signal N ended it, 127 if it does not exist.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra exec -- sh -c 'psql \"$DATABASE_URL\"'\n  \
    kafedra exec --throwaway -- cargo nextest run --workspace")]
pub struct ExecArguments {
    /// Use new, empty servers in a temporary folder that is removed at the end; fast, because they never
    /// sync. For tests.
    #[arg(long)]
    throwaway: bool,
    /// The command and its arguments.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<String>,
}

pub async fn run(arguments: ExecArguments, config: Config) -> anyhow::Result<ExitCode> {
    // From here on a signal ends the command first; this OS process then stops its servers in order.
    let mut signals = Signals::listen()?;
    let durability = if arguments.throwaway { Durability::Throwaway } else { Durability::Kept };
    let settings = config.embedded(durability);
    let servers = tokio::select! {
        servers = Servers::join_or_start(&settings, &print_message) => servers?,
        signal = signals.next() => return Ok(signal_exit_code(signal)),
    };
    let status = run_command(&arguments.command, &servers, &mut signals).await;
    servers.stop().await;
    status
}

async fn run_command(
    command: &[String],
    servers: &Servers,
    signals: &mut Signals,
) -> anyhow::Result<ExitCode> {
    let (program, arguments) = command.split_first().context("no command")?;
    // The command must end with this OS process, even if that is killed, because its servers end too. The
    // death signal follows the spawning thread, which is the main thread.
    let mut child = Command::new("setpriv")
        .args(["--pdeathsig", "TERM", "--", program])
        .args(arguments)
        .env("DATABASE_URL", &servers.database_url)
        .env("NATS_URL", &servers.nats_url)
        .spawn()
        .context("`setpriv` cannot be run")?;
    let pid = child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())).context("no process id")?;
    loop {
        tokio::select! {
            status = child.wait() => return Ok(exit_code(status?)),
            signal = signals.next() => {
                if !is_sent_by_terminal(signal) {
                    let _ = kill_process(pid, signal);
                }
            }
        }
    }
}

fn exit_code(status: ExitStatus) -> ExitCode {
    match (status.code(), status.signal()) {
        (Some(code), _) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        (None, Some(signal)) => ExitCode::from(u8::try_from(128 + signal).unwrap_or(1)),
        (None, None) => ExitCode::FAILURE,
    }
}

fn signal_exit_code(signal: Signal) -> ExitCode {
    ExitCode::from(u8::try_from(128 + signal.as_raw()).unwrap_or(1))
}

/// Returns `true` if the terminal has sent the signal to the whole foreground group. The command has it
/// then, and must not get it twice.
fn is_sent_by_terminal(signal: Signal) -> bool {
    let is_from_keys = signal == Signal::INT || signal == Signal::QUIT;
    let Ok(terminal) = File::open("/dev/tty") else { return false };
    let foreground = rustix::termios::tcgetpgrp(&terminal);
    is_from_keys && foreground.is_ok_and(|group| group == rustix::process::getpgrp())
}

/// The signals that are passed on to the command.
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    quit: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::INT,
            _ = self.quit.recv() => Signal::QUIT,
            _ = self.terminate.recv() => Signal::TERM,
            _ = self.hang_up.recv() => Signal::HUP,
        }
    }
}
