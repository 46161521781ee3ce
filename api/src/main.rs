//! The binary `kafedra`: reads the command line, runs one command, prints its error.

use std::process::ExitCode;

use api::cli;
use clap::Parser;
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    rustls::crypto::ring::default_provider().install_default().expect("no other code installs a provider");
    match cli::run(cli::KafedraArguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("kafedra: {error:#}");
            ExitCode::FAILURE
        }
    }
}
