//! The catalogue over HTTP: 5,000 teachers with 200,000 slots, varied filters at a steady pace.

mod catalogue_data;
mod questions;
mod server;

use std::time::{Duration, Instant};

use domain::{Clock, SystemClock};
use projections::accounts::teachers_plan;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

pub(crate) use self::catalogue_data::SUBJECTS;

use self::questions::{Question, questions, samples};
use self::server::Server;
use crate::error::BenchError;
use crate::listening::pool;
use crate::result_line::ResultLine;
use crate::scratch::Scratch;
use crate::target::{Options, Target};

const PER_SECOND: u32 = 200;
/// Duration of each round in seconds.
const SECONDS: u32 = 6;
const LIMIT: u32 = 25;

pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let scratch = Scratch::new(target).await?;
    let waits = measure(target, &scratch, options).await;
    scratch.drop().await?;
    let mut waits = waits?;
    waits.sort_by(f64::total_cmp);
    let percentile = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize];
    let name = |what: &str| format!("GET /teachers, {PER_SECOND} requests/s, {what}");
    Ok(vec![
        ResultLine::new(name("p50"), percentile(0.5), "ms"),
        ResultLine::new(name("p99"), percentile(0.99), "ms").goal("< 50 ms"),
        ResultLine::new(name("slowest"), percentile(1.0), "ms"),
    ])
}

/// Postgres' plans for each kind of question, as text.
///
/// # Errors
/// If the database fails.
pub async fn teachers_plans(target: &Target) -> Result<String, BenchError> {
    let scratch = Scratch::new(target).await?;
    let text = plans(&scratch).await;
    scratch.drop().await?;
    text
}

async fn plans(scratch: &Scratch) -> Result<String, BenchError> {
    let pool = pool(scratch.options()).await?;
    let now = SystemClock.now();
    catalogue_data::fill(&pool, now).await?;
    let mut text = String::new();
    for Question { filter, sort, query } in samples(now) {
        text.push_str(&format!("GET /teachers?{query}\n"));
        let plan = teachers_plan(&pool, &filter, sort, now, LIMIT).await;
        for line in plan.map_err(|error| BenchError::Listening(error.to_string()))? {
            text.push_str(&format!("  {line}\n"));
        }
        text.push('\n');
    }
    pool.close().await;
    Ok(text)
}

async fn measure(target: &Target, scratch: &Scratch, options: Options) -> Result<Vec<f64>, BenchError> {
    let pool = pool(scratch.options()).await?;
    let now = SystemClock.now();
    catalogue_data::fill(&pool, now).await?;
    pool.close().await;
    let server = Server::start(target, scratch.options()).await?;
    let count = PER_SECOND * SECONDS * u32::try_from(options.rounds).unwrap_or(5);
    let questions: Vec<String> =
        questions(now, count as usize).into_iter().map(|question| server.url(&question.query)).collect();
    // The first requests open connections and read the tables; they do not count.
    paced(&server, &questions[..questions.len().min(400)]).await?;
    let waits = paced(&server, &questions).await;
    server.end().await;
    waits
}

/// Sends one request per tick, whether the earlier ones are answered or not; each duration begins at its
/// tick.
async fn paced(server: &Server, urls: &[String]) -> Result<Vec<f64>, BenchError> {
    let client = server.client()?;
    let mut ticks = interval(Duration::from_secs(1) / PER_SECOND);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut requests = JoinSet::new();
    for url in urls {
        let due: Instant = ticks.tick().await.into();
        let (client, url) = (client.clone(), url.clone());
        requests.spawn(async move {
            let answer = client.get(&url).send().await.and_then(|answer| answer.error_for_status());
            let body = answer.map_err(peer)?.bytes().await.map_err(peer)?;
            debug_assert!(!body.is_empty());
            Ok::<_, BenchError>(due.elapsed().as_secs_f64() * 1_000.0)
        });
    }
    let mut waits = Vec::new();
    while let Some(wait) = requests.join_next().await {
        waits.push(wait.expect("a request does not panic")?);
    }
    Ok(waits)
}

fn peer(error: reqwest::Error) -> BenchError {
    BenchError::Server(error.to_string())
}
