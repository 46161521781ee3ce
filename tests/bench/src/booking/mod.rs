//! Seats booked over HTTP by many clients: of enough slots for all, and of few slots wanted by all.

pub(crate) mod app;
mod slots;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use domain::SlotId;
use sqlx::PgConnection;
use tokio::sync::Mutex;

use self::app::{App, Student};
use self::slots::{Calendar, SlotWriter};
use crate::error::BenchError;
use crate::result_line::ResultLine;
use crate::rounds::{median, rate};
use crate::scratch::Scratch;
use crate::target::{Options, Target};

const CLIENTS: usize = 64;
/// Open slots of one seat, without `--events`.
const OPEN: usize = 10_000;
/// Slots that all clients want, with so many seats each.
const WANTED: usize = 100;
const SEATS: u16 = 8;

pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let scratch = Scratch::new(target).await?;
    let lines = measure(&scratch, target, options).await;
    scratch.drop().await?;
    lines
}

async fn measure(
    scratch: &Scratch,
    target: &Target,
    options: Options,
) -> Result<Vec<ResultLine>, BenchError> {
    let writer = SlotWriter::start(scratch.options()).await?;
    let plenty = writer.open_many(CLIENTS, options.events.unwrap_or(OPEN)).await?;
    let few = writer.open_contested(WANTED, SEATS).await?;
    writer.stop().await;
    let app = App::start(target, scratch).await?;
    let students = app.students(CLIENTS).await?;
    let mut log = scratch.connect().await?;
    let mut lines = measure_many(&app, &students, &plenty, options.rounds, &mut log).await?;
    lines.extend(measure_contested(&app, &students, &few, &mut log).await?);
    app.stop().await?;
    Ok(lines)
}

/// Every client books slots that no other client wants, in rounds over one long calendar.
async fn measure_many(
    app: &App,
    students: &[Student],
    plenty: &Calendar,
    rounds: usize,
    log: &mut PgConnection,
) -> Result<Vec<ResultLine>, BenchError> {
    let waits = Arc::new(Mutex::new(Vec::new()));
    let mut rates = Vec::new();
    for hours in plenty.chunks(plenty.len().div_ceil(rounds.max(1))) {
        // One hour after the other; in each hour every client has another teacher.
        let jobs: Vec<(Student, SlotId)> =
            hours.iter().flat_map(|slots| students.iter().cloned().zip(slots.iter().copied())).collect();
        let (app, waits) = (app.clone(), waits.clone());
        let book = move |(student, slot)| {
            let (app, waits) = (app.clone(), waits.clone());
            async move {
                let begun = Instant::now();
                let refused = app.book(&student, slot).await?;
                waits.lock().await.push(begun.elapsed().as_secs_f64() * 1_000.0);
                match refused {
                    None => Ok(()),
                    Some(code) => Err(BenchError::Wrong(format!("a free seat was refused: {code}"))),
                }
            }
        };
        rates.push(rate(CLIENTS, jobs, book).await?);
    }
    let slots = plenty.iter().map(Vec::len).sum::<usize>();
    expect_seats(log, plenty.iter().flatten(), 1, slots).await?;
    let name = |what: &str| format!("book over HTTP, {CLIENTS} clients, {slots} slots{what}");
    let waits = waits.lock().await;
    Ok(vec![
        ResultLine::new(name(""), median(&mut rates), "bookings/s"),
        ResultLine::new(name(", p50"), percentile(&waits, 0.5), "ms"),
        ResultLine::new(name(", p99"), percentile(&waits, 0.99), "ms"),
    ])
}

/// Every client wants a seat in every slot: all seats are sold, and all other clients are refused.
async fn measure_contested(
    app: &App,
    students: &[Student],
    few: &[SlotId],
    log: &mut PgConnection,
) -> Result<Vec<ResultLine>, BenchError> {
    let waits = Arc::new(Mutex::new(Vec::new()));
    let sold = Arc::new(AtomicUsize::new(0));
    let jobs: Vec<(Student, SlotId)> =
        few.iter().flat_map(|slot| students.iter().cloned().map(|student| (student, *slot))).collect();
    let asked = jobs.len();
    let (app, noted, counted) = (app.clone(), waits.clone(), sold.clone());
    let book = move |(student, slot)| {
        let (app, waits, sold) = (app.clone(), noted.clone(), counted.clone());
        async move {
            let begun = Instant::now();
            let refused = app.book(&student, slot).await?;
            waits.lock().await.push(begun.elapsed().as_secs_f64() * 1_000.0);
            match refused.as_deref() {
                None => {
                    sold.fetch_add(1, Ordering::Relaxed);
                }
                Some("slot_taken") => {}
                Some(code) => return Err(BenchError::Wrong(format!("a taken seat was refused: {code}"))),
            }
            Ok(())
        }
    };
    let answers = rate(CLIENTS, jobs, book).await?;
    let sold = sold.load(Ordering::Relaxed);
    expect_seats(log, few.iter(), SEATS, sold).await?;
    if sold != few.len() * usize::from(SEATS) {
        return Err(BenchError::Wrong(format!(
            "{sold} seats were sold of {}",
            few.len() * usize::from(SEATS)
        )));
    }
    let name = |what: &str| format!("book over HTTP, {CLIENTS} clients on {WANTED} slots{what}");
    let waits = waits.lock().await;
    Ok(vec![
        ResultLine::new(name(""), answers, "answers/s"),
        ResultLine::new(name(", sold"), sold as f64, "seats"),
        ResultLine::new(name(", refused slot_taken"), (asked - sold) as f64, "answers"),
        ResultLine::new(name(", p50"), percentile(&waits, 0.5), "ms"),
        ResultLine::new(name(", p99"), percentile(&waits, 0.99), "ms"),
    ])
}

/// Checks the log: as many bookings as were acknowledged, and no slot with more bookings than seats.
async fn expect_seats(
    log: &mut PgConnection,
    slots: impl Iterator<Item = &SlotId>,
    seats: u16,
    acknowledged: usize,
) -> Result<(), BenchError> {
    let slots: Vec<String> = slots.map(ToString::to_string).collect();
    let booked: Vec<(String, i64)> = sqlx::query_as(
        "select aggregate_id, count(*) from log.events
         where aggregate_type = 'Slot' and event_type = 'SeatBooked' and aggregate_id = any($1)
         group by aggregate_id",
    )
    .bind(&slots)
    .fetch_all(log)
    .await?;
    let booked: HashMap<String, i64> = booked.into_iter().collect();
    let sum: i64 = booked.values().sum();
    if usize::try_from(sum).ok() != Some(acknowledged) {
        return Err(BenchError::Wrong(format!(
            "{acknowledged} bookings were acknowledged, the log has {sum}"
        )));
    }
    match booked.iter().find(|(_, count)| **count > i64::from(seats)) {
        Some((slot, count)) => Err(BenchError::Wrong(format!("slot {slot} was sold {count} times"))),
        None => Ok(()),
    }
}

fn percentile(waits: &[f64], part: f64) -> f64 {
    let mut waits = waits.to_vec();
    waits.sort_by(f64::total_cmp);
    waits.get(((waits.len().saturating_sub(1)) as f64 * part) as usize).copied().unwrap_or(0.0)
}
