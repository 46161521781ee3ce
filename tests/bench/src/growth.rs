//! Cost of a command on a short log and on a long one, in turns.

use domain::AccountId;
use sqlx::{Connection, Executor};

use crate::append::KafedraLog;
use crate::error::BenchError;
use crate::notebook::authors;
use crate::result_line::ResultLine;
use crate::rounds::{median, rate};
use crate::scratch::Scratch;
use crate::target::{Options, Target};

const SHORT: usize = 10_000;
const COMMANDS: usize = 3_000;
/// Number of events that commands append; the rest are copies.
const REAL: usize = 100_000;

pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let (short, long) = (Scratch::new(target).await?, Scratch::new(target).await?);
    let lines = measure(&short, &long, options).await;
    short.drop().await?;
    long.drop().await?;
    lines
}

async fn measure(short: &Scratch, long: &Scratch, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let events = options.events.unwrap_or(1_000_000);
    fill(short, SHORT).await?;
    fill(long, events).await?;
    let mut lines = Vec::new();
    for in_flight in [1, 64] {
        let (mut on_short, mut on_long) = (vec![], vec![]);
        for _ in 0..options.rounds {
            on_short.push(micros(short, in_flight).await?);
            on_long.push(micros(long, in_flight).await?);
        }
        let name = format!("cost of a command at {events} events, {in_flight} in flight");
        lines.push(
            ResultLine::new(name, median(&mut on_long), "µs")
                .beside(format!("at {SHORT} events"), median(&mut on_short))
                .goal("0.9–1.1×"),
        );
    }
    Ok(lines)
}

/// Appends real events up to a number, then lets the database copy them under other ids.
/// A log of ten million events takes minutes.
async fn fill(scratch: &Scratch, events: usize) -> Result<(), BenchError> {
    let ours = KafedraLog::start(scratch.options()).await?;
    add(&ours, 64, &authors(events.min(REAL) / 10), 10).await?;
    ours.close().await;
    let wanted = i64::try_from(events).unwrap_or(i64::MAX);
    let mut database = scratch.connect().await?;
    loop {
        let head: i64 = sqlx::query_scalar("select position from log.head").fetch_one(&mut database).await?;
        let more = (wanted - head).min(head);
        if more <= 0 {
            break;
        }
        let copy = sqlx::query(include_str!("multiply.sql")).bind(head).bind(more).bind(format!(":{head}"));
        copy.execute(&mut database).await?;
    }
    // Maintenance runs before the measurement; otherwise the first rounds pay for it.
    database.execute("vacuum (analyze) log.events, log.commands, log.subject_keys").await?;
    database.close().await?;
    Ok(())
}

/// Time per command on new, cached aggregates of ten events.
async fn micros(scratch: &Scratch, in_flight: usize) -> Result<f64, BenchError> {
    let ours = KafedraLog::start(scratch.options()).await?;
    let authors = authors(if in_flight == 1 { COMMANDS / 10 } else { COMMANDS });
    add(&ours, 64, &authors, 10).await?;
    let rate = add(&ours, in_flight, &authors, 1).await?;
    ours.close().await;
    Ok(1_000_000.0 / rate)
}

async fn add(
    ours: &KafedraLog,
    in_flight: usize,
    authors: &[AccountId],
    events: usize,
) -> Result<f64, BenchError> {
    let working = ours.clone();
    rate(in_flight, authors.to_vec(), move |author: AccountId| {
        let working = working.clone();
        async move { working.add_notes(author, events).await }
    })
    .await
}
