//! Every figure of every report, live and as of any instant, equals a recount of the log.

use std::collections::BTreeMap;

use domain::accounts::Locale;
use domain::scheduling::{NoShow, SlotEvent};
use domain::{AccountId, Actor, Event, Position, RecordedEvent};
use futures::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use projections::crm::analytics::{
    AsOf, Comparison, FactFilter, Report, ReportQuery, ReportResult, Value, compute_report, stream_drilldown,
};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use crate::history::History;
use crate::lives::Lives;
use crate::recount::{Figures, steps};
use crate::tables::Tables;
use crate::talks::Talks;

/// The same events with more time between them: hours become months.
fn stretched(events: &[RecordedEvent], factor: i32) -> Vec<RecordedEvent> {
    let first = events[0].recorded_at;
    let stretch = |recorded: &RecordedEvent| RecordedEvent {
        recorded_at: first + recorded.recorded_at.duration_since(first) * factor,
        ..recorded.clone()
    };
    events.iter().map(stretch).collect()
}

/// Completes every lesson with a booking; sometimes a student did not come.
fn end_lessons(history: &mut History, seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let booked = |recorded: &RecordedEvent| match &recorded.event {
        Event::Slot(SlotEvent::SeatBooked { booking_id, student, .. }) => {
            Some((recorded.stream.clone(), NoShow::Booking { booking_id: *booking_id, student: *student }))
        }
        _ => None,
    };
    let booked: BTreeMap<String, _> = history
        .events
        .iter()
        .filter_map(booked)
        .map(|lesson| (lesson.0.aggregate_id.clone(), lesson))
        .collect();
    for (stream, who) in booked.into_values() {
        let mut says = |event| history.record(stream.clone(), Actor::system("test"), Event::Slot(event));
        let missed = random.random_bool(0.5);
        if missed && random.random() {
            says(SlotEvent::NoShowRecorded { who });
        }
        says(SlotEvent::LessonCompleted { by: AccountId(Uuid::nil()) });
        if missed {
            says(SlotEvent::NoShowRecorded { who });
        }
    }
}

fn number(value: Value) -> f64 {
    match value {
        Value::Whole(value) => value as f64,
        Value::Quotient(value) => value,
    }
}

/// A question with random range, steps, grouping and filter.
fn question(
    random: &mut StdRng,
    report: Report,
    events: &[RecordedEvent],
    people: &[AccountId],
) -> ReportQuery {
    let (first, last) = (events[0].recorded_at, events.last().unwrap().recorded_at);
    let now = last + SignedDuration::from_hours(1);
    let mut question = ReportQuery::new(report, now, None, Locale::Ru);
    let span = now.duration_since(first).as_secs();
    let mut instant = || first + SignedDuration::from_secs(random.random_range(-90_000..=span));
    let (one, other) = (instant(), instant());
    question.from = one.min(other);
    question.to = if random.random_bool(0.3) { now } else { one.max(other) + SignedDuration::from_secs(1) };
    question.definition = random.random_range(1..=report.newest_definition());
    question.interval = *report.intervals().choose(random).unwrap();
    question.by = report.groupings().choose(random).map(|by| (*by).to_owned());
    let wanted = report.filters().choose(random).copied().filter(|_| random.random_bool(0.4));
    let person = people.choose(random).copied();
    question.filter = match wanted {
        Some("subject") => FactFilter { subject: Some("mathematics".to_owned()), ..FactFilter::default() },
        Some("teacher_id") => FactFilter { teacher_id: person, ..FactFilter::default() },
        Some("agent_id") => FactFilter { agent_id: person, ..FactFilter::default() },
        _ => FactFilter::default(),
    };
    question.compare = random.random_bool(0.2).then_some(Comparison::Previous);
    question
}

/// Compares every point and every total; returns how many were not zero.
fn compare(answer: &ReportResult, figures: &Figures<'_>, what: &str) -> usize {
    let mut alive = 0;
    let mut same = |served: (Value, i64), counted: (f64, i64), which: &str| {
        assert!((number(served.0) - counted.0).abs() < 1e-9, "{what}, {which}: {served:?} is {counted:?}");
        assert_eq!(served.1, counted.1, "{what}, {which}: sample");
        alive += usize::from(counted.1 > 0);
    };
    let is_retention = figures.question.report == Report::Retention;
    let bounds = steps(answer.from, answer.to, answer.interval);
    for series in &answer.series {
        let served: Vec<Timestamp> = series.points.iter().map(|point| point.t).collect();
        let expected = if is_retention {
            figures.followed(series.key.parse().unwrap(), figures.question.now)
        } else {
            bounds[..bounds.len() - 1].to_vec()
        };
        assert_eq!(served, expected, "{what}, {}", series.key);
        for (n, point) in series.points.iter().enumerate() {
            let end = if is_retention { point.t } else { bounds[n + 1] };
            let counted = figures.figure(&series.key, point.t, end);
            same((point.value, point.sample), counted, &format!("{} at {}", series.key, point.t));
        }
    }
    if !is_retention {
        for (key, total) in &answer.totals {
            same((total.value, total.sample), figures.figure(key, answer.from, answer.to), key);
        }
    }
    alive
}

/// Asks each report live and at twenty random past instants; returns how many figures were not zero.
async fn recounted(
    events: &[RecordedEvent],
    people: &[AccountId],
    reports: &[Report],
    seed: u64,
) -> Vec<usize> {
    let mut random = StdRng::seed_from_u64(seed);
    let tables = Tables::empty().await;
    let mut rest = events;
    while !rest.is_empty() {
        let (batch, behind) = rest.split_at(random.random_range(1..=rest.len().min(60)));
        tables.apply(batch).await;
        rest = behind;
    }
    let mut alive = vec![0; reports.len()];
    for (report_asked, alive) in reports.iter().zip(&mut alive) {
        for round in 0..21 {
            let mut asked = question(&mut random, *report_asked, events, people);
            let mut known = events.len();
            if round > 0 {
                let instant = events[random.random_range(0..events.len())].recorded_at;
                // Includes all events that share the instant.
                known = events.iter().take_while(|event| event.recorded_at <= instant).count();
                asked.as_of = Some(AsOf { instant, position: Position(known as u64) });
                asked.now = instant;
            }
            let answer = compute_report(&tables.pool, &asked).await.unwrap();
            let figures = Figures { events: &events[..known], question: &asked };
            let what = format!("seed {seed}, {asked:?}");
            *alive += compare(&answer, &figures, &what);
            if let Some(previous) = &answer.previous {
                let length = |from: Timestamp, to: Timestamp| to.duration_since(from);
                assert_eq!(previous.to, answer.from, "{what}");
                assert_eq!(length(previous.from, previous.to), length(answer.from, answer.to), "{what}");
                let before =
                    ReportQuery { from: previous.from, to: previous.to, compare: None, ..asked.clone() };
                let alone = compute_report(&tables.pool, &before).await.unwrap();
                assert_eq!((&previous.series, &previous.totals), (&alone.series, &alone.totals), "{what}");
            }
            drilled(&tables, &answer, &asked, &what).await;
        }
    }
    alive
}

/// Recounts several installations; every report has a figure in at least one of them.
async fn all_recounted(reports: &[Report], schools: Vec<(Vec<RecordedEvent>, Vec<AccountId>)>) {
    let mut alive = vec![0; reports.len()];
    for (seed, (events, people)) in (0..).zip(schools) {
        for (sum, some) in alive.iter_mut().zip(recounted(&events, &people, reports, seed).await) {
            *sum += some;
        }
    }
    for (report, alive) in reports.iter().zip(alive) {
        assert!(alive > 0, "{report:?} had nothing to show");
    }
}

/// A count has as many facts; a sum is the sum of their values.
async fn drilled(tables: &Tables, answer: &ReportResult, asked: &ReportQuery, what: &str) {
    for series in &answer.series {
        let Some(total) = answer.totals.get(&series.key) else { continue };
        let Value::Whole(value) = total.value else { continue };
        if series.unit.as_str() == "seconds" || asked.report == Report::ActiveUsers {
            continue;
        }
        let (_, rows) = stream_drilldown(&tables.pool, asked, &series.key).await.unwrap();
        let rows: Vec<_> = rows.try_collect().await.unwrap();
        let sum: i64 = rows.iter().map(|row| row.value).sum();
        let counted = if series.unit.as_str() == "count" { rows.len() as i64 } else { sum };
        assert_eq!(counted, value, "{what}, {}", series.key);
        assert!(rows.iter().all(|row| (asked.from..asked.to).contains(&row.at)), "{what}");
    }
}

#[tokio::test]
async fn figures_of_people_and_tickets_are_a_recount_of_the_log() {
    let reports = [
        Report::Registrations,
        Report::ActiveUsers,
        Report::Funnel,
        Report::Retention,
        Report::Tickets,
        Report::TicketCategories,
        Report::ResponseTimes,
        Report::ResolutionTimes,
        Report::Sla,
        Report::Csat,
    ];
    let school = |seed| {
        let history = History::random(seed, 500);
        (stretched(&history.events, 150), history.people)
    };
    all_recounted(&reports, (0..2).map(school).collect()).await;
}

#[tokio::test]
async fn figures_of_lessons_are_a_recount_of_the_log() {
    let reports = [
        Report::Bookings,
        Report::LessonsHeld,
        Report::Cancellations,
        Report::NoShows,
        Report::Utilisation,
        Report::Revenue,
        Report::Funnel,
        Report::Requests,
    ];
    let school = |seed| {
        let mut lives = Lives::lived(seed, 900);
        end_lessons(&mut lives.history, seed);
        (stretched(&lives.history.events, 60), lives.history.people)
    };
    all_recounted(&reports, (0..3).map(school).collect()).await;
}

#[tokio::test]
async fn figures_of_messages_are_a_recount_of_the_log() {
    let talks = Talks::held(5, 400);
    let school = (stretched(&talks.history.events, 100), talks.history.people);
    all_recounted(&[Report::Messages], vec![school]).await;
}
