//! Every report for twelve months by day, and a page of each list: live, and as of past instants.

use std::sync::Arc;
use std::time::Instant;

use commands::{Bus, LogSettings, MasterKey};
use domain::accounts::Locale;
use domain::{AccountId, SystemClock};
use jiff::{SignedDuration, Timestamp};
use projections::crm::analytics::{
    AsOf, FactFilter, Report, ReportError, ReportQuery, ReportResult, Value, compute_report, load_drilldown,
};
use sqlx::PgPool;

use super::lists::{LISTS, first_page};
use super::recount::bookings_by_day;
use super::source::ReportSource;
use crate::booking::app::MASTER_KEY;
use crate::error::BenchError;
use crate::listening::pool;
use crate::rng::SeededRng;
use crate::rounds::median;
use crate::scratch::Scratch;

const YEAR: SignedDuration = SignedDuration::from_hours(24 * 365);
/// The oldest instant of a question, in seconds before the present.
const BACK_SECONDS: usize = 180 * 86_400;
const RECOUNTS: usize = 3;
const PAGE: u32 = 50;

/// Response times of one question in milliseconds, sorted.
#[derive(Clone)]
pub(super) struct ResponseTimes {
    pub name: String,
    live: Vec<f64>,
    past: Vec<f64>,
}

impl ResponseTimes {
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

/// Response times of all questions.
pub(super) struct Answers {
    pub reports: Vec<ResponseTimes>,
    /// Reports of one teacher, agent or subject.
    pub filtered: Vec<ResponseTimes>,
    /// Facts behind the first series of each report.
    pub drilldowns: Vec<ResponseTimes>,
    pub lists: Vec<ResponseTimes>,
    /// Duration of a recount of bookings by day.
    pub recount_ms: f64,
}

/// Asks each report, its facts and each list `count` times live and `count` times as of the past.
/// Also measures a recount.
pub(super) async fn ask_all(scratch: &Scratch, now: Timestamp, count: usize) -> Result<Answers, BenchError> {
    let pool = pool(scratch.options()).await?;
    let master = MasterKey::new(MASTER_KEY);
    let clock = Arc::new(SystemClock);
    let bus = Bus::start(scratch.options().clone(), &master, clock, LogSettings::default()).await?;
    let asked = ReportSource { pool: &pool, log: bus.log(), now };
    let recount_ms = asked.recount().await?;
    let mut rng = SeededRng(11);
    let everything = FactFilter::default();
    let (mut reports, mut filtered, mut drilldowns) = (Vec::new(), Vec::new(), Vec::new());
    for what in Report::ALL {
        let ask = async |instant| asked.report(*what, &everything, instant).await.map(|_| ());
        reports.push(asked.wait(what.as_str(), count, &mut rng, ask).await?);
        for (name, filter) in of_one(&pool, *what).await? {
            let ask = async |instant| asked.report(*what, &filter, instant).await.map(|_| ());
            filtered.push(asked.wait(&format!("{}, {name}", what.as_str()), count, &mut rng, ask).await?);
        }
        let key = asked.key(*what).await?;
        let ask = async |instant| asked.behind(*what, &key, instant).await;
        drilldowns.push(asked.wait(what.as_str(), count, &mut rng, ask).await?);
    }
    let mut lists = Vec::new();
    for (name, list) in LISTS {
        let ask = async |instant: Option<Timestamp>| first_page(&asked, list, instant).await;
        lists.push(asked.wait(name, count, &mut rng, ask).await?);
    }
    bus.shutdown().await;
    pool.close().await;
    Ok(Answers { reports, filtered, drilldowns, lists, recount_ms })
}

impl ReportSource<'_> {
    async fn wait(
        &self,
        name: &str,
        count: usize,
        rng: &mut SeededRng,
        ask: impl AsyncFn(Option<Timestamp>) -> Result<(), BenchError>,
    ) -> Result<ResponseTimes, BenchError> {
        // The first requests open connections and prepare plans; they do not count.
        for _ in 0..3 {
            ask(None).await?;
        }
        let (mut live, mut past) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let begun = Instant::now();
            ask(None).await?;
            live.push(begun.elapsed().as_secs_f64() * 1_000.0);
            let instant = self.now - SignedDuration::from_secs(rng.below(BACK_SECONDS) as i64);
            let begun = Instant::now();
            ask(Some(instant)).await?;
            past.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        live.sort_by(f64::total_cmp);
        past.sort_by(f64::total_cmp);
        Ok(ResponseTimes { name: name.to_owned(), live, past })
    }

    /// Recounts with the peer, which must have the same figure.
    async fn recount(&self) -> Result<f64, BenchError> {
        let answer = self.report(Report::Bookings, &FactFilter::default(), None).await?;
        let mut waits = Vec::new();
        let mut counted = 0;
        for _ in 0..RECOUNTS {
            let begun = Instant::now();
            let days = bookings_by_day(self.pool, answer.from, answer.to).await?;
            waits.push(begun.elapsed().as_secs_f64() * 1_000.0);
            counted = days.iter().map(|(_, count)| count).sum();
        }
        let told = answer.totals.get("total").map(|total| total.value);
        if told != Some(Value::Whole(counted)) {
            return Err(BenchError::Wrong(format!("the log has {counted} bookings, the report {told:?}")));
        }
        Ok(median(&mut waits))
    }

    async fn report(
        &self,
        what: Report,
        filter: &FactFilter,
        instant: Option<Timestamp>,
    ) -> Result<ReportResult, BenchError> {
        let question = ReportQuery { filter: filter.clone(), ..self.year(what, instant).await? };
        compute_report(self.pool, &question).await.map_err(|error| failed(what, &error))
    }

    /// A series that exists at every instant of the questions.
    async fn key(&self, what: Report) -> Result<String, BenchError> {
        let totals = self.report(what, &FactFilter::default(), None).await?.totals;
        let key = totals.keys().find(|key| *key == "total").or(totals.keys().nth(1)).or(totals.keys().next());
        key.cloned().ok_or_else(|| BenchError::Wrong(format!("{} has no series", what.as_str())))
    }

    /// Reads the first page of the facts of a series.
    async fn behind(&self, what: Report, key: &str, instant: Option<Timestamp>) -> Result<(), BenchError> {
        let question = self.year(what, instant).await?;
        load_drilldown(self.pool, &question, key, None, PAGE).await.map_err(|error| failed(what, &error))?;
        Ok(())
    }

    /// The year before the present of the answer.
    async fn year(&self, what: Report, instant: Option<Timestamp>) -> Result<ReportQuery, BenchError> {
        let as_of = match instant {
            Some(instant) => Some(AsOf { instant, position: self.log.position_at(instant).await? }),
            None => None,
        };
        let question = ReportQuery::new(what, self.now, as_of, Locale::Ru);
        Ok(ReportQuery { from: question.to - YEAR, ..question })
    }
}

/// Each filter of a report, with a person who has facts.
async fn of_one(pool: &PgPool, what: Report) -> Result<Vec<(&'static str, FactFilter)>, BenchError> {
    let everybody = FactFilter::default();
    let mut filters = Vec::new();
    for name in what.filters() {
        filters.push(match *name {
            "subject" => {
                let subject = "select subject from crm.facts where subject is not null limit 1";
                let subject = sqlx::query_scalar(subject).fetch_one(pool).await?;
                ("of one subject", FactFilter { subject: Some(subject), ..everybody.clone() })
            }
            "teacher_id" => {
                let teacher_id = Some(owner(pool, "booked").await?);
                ("of one teacher", FactFilter { teacher_id, ..everybody.clone() })
            }
            "agent_id" => {
                let agent_id = Some(owner(pool, "first_response").await?);
                ("of one agent", FactFilter { agent_id, ..everybody.clone() })
            }
            _ => continue,
        });
    }
    Ok(filters)
}

async fn owner(pool: &PgPool, measure: &str) -> Result<AccountId, BenchError> {
    let owner = "select owner from crm.facts where measure = $1 and owner is not null limit 1";
    Ok(AccountId(sqlx::query_scalar(owner).bind(measure).fetch_one(pool).await?))
}

fn failed(what: Report, error: &ReportError) -> BenchError {
    BenchError::Listening(format!("{}: {error}", what.as_str()))
}

fn percentile(sorted: &[f64], part: f64) -> f64 {
    sorted.get(((sorted.len().saturating_sub(1)) as f64 * part) as usize).copied().unwrap_or(0.0)
}
