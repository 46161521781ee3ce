//! Reports count events as of the instant of the question.

mod figures;
mod people;
mod properties;
mod tickets;

use std::collections::BTreeMap;

use domain::accounts::Locale;
use domain::{Event, RecordedEvent};
use jiff::Timestamp;
use projections::crm::analytics::{
    AsOf, DrillRow, Interval, Report, ReportQuery, ReportResult, Value, compute_report, load_drilldown,
};
use sqlx::PgPool;

/// A question by day for one whole year.
fn year(report: Report) -> ReportQuery {
    let now: Timestamp = "2026-12-31T12:00:00Z".parse().unwrap();
    let question = ReportQuery::new(report, now, None, Locale::En);
    let interval = question.interval;
    within(question, "2025-12-31T21:00:00Z", "2026-12-31T21:00:00Z", interval)
}

fn within(question: ReportQuery, from: &str, to: &str, interval: Interval) -> ReportQuery {
    ReportQuery { from: from.parse().unwrap(), to: to.parse().unwrap(), interval, ..question }
}

/// The question as of this event of a history.
fn as_of(question: &ReportQuery, event: &RecordedEvent) -> ReportQuery {
    let as_of = AsOf { instant: event.recorded_at, position: event.position };
    ReportQuery { as_of: Some(as_of), now: event.recorded_at, ..question.clone() }
}

fn number(value: Value) -> f64 {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        Value::Whole(value) => value as f64,
        Value::Quotient(value) => value,
    }
}

async fn answer(pool: &PgPool, question: &ReportQuery) -> ReportResult {
    compute_report(pool, question).await.unwrap()
}

/// Totals of an answer that are not 0.
async fn totals(pool: &PgPool, question: &ReportQuery) -> BTreeMap<String, f64> {
    let totals = answer(pool, question).await.totals;
    let totals = totals.into_iter().map(|(key, figure)| (key, number(figure.value)));
    totals.filter(|(_, value)| *value != 0.0).collect()
}

fn map<const N: usize>(figures: [(&str, f64); N]) -> BTreeMap<String, f64> {
    figures.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Points of a series that are not 0, by instant.
async fn points(pool: &PgPool, question: &ReportQuery, key: &str) -> BTreeMap<String, f64> {
    let series = answer(pool, question).await.series;
    let series = series.into_iter().find(|series| series.key == key).unwrap();
    let points = series.points.into_iter().map(|point| (point.t.to_string(), number(point.value)));
    points.filter(|(_, value)| *value != 0.0).collect()
}

async fn behind(pool: &PgPool, question: &ReportQuery, key: &str) -> Vec<DrillRow> {
    load_drilldown(pool, question, key, None, 10_000).await.unwrap().page.rows
}

/// The last event of this type.
fn last<'a>(events: &'a [RecordedEvent], event_type: &str) -> &'a RecordedEvent {
    let is_it = |event: &&RecordedEvent| Event::event_type(&event.event) == event_type;
    events.iter().rev().find(is_it).unwrap()
}
