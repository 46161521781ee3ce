//! One command loads an aggregate of ten events and appends with the version that it has seen.
//!
//! Every round prepares new aggregates for each side in the same way and uses each once, in turns.
//! The cache of warm aggregates is part of the measurement; the last lines are without it.

mod floor;
mod kafedra_log;
mod stock;

use std::time::Duration;

use domain::AccountId;

use self::floor::Floor;
pub(crate) use self::kafedra_log::KafedraLog;
use self::stock::Stock;
use crate::error::BenchError;
use crate::notebook::authors;
use crate::result_line::ResultLine;
use crate::rounds::{median, rate, rate_for};
use crate::scratch::Scratch;
use crate::target::{Options, Target};

/// Events in an aggregate before the command.
const EVENTS_BEFORE: usize = 10;
const STOCK: &str = "stock cqrs-es + postgres-es";
/// Duration of the contention for one stream in each round.
const CONTENTION: Duration = Duration::from_secs(2);

/// Parameters of one row of figures.
struct Case {
    name: &'static str,
    in_flight: usize,
    events: usize,
    commands: usize,
    warm: bool,
    goal: &'static str,
}

const CASES: [Case; 5] = [
    Case { name: "1 in flight", in_flight: 1, events: 1, commands: 400, warm: true, goal: "≥ 1.3×" },
    Case { name: "16 in flight", in_flight: 16, events: 1, commands: 3_000, warm: true, goal: "≥ 1.5×" },
    Case { name: "64 in flight", in_flight: 64, events: 1, commands: 6_000, warm: true, goal: "≥ 5×" },
    Case {
        name: "64 in flight, ten events",
        in_flight: 64,
        events: 10,
        commands: 2_000,
        warm: true,
        goal: "≥ 6×",
    },
    Case { name: "64 in flight, cold", in_flight: 64, events: 1, commands: 6_000, warm: false, goal: "" },
];

pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let scratch = Scratch::new(target).await?;
    let lines = measure(&scratch, options).await;
    scratch.drop().await?;
    lines
}

async fn measure(scratch: &Scratch, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let mut connection = scratch.connect().await?;
    let stock = Stock::prepare(scratch.options(), &mut connection).await?;
    let floor = Floor::prepare(scratch.options(), &mut connection).await?;
    let mut lines = Vec::new();
    for case in &CASES {
        let (mut our_rates, mut stock_rates, mut floor_rates) = (vec![], vec![], vec![]);
        for _ in 0..options.rounds {
            our_rates.push(ours(scratch, case).await?);
            stock_rates.push(theirs(&stock, case).await?);
            if case.events == 1 {
                floor_rates.push(floor.rate(case.in_flight, Duration::from_secs(2)).await?);
            }
        }
        let figure = median(&mut our_rates);
        let name = format!("append, {}", case.name);
        lines.push(
            ResultLine::new(&name, figure, "commands/s")
                .beside(STOCK, median(&mut stock_rates))
                .goal(case.goal),
        );
        if case.events == 1 {
            let goal = if case.in_flight == 64 && case.warm { "≥ 1.5×" } else { "" };
            lines.push(
                ResultLine::new(&name, figure, "commands/s")
                    .beside(floor.name(), median(&mut floor_rates))
                    .goal(goal),
            );
        }
    }
    lines.push(one_stream(scratch, &stock, options).await?);
    Ok(lines)
}

/// 64 writers on one stream: successful commands per second.
async fn one_stream(scratch: &Scratch, stock: &Stock, options: Options) -> Result<ResultLine, BenchError> {
    let (mut our_rates, mut stock_rates) = (vec![], vec![]);
    for _ in 0..options.rounds {
        let author = authors(1)[0];
        let ours = KafedraLog::start(scratch.options()).await?;
        ours.add_notes(author, EVENTS_BEFORE).await?;
        let writer = ours.clone();
        our_rates.push(
            rate_for(64, CONTENTION, move || {
                let writer = writer.clone();
                async move { writer.add_notes(author, 1).await.map(|()| 1) }
            })
            .await?,
        );
        ours.close().await;
        stock.fill(&[author]).await?;
        let peer = stock.open(64).await?;
        let writer = peer.clone();
        stock_rates.push(
            rate_for(64, CONTENTION, move || {
                let writer = writer.clone();
                async move { writer.try_add_notes(author, 1).await.map(usize::from) }
            })
            .await?,
        );
        peer.close().await;
    }
    Ok(ResultLine::new("append, 64 writers on one stream", median(&mut our_rates), "commands/s")
        .beside(STOCK, median(&mut stock_rates))
        .goal("≥ 20×"))
}

async fn ours(scratch: &Scratch, case: &Case) -> Result<f64, BenchError> {
    let mut ours = KafedraLog::start(scratch.options()).await?;
    let authors = authors(case.commands);
    let filling = ours.clone();
    rate(256, authors.clone(), move |author: AccountId| {
        let filling = filling.clone();
        async move { filling.add_notes(author, EVENTS_BEFORE).await }
    })
    .await?;
    if !case.warm {
        ours.close().await;
        ours = KafedraLog::start(scratch.options()).await?;
    }
    let (working, events) = (ours.clone(), case.events);
    let rate = rate(case.in_flight, authors, move |author: AccountId| {
        let working = working.clone();
        async move { working.add_notes(author, events).await }
    })
    .await;
    ours.close().await;
    rate
}

async fn theirs(stock: &Stock, case: &Case) -> Result<f64, BenchError> {
    let authors = authors(case.commands);
    stock.fill(&authors).await?;
    let peer = stock.open(case.in_flight).await?;
    let (working, events) = (peer.clone(), case.events);
    let rate = rate(case.in_flight, authors, move |author: AccountId| {
        let working = working.clone();
        async move { working.add_notes(author, events).await }
    })
    .await;
    peer.close().await;
    rate
}
