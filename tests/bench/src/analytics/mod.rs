//! Reports over a year of a large school, and the rebuild of every read model.
//! Each also runs at a tenth of the size, to show how the cost grows.

mod asking;
mod history;
mod lists;
mod rebuilding;
mod recount;
mod source;

use std::time::Instant;

use commands::MasterKey;
use domain::{Clock, SystemClock};
use jiff::Timestamp;
use sqlx::Executor;

use self::asking::{Answers, ResponseTimes, ask_all};
use self::history::{Size, build};
use self::rebuilding::{Rebuild, rebuild, rebuild_each_and_all};
use crate::booking::app::MASTER_KEY;
use crate::error::BenchError;
use crate::result_line::ResultLine;
use crate::scratch::Scratch;
use crate::target::{Options, Target};

/// A hundred thousand people with a million lessons.
const EVENTS: usize = 5_000_000;
const SEED: u64 = 7;
/// Number of questions to each report and list per round, live and as of the past.
const ASKED: usize = 20;
const REPORT_GOAL_MS: &str = "< 300 ms";

/// A school in a database of its own.
struct ReportDatabase {
    events: u64,
    /// Events generated per second.
    generated: f64,
    /// Instant of the last event.
    now: Timestamp,
}

/// Measures every report over twelve months by day, and a page of each list of the CRM views.
pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let [tenth, whole] = at_two_sizes(target, options, async |scratch, school| {
        let model = rebuild(target, scratch, "analytics", school.events).await?;
        for name in lists::MODELS {
            rebuild(target, scratch, name, school.events).await?;
        }
        wait_until_settled(scratch).await?;
        let answers = ask_all(scratch, school.now, options.rounds * ASKED).await?;
        Ok(Reports { facts_per_second: school.events as f64 / model.seconds, answers })
    })
    .await?;
    Ok(lines(&tenth, &whole))
}

/// Measures the rebuild of every read model, alone and with all others.
pub(crate) async fn run_rebuild(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let [tenth, whole] = at_two_sizes(target, options, async |scratch, school| {
        rebuild_each_and_all(target, scratch, school.events).await
    })
    .await?;
    Ok(rebuild_lines(&tenth, &whole))
}

/// A school with its measurement.
type Measured<M> = (ReportDatabase, M);

async fn at_two_sizes<M>(
    target: &Target,
    options: Options,
    measure: impl AsyncFn(&Scratch, &ReportDatabase) -> Result<M, BenchError>,
) -> Result<[Measured<M>; 2], BenchError> {
    let events = options.events.unwrap_or(EVENTS);
    Ok([at_size(target, events / 10, &measure).await?, at_size(target, events, &measure).await?])
}

async fn at_size<M>(
    target: &Target,
    events: usize,
    measure: &impl AsyncFn(&Scratch, &ReportDatabase) -> Result<M, BenchError>,
) -> Result<Measured<M>, BenchError> {
    let scratch = Scratch::new(target).await?;
    let measured = in_school(target, &scratch, events, measure).await;
    scratch.drop().await?;
    measured
}

async fn in_school<M>(
    target: &Target,
    scratch: &Scratch,
    events: usize,
    measure: &impl AsyncFn(&Scratch, &ReportDatabase) -> Result<M, BenchError>,
) -> Result<Measured<M>, BenchError> {
    let school = school(target, scratch, events).await?;
    let measured = measure(scratch, &school).await?;
    Ok((school, measured))
}

async fn school(target: &Target, scratch: &Scratch, events: usize) -> Result<ReportDatabase, BenchError> {
    let now = SystemClock.now();
    let begun = Instant::now();
    let (master, size) = (MasterKey::new(MASTER_KEY), Size::of_events(events));
    let on_day = |day, days| target.progress.report("days of the school", day, days);
    let events = build(scratch.options(), &master, (SEED, size), now, on_day).await?.0;
    let generated = events as f64 / begun.elapsed().as_secs_f64();
    wait_until_settled(scratch).await?;
    Ok(ReportDatabase { events, generated, now })
}

/// Vacuums and analyzes, as autovacuum would.
async fn wait_until_settled(scratch: &Scratch) -> Result<(), BenchError> {
    scratch.connect().await?.execute("vacuum (analyze)").await?;
    Ok(())
}

struct Reports {
    /// Events per second of the rebuild of the facts.
    facts_per_second: f64,
    answers: Answers,
}

fn size_label(school: &ReportDatabase) -> String {
    format!("at {} events", school.events)
}

fn lines(tenth: &Measured<Reports>, whole: &Measured<Reports>) -> Vec<ResultLine> {
    let ((small_school, before), (school, reports)) = (tenth, whole);
    let small = size_label(small_school);
    let mut lines = vec![
        ResultLine::new(format!("a school of {} events, made", school.events), school.generated, "events/s")
            .beside(&small, small_school.generated),
        ResultLine::new("its facts, made anew", reports.facts_per_second, "events/s")
            .beside(&small, before.facts_per_second),
    ];
    let (before, answers) = (&before.answers, &reports.answers);
    for (before, waits) in before.reports.iter().zip(&answers.reports) {
        lines.push(
            ResultLine::new(format!("{}, live, p99", waits.name), waits.live_p99(), "ms")
                .beside(&small, before.live_p99())
                .goal(REPORT_GOAL_MS),
        );
    }
    let past = |waits: &ResponseTimes| {
        ResultLine::new(format!("{}, as of the past, p50", waits.name), waits.past_p50(), "ms")
            .beside("live, p50", waits.live_p50())
    };
    lines.extend(answers.reports.iter().map(|waits| past(waits).goal("≤ 2×")));
    lines.extend(answers.lists.iter().map(past));
    for (school, reports) in [tenth, whole] {
        lines.extend(summary(school, &reports.answers));
    }
    lines
}

fn rebuild_lines(
    (small, (each_before, all_before)): &Measured<(Vec<Rebuild>, Rebuild)>,
    (school, (each, all)): &Measured<(Vec<Rebuild>, Rebuild)>,
) -> Vec<ResultLine> {
    let at_small = size_label(small);
    let speed = |school: &ReportDatabase, rebuild: &Rebuild| school.events as f64 / rebuild.seconds;
    let memory = |each: &[Rebuild]| each.iter().map(|rebuild| rebuild.peak_mib).fold(0.0, f64::max);
    let mut lines: Vec<ResultLine> = each_before
        .iter()
        .zip(each)
        .map(|(before, rebuild)| {
            let name = format!("rebuild of {} from {} events", rebuild.name, school.events);
            ResultLine::new(name, speed(school, rebuild), "events/s")
                .beside(&at_small, speed(small, before))
                .goal("≥ 20,000/s and core")
        })
        .collect();
    let one_by_one = school.events as f64 / each.iter().map(|rebuild| rebuild.seconds).sum::<f64>();
    let name = format!("rebuild of all {} together", each.len());
    lines.extend([
        ResultLine::new(&name, speed(school, all), "events/s")
            .beside(&at_small, speed(small, all_before))
            .goal("≥ 20,000/s and core"),
        ResultLine::new(&name, speed(school, all), "events/s")
            .beside("one by one", one_by_one)
            .goal("≥ 20,000/s and core"),
        ResultLine::new("memory of a rebuild of one, at its most", memory(each), "MiB")
            .beside(&at_small, memory(each_before))
            .goal("about 1×: constant"),
        ResultLine::new("memory of the rebuild of all", all.peak_mib, "MiB")
            .beside(&at_small, all_before.peak_mib)
            .goal("about 1×: constant"),
    ]);
    lines
}

/// The worst of all reports, and the peer.
fn summary(school: &ReportDatabase, answers: &Answers) -> Vec<ResultLine> {
    let name = |what: &str| format!("{} events, {what}", school.events);
    let worst = |waits: &[ResponseTimes], of: fn(&ResponseTimes) -> f64| {
        waits.iter().max_by(|one, other| of(one).total_cmp(&of(other))).expect("a question").clone()
    };
    let slowest = |what: &str, waits: &[ResponseTimes]| {
        let live = worst(waits, ResponseTimes::live_p99);
        ResultLine::new(name(&format!("{what}, live, p99: {}", live.name)), live.live_p99(), "ms")
    };
    let past = worst(&answers.reports, ResponseTimes::past_p99);
    let ratio = worst(&answers.reports, ResponseTimes::past_to_live);
    let bookings = answers.reports.iter().find(|waits| waits.name == "bookings");
    let bookings = bookings.map_or(0.0, ResponseTimes::live_p50);
    vec![
        slowest("slowest report", &answers.reports).goal(REPORT_GOAL_MS),
        slowest("slowest report with a filter", &answers.filtered).goal(REPORT_GOAL_MS),
        slowest("slowest first page of a drill-down", &answers.drilldowns),
        ResultLine::new(name(&format!("slowest as of the past, p99: {}", past.name)), past.past_p99(), "ms"),
        ResultLine::new(name(&format!("dearest past, p50: {}", ratio.name)), ratio.past_p50(), "ms")
            .beside("live, p50", ratio.live_p50())
            .goal("≤ 2×"),
        ResultLine::new(name("bookings by day, p50"), bookings, "ms")
            .beside("recount from log.events by SQL", answers.recount_ms),
    ]
}
