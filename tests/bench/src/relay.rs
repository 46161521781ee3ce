//! The relay: a prepared log into a stream of its own.

use domain::Position;
use std::time::{Duration, Instant};

use projection_runtime::{RelayState, Roles};

use crate::error::BenchError;
use crate::listening::{Listening, drop_stream, own_stream, pool};
use crate::result_line::ResultLine;
use crate::rounds::median;
use crate::scratch::Scratch;
use crate::target::{Options, Target};
use crate::tickets::Tickets;

const RELAY: Roles = Roles { relay: true, ..Roles::NONE };

pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let nats_url = target.nats_url.as_deref().ok_or(BenchError::Missing("a NATS server"))?;
    let scratch = Scratch::new(target).await?;
    let rate = measure(&scratch, nats_url, options).await;
    scratch.drop().await?;
    Ok(vec![ResultLine::new("relay, log to stream", rate?, "events/s").goal("≥ 30,000/s")])
}

async fn measure(scratch: &Scratch, nats_url: &str, options: Options) -> Result<f64, BenchError> {
    let tickets = Tickets::start(scratch.options()).await?;
    tickets.open_many(options.events.unwrap_or(200_000)).await?;
    let head = tickets.log().head().await?;
    let pool = pool(scratch.options()).await?;
    let mut rates = Vec::new();
    for _ in 0..options.rounds {
        let stream = own_stream(nats_url);
        let started = Instant::now();
        let listening = Listening::start(&pool, &tickets, Some(stream.clone()), RELAY).await?;
        let relayed = relayed(&listening, head).await;
        rates.push(head.0 as f64 / started.elapsed().as_secs_f64());
        listening.end().await;
        drop_stream(&stream).await?;
        relayed?;
    }
    tickets.bus.shutdown().await;
    pool.close().await;
    Ok(median(&mut rates))
}

async fn relayed(listening: &Listening, head: Position) -> Result<(), BenchError> {
    loop {
        let report = listening.projections.relay().expect("it was started with a relay");
        if report.position >= head {
            return Ok(());
        }
        if matches!(report.state, RelayState::Diverged | RelayState::Refused) {
            return Err(BenchError::Stream(report.detail.unwrap_or_default()));
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
