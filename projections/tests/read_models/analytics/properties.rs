//! Random histories: past figures do not change, and each figure has as many facts as it says.

use domain::RecordedEvent;
use futures::TryStreamExt;
use jiff::Timestamp;
use projections::crm::analytics::{
    AsOf, DrillRow, Figure, Interval, Report, ReportQuery, Unit, Value, load_drilldown, stream_drilldown,
};
use sqlx::PgPool;

use super::{answer, as_of, behind, year};
use crate::history::History;
use crate::lives::Lives;
use crate::tables::Tables;

/// The same events over weeks instead of hours.
fn over_weeks(events: &[RecordedEvent]) -> Vec<RecordedEvent> {
    let begin = events[0].recorded_at;
    let later = |at: Timestamp| begin + at.duration_since(begin) * 120;
    events
        .iter()
        .map(|event| RecordedEvent { recorded_at: later(event.recorded_at), ..event.clone() })
        .collect()
}

fn histories() -> Vec<Vec<RecordedEvent>> {
    vec![over_weeks(&History::random(50, 600).events), over_weeks(&Lives::lived(51, 700).history.events)]
}

/// Every report over the time of these events, from and to the middle of a day.
fn questions(events: &[RecordedEvent]) -> Vec<ReportQuery> {
    let (first, last) = (events[0].recorded_at, events[events.len() - 1].recorded_at);
    let span = last.duration_since(first);
    let mut questions = Vec::new();
    for report in Report::ALL.iter().copied() {
        let whole = year(report);
        let part = ReportQuery { from: first + span / 5, to: first + span / 2, ..whole.clone() };
        for question in [whole, part] {
            questions.push(question.clone());
            for by in report.groupings().iter().skip(1) {
                questions.push(ReportQuery { by: Some((*by).to_owned()), ..question.clone() });
            }
        }
    }
    questions
}

#[tokio::test]
async fn as_of_an_event_everything_is_as_it_was_right_after_it() {
    for events in histories() {
        let tables = Tables::empty().await;
        let questions = questions(&events);
        let mut shown = Vec::new();
        for batch in events.chunks(events.len() / 9) {
            tables.apply(batch).await;
            let last = &batch[batch.len() - 1];
            for question in &questions {
                let now = ReportQuery { now: last.recorded_at, ..question.clone() };
                shown.push((as_of(question, last), answer(&tables.pool, &now).await));
            }
        }
        for (question, then) in shown {
            let mut found = answer(&tables.pool, &question).await;
            assert_eq!(found.as_of_position, question.as_of.unwrap().position);
            found.as_of_position = then.as_of_position;
            assert_eq!(found, then, "{question:?}");
        }
    }
}

#[tokio::test]
async fn behind_a_figure_are_the_facts_that_it_counts() {
    for events in histories() {
        let pool = Tables::of(&events).await.pool;
        let then = &events[events.len() * 2 / 3];
        let asked = questions(&events);
        let mut seen = 0;
        for question in asked.iter().cloned().chain(asked.iter().map(|question| as_of(question, then))) {
            let found = answer(&pool, &question).await;
            for series in &found.series {
                let total = found.totals[&series.key];
                let behind = behind(&pool, &question, &series.key).await;
                let expected = match series.unit {
                    Unit::Count => Figure { value: Value::Whole(behind.len() as i64), ..total },
                    Unit::Minutes | Unit::Money => {
                        Figure { value: Value::Whole(behind.iter().map(|row| row.value).sum()), ..total }
                    }
                    Unit::Seconds | Unit::Points => Figure { sample: behind.len() as i64, ..total },
                    Unit::Ratio => continue,
                };
                seen += behind.len();
                assert_eq!(total, expected, "{} of {question:?}", series.key);
            }
        }
        assert!(seen > 500, "too little happened: {seen}");
    }
}

/// The figure of a point equals the total of its range.
#[tokio::test]
async fn a_point_is_the_figure_of_its_own_range() {
    for events in histories() {
        let pool = Tables::of(&events).await.pool;
        for question in questions(&events).into_iter().filter(|q| q.report != Report::Retention) {
            let weekly = answer(&pool, &ReportQuery { interval: Interval::Week, ..question.clone() }).await;
            let starts: Vec<_> = weekly.series[0].points.iter().map(|point| point.t).collect();
            for (n, from) in starts.iter().copied().enumerate().take(5) {
                let to = starts.get(n + 1).copied().unwrap_or(weekly.to);
                let own = answer(&pool, &ReportQuery { from, to, ..question.clone() }).await;
                for series in &weekly.series {
                    let point = Figure { value: series.points[n].value, sample: series.points[n].sample };
                    assert_eq!(own.totals[&series.key], point, "{} of {question:?} at {from}", series.key);
                }
            }
        }
    }
}

#[tokio::test]
async fn pages_of_facts_are_the_export_of_them() {
    let events = over_weeks(&Lives::lived(52, 700).history.events);
    let pool = Tables::of(&events).await.pool;
    let last = &events[events.len() - 1];
    let as_of = Some(AsOf { instant: last.recorded_at, position: last.position });
    let mut seen = 0;
    for what in Report::ALL {
        let question = ReportQuery { as_of, ..year(*what) };
        for key in answer(&pool, &question).await.totals.keys() {
            let (position, rows) = stream_drilldown(&pool, &question, key).await.unwrap();
            let all: Vec<_> = rows.try_collect().await.unwrap();
            assert_eq!(position, last.position);
            assert_eq!(paged(&pool, &question, key).await, all, "{key} of {}", what.as_str());
            seen += all.len();
        }
    }
    assert!(seen > 200, "{seen} are too few to tell");
}

async fn paged(pool: &PgPool, question: &ReportQuery, key: &str) -> Vec<DrillRow> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = load_drilldown(pool, question, key, after, 7).await.unwrap().page;
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}
