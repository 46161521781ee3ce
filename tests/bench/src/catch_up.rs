//! A read model of one table that starts at the first event, and its rebuild beside the live one.

use domain::Position;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use projection_runtime::{Roles, rebuild};
use sqlx::PgPool;

use crate::error::BenchError;
use crate::listening::{Listening, pool};
use crate::one_table::OneTable;
use crate::resident;
use crate::result_line::ResultLine;
use crate::rounds::median;
use crate::scratch::Scratch;
use crate::stock_view;
use crate::target::{Options, Target};
use crate::tickets::Tickets;

const READ_MODELS: Roles = Roles { read_models: true, ..Roles::NONE };
/// So many events are enough for the rate of the peer.
const PEER_EVENTS: usize = 2_000;
const PEER: &str = "stock view repository";

pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let scratch = Scratch::new(target).await?;
    let lines = measure(&scratch, options).await;
    scratch.drop().await?;
    lines
}

async fn measure(scratch: &Scratch, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let events = options.events.unwrap_or(200_000);
    let pool = pool(scratch.options()).await?;
    let tickets = Tickets::start(scratch.options()).await?;
    OneTable::reset(&mut *pool.acquire().await?).await?;
    let mut lines = Vec::new();
    tickets.open_many(events).await?;
    let head = tickets.log().head().await?;

    let (mut our_rates, mut peer_rates) = (vec![], vec![]);
    for _ in 0..options.rounds {
        our_rates.push(caught_up(&pool, &tickets, head).await?);
        peer_rates.push(stock_view::rate(&pool, &*tickets.log(), PEER_EVENTS).await?);
    }
    let peer_rate = median(&mut peer_rates);
    lines.push(
        ResultLine::new("catch-up, one table", median(&mut our_rates), "events/s")
            .beside(PEER, peer_rate)
            .goal("≥ 40,000/s, ≥ 30×"),
    );
    let rebuilt = rebuilt(&pool, &tickets).await?;
    lines.push(
        ResultLine::new("rebuild beside the live table", rebuilt.rate, "events/s").beside(PEER, peer_rate),
    );
    lines.push(
        ResultLine::new("rebuild, memory of the process at its end", rebuilt.peak_mib, "MiB")
            .beside("after a tenth of the events", rebuilt.peak_early_mib)
            .goal("about 1×: constant"),
    );
    tickets.bus.shutdown().await;
    pool.close().await;
    Ok(lines)
}

/// Events per second from the first event to the head, with the start of the runtime.
async fn caught_up(pool: &PgPool, tickets: &Tickets, head: Position) -> Result<f64, BenchError> {
    OneTable::reset(&mut *pool.acquire().await?).await?;
    let started = Instant::now();
    let listening = Listening::start(pool, tickets, None, READ_MODELS).await?;
    listening.reached(head).await;
    let seconds = started.elapsed().as_secs_f64();
    listening.end().await;
    Ok(head.0 as f64 / seconds)
}

struct RebuildFigures {
    /// Events per second.
    rate: f64,
    /// Peak memory of the process until a tenth was done, and until the end.
    peak_early_mib: f64,
    peak_mib: f64,
}

async fn rebuilt(pool: &PgPool, tickets: &Tickets) -> Result<RebuildFigures, BenchError> {
    let early = Arc::new(OnceLock::new());
    let noted = Arc::clone(&early);
    resident::forget_peak();
    let started = Instant::now();
    let done = rebuild(
        pool,
        tickets.log(),
        Arc::new(OneTable),
        Box::new(move |progress| {
            if progress.position.0 >= progress.head.0 / 10 {
                noted.get_or_init(resident::peak_mib);
            }
        }),
    )
    .await
    .map_err(|error| BenchError::Listening(error.to_string()))?;
    let rate = done.position.0 as f64 / started.elapsed().as_secs_f64();
    let peak_mib = resident::peak_mib();
    Ok(RebuildFigures { rate, peak_early_mib: early.get().copied().unwrap_or(peak_mib), peak_mib })
}
