//! Reports over a year of a large school, and the rebuild of everything that is read; the same at a tenth of the
//! size, to show how cost grows.

mod asking;
mod rebuilding;
mod recount;
mod school;

use std::time::Instant;

use commands::MasterKey;
use domain::{Clock, SystemClock};
use sqlx::Executor;

use self::asking::{Waits, ask_all};
use self::rebuilding::{Rebuild, rebuild_all};
use self::school::{Size, build};
use crate::booking::app::MASTER_KEY;
use crate::error::BenchError;
use crate::line::Line;
use crate::run::{Options, Target};
use crate::scratch::Scratch;

/// A hundred thousand people with a million lessons.
const EVENTS: usize = 5_000_000;
const SEED: u64 = 7;
/// Each report is asked so often for each round, and as often of the past.
const ASKED: usize = 20;
const REPORT_GOAL_MS: &str = "< 300 ms";

/// What one school gave.
struct Measured {
    events: u64,
    /// Of the making, per second.
    generated: f64,
    rebuilt: Vec<Rebuild>,
    reports: Vec<Waits>,
    /// How long a recount of bookings by day takes.
    recount_ms: f64,
}

pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<Line>, BenchError> {
    let events = options.events.unwrap_or(EVENTS);
    let tenth = at_size(target, events / 10, options).await?;
    let whole = at_size(target, events, options).await?;
    Ok(lines(&tenth, &whole))
}

async fn at_size(target: &Target, events: usize, options: Options) -> Result<Measured, BenchError> {
    let scratch = Scratch::new(target).await?;
    let measured = measure(target, &scratch, events, options).await;
    scratch.drop().await?;
    measured
}

async fn measure(
    target: &Target,
    scratch: &Scratch,
    events: usize,
    options: Options,
) -> Result<Measured, BenchError> {
    let now = SystemClock.now();
    let begun = Instant::now();
    let (master, size) = (MasterKey::new(MASTER_KEY), Size::of_events(events));
    let on_day = |day, days| target.progress.at("days of the school", day, days);
    let events = build(scratch.options(), &master, (SEED, size), now, on_day).await?;
    let generated = events as f64 / begun.elapsed().as_secs_f64();
    let mut database = scratch.connect().await?;
    database.execute("vacuum (analyze)").await?;
    let rebuilt = rebuild_all(target, scratch, events).await?;
    // As autovacuum leaves it.
    database.execute("vacuum (analyze)").await?;
    let (reports, recount_ms) = ask_all(scratch, now, options.rounds * ASKED).await?;
    Ok(Measured { events, generated, rebuilt, reports, recount_ms })
}

fn lines(tenth: &Measured, whole: &Measured) -> Vec<Line> {
    let small = format!("at {} events", tenth.events);
    let mut lines = vec![
        Line::new(format!("a school of {} events, made", whole.events), whole.generated, "events/s")
            .beside(&small, tenth.generated),
    ];
    lines.extend(rebuild_lines(tenth, whole, &small));
    for (before, waits) in tenth.reports.iter().zip(&whole.reports) {
        lines.push(
            Line::new(format!("{}, live, p99", waits.report), waits.live_p99(), "ms")
                .beside(&small, before.live_p99())
                .goal(REPORT_GOAL_MS),
        );
    }
    for waits in &whole.reports {
        lines.push(
            Line::new(format!("{}, as of the past, p50", waits.report), waits.past_p50(), "ms")
                .beside("live, p50", waits.live_p50())
                .goal("≤ 2×"),
        );
    }
    for measured in [tenth, whole] {
        lines.extend(summary(measured));
    }
    lines
}

fn rebuild_lines(tenth: &Measured, whole: &Measured, small: &str) -> Vec<Line> {
    let rate = |measured: &Measured| {
        measured.events as f64 / measured.rebuilt.iter().map(|model| model.seconds).sum::<f64>()
    };
    let memory =
        |measured: &Measured| measured.rebuilt.iter().map(|model| model.peak_mib).fold(0.0, f64::max);
    let mut lines: Vec<Line> = tenth
        .rebuilt
        .iter()
        .zip(&whole.rebuilt)
        .map(|(before, model)| {
            Line::new(format!("rebuild of {}", model.name), whole.events as f64 / model.seconds, "events/s")
                .beside(small, tenth.events as f64 / before.seconds)
        })
        .collect();
    let all = format!("rebuild of all {} read models, one by one", whole.rebuilt.len());
    lines
        .push(Line::new(all, rate(whole), "events/s").beside(small, rate(tenth)).goal("≥ 20,000/s and core"));
    lines.push(
        Line::new("rebuild, memory of the process at its most", memory(whole), "MiB")
            .beside(small, memory(tenth))
            .goal("about 1×: constant"),
    );
    lines
}

/// The worst of all reports, and the peer.
fn summary(measured: &Measured) -> Vec<Line> {
    let name = |what: &str| format!("{} events, {what}", measured.events);
    let worst = |of: fn(&Waits) -> f64| {
        measured.reports.iter().max_by(|one, other| of(one).total_cmp(&of(other))).expect("there are reports")
    };
    let (live, past, ratio) = (worst(Waits::live_p99), worst(Waits::past_p99), worst(Waits::past_to_live));
    let bookings = measured.reports.iter().find(|waits| waits.report == "bookings");
    let bookings = bookings.map_or(0.0, Waits::live_p50);
    vec![
        Line::new(name(&format!("slowest report, live, p99: {}", live.report)), live.live_p99(), "ms")
            .goal(REPORT_GOAL_MS),
        Line::new(name(&format!("slowest as of the past, p99: {}", past.report)), past.past_p99(), "ms"),
        Line::new(name(&format!("dearest past, p50: {}", ratio.report)), ratio.past_p50(), "ms")
            .beside("live, p50", ratio.live_p50())
            .goal("≤ 2×"),
        Line::new(name("bookings by day, p50"), bookings, "ms")
            .beside("recount from log.events by SQL", measured.recount_ms),
    ]
}
