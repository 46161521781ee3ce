//! Every report for twelve months by day: as everything stands, and as it stood at instants of the past.

use std::sync::Arc;
use std::time::Instant;

use commands::{Bus, LogReader, LogSettings, MasterKey};
use domain::SystemClock;
use domain::accounts::Locale;
use jiff::{SignedDuration, Timestamp};
use projections::crm::analytics::{Answer, AsOf, Question, Report, Value, report};
use sqlx::PgPool;

use super::recount::bookings_by_day;
use crate::booking::app::MASTER_KEY;
use crate::dice::Dice;
use crate::error::BenchError;
use crate::listening::pool;
use crate::rounds::median;
use crate::scratch::Scratch;

const YEAR: SignedDuration = SignedDuration::from_hours(24 * 365);
/// An instant that is asked for lies at most so far back.
const BACK_SECONDS: usize = 180 * 86_400;
const RECOUNTS: usize = 3;

/// How long the answers of one report take, in milliseconds and in order.
pub(super) struct Waits {
    pub report: &'static str,
    live: Vec<f64>,
    past: Vec<f64>,
}

impl Waits {
    pub fn live_p50(&self) -> f64 {
        percentile(&self.live, 0.5)
    }

    pub fn live_p99(&self) -> f64 {
        percentile(&self.live, 0.99)
    }

    pub fn past_p50(&self) -> f64 {
        percentile(&self.past, 0.5)
    }

    pub fn past_p99(&self) -> f64 {
        percentile(&self.past, 0.99)
    }

    pub fn past_to_live(&self) -> f64 {
        self.past_p50() / self.live_p50()
    }
}

/// Asks each report `count` times of the present, and as often of the past; how long a recount takes beside it.
pub(super) async fn ask_all(
    scratch: &Scratch,
    now: Timestamp,
    count: usize,
) -> Result<(Vec<Waits>, f64), BenchError> {
    let pool = pool(scratch.options()).await?;
    let master = MasterKey::new(MASTER_KEY);
    let clock = Arc::new(SystemClock);
    let bus = Bus::start(scratch.options().clone(), &master, clock, LogSettings::default()).await?;
    let recount_ms = recount(&pool, now).await?;
    let mut waits = Vec::new();
    let mut dice = Dice(11);
    for report in Report::ALL {
        // The first make connections and plans; they do not count.
        for _ in 0..3 {
            ask(&pool, *report, now, None).await?;
        }
        let (mut live, mut past) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let begun = Instant::now();
            ask(&pool, *report, now, None).await?;
            live.push(begun.elapsed().as_secs_f64() * 1_000.0);
            let instant = now - SignedDuration::from_secs(dice.below(BACK_SECONDS) as i64);
            let begun = Instant::now();
            ask(&pool, *report, now, Some((bus.log(), instant))).await?;
            past.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        live.sort_by(f64::total_cmp);
        past.sort_by(f64::total_cmp);
        waits.push(Waits { report: report.as_str(), live, past });
    }
    bus.shutdown().await;
    pool.close().await;
    Ok((waits, recount_ms))
}

/// The year before the present of the answer.
async fn ask(
    pool: &PgPool,
    what: Report,
    now: Timestamp,
    past: Option<(&LogReader, Timestamp)>,
) -> Result<Answer, BenchError> {
    let as_of = match past {
        Some((log, instant)) => Some(AsOf { instant, position: log.position_at(instant).await? }),
        None => None,
    };
    let question = Question::new(what, now, as_of, Locale::Ru);
    let from = question.to - YEAR;
    let answer = report(pool, &Question { from, ..question }).await;
    answer.map_err(|error| BenchError::Listening(format!("{}: {error}", what.as_str())))
}

/// The peer has to come to the same figure.
async fn recount(pool: &PgPool, now: Timestamp) -> Result<f64, BenchError> {
    let answer = ask(pool, Report::Bookings, now, None).await?;
    let mut waits = Vec::new();
    let mut counted = 0;
    for _ in 0..RECOUNTS {
        let begun = Instant::now();
        let days = bookings_by_day(pool, answer.from, answer.to).await?;
        waits.push(begun.elapsed().as_secs_f64() * 1_000.0);
        counted = days.iter().map(|(_, count)| count).sum();
    }
    let told = answer.totals.get("total").map(|total| total.value);
    if told != Some(Value::Whole(counted)) {
        return Err(BenchError::Wrong(format!("the log has {counted} bookings, the report {told:?}")));
    }
    Ok(median(&mut waits))
}

fn percentile(sorted: &[f64], part: f64) -> f64 {
    sorted.get(((sorted.len().saturating_sub(1)) as f64 * part) as usize).copied().unwrap_or(0.0)
}
