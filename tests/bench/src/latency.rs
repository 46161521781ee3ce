//! Time from the answer to a command until a read model shows it, at a steady pace, by relay and stream.

use std::time::{Duration, Instant};

use projection_runtime::Roles;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::error::BenchError;
use crate::listening::{Listening, drop_stream, own_stream, pool};
use crate::one_table::{NAME, OneTable};
use crate::result_line::ResultLine;
use crate::scratch::Scratch;
use crate::target::{Options, Target};
use crate::tickets::Tickets;

const PER_SECOND: u32 = 200;
/// Duration of each round in seconds.
const SECONDS: u32 = 3;

const LONGEST: Duration = Duration::from_secs(10);

pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let nats_url = target.nats_url.as_deref().ok_or(BenchError::Missing("a NATS server"))?;
    let scratch = Scratch::new(target).await?;
    let waits = measure(&scratch, nats_url, options).await;
    scratch.drop().await?;
    let mut waits = waits?;
    waits.sort_by(f64::total_cmp);
    let percentile = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize];
    let name = |what: &str| format!("commit to read model, {PER_SECOND} commands/s, {what}");
    Ok(vec![
        ResultLine::new(name("p50"), percentile(0.5), "ms").goal("< 5 ms"),
        ResultLine::new(name("p99"), percentile(0.99), "ms").goal("< 25 ms"),
    ])
}

async fn measure(scratch: &Scratch, nats_url: &str, options: Options) -> Result<Vec<f64>, BenchError> {
    let tickets = Tickets::start(scratch.options()).await?;
    let pool = pool(scratch.options()).await?;
    OneTable::reset(&mut *pool.acquire().await?).await?;
    let stream = own_stream(nats_url);
    let listening = Listening::start(&pool, &tickets, Some(stream.clone()), Roles::ALL).await?;
    // The first commands open connections and fill caches; they do not count.
    for number in 0..50 {
        let receipt = tickets.open(number).await?;
        listening.reached(receipt.position).await;
    }
    let count = PER_SECOND * SECONDS * u32::try_from(options.rounds).unwrap_or(5);
    let waits = paced(&tickets, &listening, count).await;
    listening.end().await;
    drop_stream(&stream).await?;
    tickets.bus.shutdown().await;
    pool.close().await;
    waits
}

/// Sends one command per tick, whether the earlier ones are done or not.
async fn paced(tickets: &Tickets, listening: &Listening, count: u32) -> Result<Vec<f64>, BenchError> {
    let mut ticks = interval(Duration::from_secs(1) / PER_SECOND);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut commands = JoinSet::new();
    for number in 0..count {
        ticks.tick().await;
        let tickets = tickets.clone();
        let projections = listening.projections.clone();
        commands.spawn(async move {
            let receipt = tickets.open(number as usize).await?;
            let committed = Instant::now();
            projections
                .wait_for(NAME, receipt.position, LONGEST)
                .await
                .map_err(|behind| BenchError::Listening(behind.to_string()))?;
            Ok::<_, BenchError>(committed.elapsed().as_secs_f64() * 1_000.0)
        });
    }
    let mut waits = Vec::new();
    while let Some(wait) = commands.join_next().await {
        waits.push(wait.expect("a command does not panic")?);
    }
    Ok(waits)
}
