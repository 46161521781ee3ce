//! `kafedra signaling`: runs a node of the video service.

use std::process::ExitCode;

use anyhow::bail;
use embedded_servers::Durability;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use super::{print_message, running_server};
use crate::config::Config;
use crate::lifecycle::stop_on_signals;
use crate::video::VideoNode;

/// Run a node of the video service.
///
/// Needs NATS_URL (or the NATS that `kafedra up` runs) and the key of video tokens, the same as the API
/// (video.token_key_file). No database. Any number of nodes share the lessons; each has its own video.node.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra signaling\n  \
    KAFEDRA_VIDEO__NODE=rtc-2 KAFEDRA_VIDEO__LISTEN=127.0.0.1:3012 KAFEDRA_VIDEO__MEDIA=127.0.0.1:3012 \
    kafedra signaling\n\n\
    TERM or INT drains it: no new rooms, people are told to move, media goes on up to video.drain_ms.")]
pub struct SignalingArguments {}

pub async fn run(_: SignalingArguments, config: Config) -> anyhow::Result<ExitCode> {
    let private = embedded_servers::ServerAddresses::read(&config.data_dir);
    let given = config.embedded(Durability::Kept).nats_url.map(|url| url.expose_secret().to_owned());
    let Some(nats_url) = given.or(private.map(|private| private.nats_url)) else {
        bail!("NATS_URL is not set; `kafedra up` starts a private NATS");
    };
    let stopping = CancellationToken::new();
    stop_on_signals(stopping.clone())?;
    running_server::start_logging(&config)?;
    let node = VideoNode::start(&config, &nats_url).await?;
    print_message(&format!("Lesson rooms on ws://{}/rtc", node.address()));
    stopping.cancelled().await;
    node.drain().await;
    Ok(ExitCode::SUCCESS)
}
