//! Figures of lessons: offered, booked, moved, cancelled, held, and held no longer.

use domain::scheduling::{BookedBy, LessonFormat, Party, Period, SlotEvent};
use domain::{Currency, Money};
use jiff::Timestamp;
use projections::crm::analytics::{
    DateOf, FactFilter, Interval, InvalidQuery, Report, ReportError, ReportQuery, Value, compute_report,
    load_dashboard,
};

use super::{answer, as_of, behind, last, map, points, totals, within, year};
use crate::school::{Offer, School};
use crate::tables::Tables;

#[tokio::test]
async fn a_school_without_events_has_every_figure_and_each_is_zero() {
    let pool = Tables::empty().await.pool;
    for kind in Report::ALL.iter().copied() {
        let interval = if kind == Report::Retention { Interval::Week } else { Interval::Month };
        let question = ReportQuery { interval, ..year(kind) };
        let found = answer(&pool, &question).await;
        assert!(!found.series.is_empty() && !found.totals.is_empty(), "{kind:?}");
        let points = found.series.iter().flat_map(|series| &series.points);
        let all: Vec<_> = points
            .map(|p| (p.value, p.sample))
            .chain(found.totals.values().map(|figure| (figure.value, figure.sample)))
            .collect();
        let is_zero = |(value, sample): &(Value, i64)| {
            matches!(value, Value::Whole(0))
                || (matches!(value, Value::Quotient(v) if *v == 0.0) && *sample == 0)
        };
        assert!(!all.is_empty() && all.iter().all(is_zero), "{kind:?}");
        if kind != Report::Retention {
            assert!(found.series.iter().all(|series| series.points.len() == 12), "{kind:?}");
        }
    }
    let figures = load_dashboard(&pool, Timestamp::UNIX_EPOCH, None, None).await.unwrap();
    assert_eq!((figures.users.total, figures.tickets.first_response_median_seconds), (0, None));
}

#[tokio::test]
async fn a_held_lesson_is_taken_back_by_a_late_absence_but_not_for_those_who_ask_of_before() {
    let mut school = School::new(1);
    let (vera, anna) = (school.teacher("vera"), school.student("anna"));
    let slot = school.offers(vera, &Offer::at("2026-06-01T10:00:00Z"));
    let booking = school.books(slot, anna);
    school.history.waits_until("2026-06-01T11:00:00Z");
    school.completes(slot, vera);
    school.history.waits_until("2026-06-03T11:00:00Z");
    school.misses(slot, booking, anna);
    let events = &school.history.events;
    let pool = Tables::of(events).await.pool;
    let completed = last(events, "LessonCompleted");

    let held = year(Report::LessonsHeld);
    assert_eq!(totals(&pool, &held).await, map([]));
    let then = as_of(&held, completed);
    assert_eq!(totals(&pool, &then).await, map([("regular", 1.0), ("total", 1.0)]));
    assert_eq!(points(&pool, &then, "total").await, map([("2026-05-31T21:00:00Z", 1.0)]));
    assert_eq!(behind(&pool, &then, "total").await[0].entity_id, slot.uuid());

    let revenue = year(Report::Revenue);
    assert_eq!(totals(&pool, &revenue).await, map([("booked", 150_000.0)]));
    let both = map([("booked", 150_000.0), ("held", 150_000.0)]);
    assert_eq!(totals(&pool, &as_of(&revenue, completed)).await, both);
    let funnel = as_of(&year(Report::Funnel), completed);
    assert_eq!(totals(&pool, &funnel).await.get("first_lesson_held"), Some(&1.0));
    assert_eq!(totals(&pool, &year(Report::Funnel)).await.get("first_lesson_held"), None);
    let absent = map([("student", 1.0), ("total", 1.0)]);
    assert_eq!(totals(&pool, &year(Report::NoShows)).await, absent);
}

/// A9: a lesson of June that the teacher completes in July is of June by its own date.
#[tokio::test]
async fn a9_lessons_and_money_count_by_the_date_of_the_lesson() {
    let mut school = School::new(1);
    let (vera, anna) = (school.teacher("vera"), school.student("anna"));
    let slot = school.offers(vera, &Offer::at("2026-06-01T10:00:00Z"));
    let booking = school.books(slot, anna);
    school.history.waits_until("2026-07-03T11:00:00Z");
    school.completes(slot, vera);
    let pool = Tables::of(&school.history.events).await.pool;
    let june = |report, date_of| ReportQuery {
        date_of,
        ..within(year(report), "2026-05-31T21:00:00Z", "2026-06-30T21:00:00Z", Interval::Month)
    };
    let revenue = june(Report::Revenue, DateOf::Lesson);
    let both = map([("booked", 150_000.0), ("held", 150_000.0)]);
    assert_eq!(totals(&pool, &revenue).await, both);
    assert_eq!(behind(&pool, &revenue, "held").await[0].entity_id, booking.uuid());
    assert_eq!(totals(&pool, &june(Report::Revenue, DateOf::Decision)).await.get("held"), None);
    let held = map([("regular", 1.0), ("total", 1.0)]);
    assert_eq!(totals(&pool, &june(Report::LessonsHeld, DateOf::Lesson)).await, held);
    assert_eq!(totals(&pool, &june(Report::LessonsHeld, DateOf::Decision)).await, map([]));
    let by_teacher = ReportQuery { by: Some("teacher".to_owned()), ..revenue };
    assert_eq!(totals(&pool, &by_teacher).await.get(&format!("held:{vera}")), Some(&150_000.0));
    let question = ReportQuery { date_of: DateOf::Lesson, ..year(Report::Bookings) };
    let refused = compute_report(&pool, &question).await;
    assert!(matches!(refused, Err(ReportError::Refused(InvalidQuery::UnsupportedFilter("date_of")))));
}

/// A10: a lesson that is over and not completed shows, with its price, until it is completed.
#[tokio::test]
async fn a10_a_lesson_without_a_decision_is_unresolved_from_its_end() {
    let mut school = School::new(2);
    let (vera, anna) = (school.teacher("vera"), school.student("anna"));
    let slot = school.offers(vera, &Offer::at("2026-06-01T10:00:00Z"));
    school.offers(vera, &Offer::at("2026-06-01T15:00:00Z"));
    school.books(slot, anna);
    school.history.waits_until("2026-07-03T11:00:00Z");
    school.completes(slot, vera);
    let events = &school.history.events;
    let pool = Tables::of(events).await.pool;
    let question = year(Report::Unresolved);
    assert_eq!(totals(&pool, &question).await, map([]), "it is completed");
    let booked = as_of(&question, last(events, "SeatBooked"));
    for (now, expected) in [
        ("2026-06-01T10:59:00Z", map([])),
        ("2026-06-01T11:01:00Z", map([("regular", 1.0), ("total", 1.0), ("price", 150_000.0)])),
    ] {
        let question = ReportQuery { now: now.parse().unwrap(), ..booked.clone() };
        assert_eq!(totals(&pool, &question).await, expected, "{now}");
        assert_eq!(behind(&pool, &question, "price").await.len(), expected.len().min(1), "{now}");
    }
}

#[tokio::test]
async fn a_lesson_that_moves_to_another_day_takes_its_minutes_along() {
    let mut school = School::new(2);
    let (vera, anna) = (school.teacher("vera"), school.student("anna"));
    let slot = school.offers(vera, &Offer { minutes: 90, ..Offer::at("2026-06-01T10:00:00Z") });
    school.offers(vera, &Offer::at("2026-06-01T15:00:00Z"));
    school.books(slot, anna);
    // Half past eleven in the evening is the next day in Moscow.
    let to = Period::of_minutes("2026-06-02T21:30:00Z".parse().unwrap(), 90).unwrap();
    let from = Period::of_minutes("2026-06-01T10:00:00Z".parse().unwrap(), 90).unwrap();
    school.says(slot, SlotEvent::LessonMoved { from, to, people: vec![vera, anna] });
    let pool = Tables::of(&school.history.events).await.pool;
    let question = year(Report::Utilisation);
    let (first, third) = ("2026-05-31T21:00:00Z", "2026-06-02T21:00:00Z");
    assert_eq!(points(&pool, &question, "offered").await, map([(first, 60.0), (third, 90.0)]));
    assert_eq!(points(&pool, &question, "booked").await, map([(third, 90.0)]));
    assert_eq!(totals(&pool, &question).await["utilisation"], 0.6);
    let before = as_of(&question, last(&school.history.events, "SeatBooked"));
    assert_eq!(points(&pool, &before, "booked").await, map([(first, 90.0)]));
}

#[tokio::test]
async fn a_cancelled_lesson_was_booked_but_is_offered_no_more() {
    let mut school = School::new(3);
    let (vera, anna) = (school.teacher("vera"), school.student("anna"));
    let slot = school.offers(vera, &Offer::at("2026-06-01T10:00:00Z"));
    let booking = school.books(slot, anna);
    school.cancels(slot, booking, anna, Party::Teacher, None);
    school.says(slot, SlotEvent::LessonCancelled { by: Party::Teacher, reason: None });
    let pool = Tables::of(&school.history.events).await.pool;
    assert_eq!(totals(&pool, &year(Report::Utilisation)).await, map([]));
    assert_eq!(totals(&pool, &year(Report::Bookings)).await, map([("regular", 1.0), ("total", 1.0)]));
    let sides = year(Report::Cancellations);
    assert_eq!(totals(&pool, &sides).await, map([("teacher", 1.0), ("total", 1.0)]));
    let notice = ReportQuery { by: Some("notice".to_owned()), ..sides };
    assert_eq!(totals(&pool, &notice).await, map([("in_time", 1.0), ("total", 1.0)]));
}

#[tokio::test]
async fn a_range_may_begin_and_end_in_the_middle_of_a_day() {
    let mut school = School::new(4);
    let vera = school.teacher("vera");
    let starts =
        ["2026-06-01T08:00:00Z", "2026-06-01T12:00:00Z", "2026-06-02T03:00:00Z", "2026-06-03T09:00:00Z"];
    for starts_at in starts {
        school.offers(vera, &Offer::at(starts_at));
    }
    let pool = Tables::of(&school.history.events).await.pool;
    let asked = |from, to| within(year(Report::Utilisation), from, to, Interval::Day);
    for (from, to, minutes) in [
        ("2026-06-01T12:00:00Z", "2026-06-03T09:00:00Z", 120.0),
        ("2026-06-01T12:00:01Z", "2026-06-03T09:00:01Z", 120.0),
        ("2026-06-01T08:00:00Z", "2026-06-01T12:00:00Z", 60.0),
        ("2026-05-31T21:00:00Z", "2026-06-01T21:00:00Z", 120.0),
        ("2026-06-01T20:59:00Z", "2026-06-01T21:01:00Z", 0.0),
    ] {
        let question = asked(from, to);
        let found = totals(&pool, &question).await.get("offered").copied().unwrap_or_default();
        assert_eq!(found, minutes, "{from} {to}");
        let behind = behind(&pool, &question, "offered").await;
        assert_eq!(behind.iter().map(|row| row.value).sum::<i64>() as f64, minutes, "{from} {to}");
    }
    let question = asked("2026-06-01T12:00:00Z", "2026-06-03T09:00:00Z");
    let found = points(&pool, &question, "offered").await;
    assert_eq!(found, map([("2026-06-01T12:00:00Z", 60.0), ("2026-06-01T21:00:00Z", 60.0)]));
}

#[tokio::test]
async fn figures_are_of_whom_and_what_the_filter_says() {
    let mut school = School::new(5);
    let (vera, pavel, anna) = (school.teacher("vera"), school.teacher("pavel"), school.student("anna"));
    let chess =
        Offer { subject: "chess", format: LessonFormat::Offline, ..Offer::at("2026-06-01T10:00:00Z") };
    let slots = [
        school.offers(vera, &Offer::at("2026-06-02T10:00:00Z")),
        school.offers(vera, &chess),
        school.offers(pavel, &chess),
    ];
    for slot in slots {
        school.books(slot, anna);
        school.completes(slot, vera);
    }
    let pool = Tables::of(&school.history.events).await.pool;
    let asked = |filter| ReportQuery { filter, ..year(Report::LessonsHeld) };
    let subject = Some("chess".to_owned());
    let of_chess = asked(FactFilter { subject: subject.clone(), ..FactFilter::default() });
    let of_both = asked(FactFilter { subject, teacher_id: Some(vera), ..FactFilter::default() });
    for (question, lessons) in [(asked(FactFilter::default()), 3.0), (of_chess, 2.0), (of_both, 1.0)] {
        assert_eq!(totals(&pool, &question).await["total"], lessons);
        assert_eq!(behind(&pool, &question, "total").await.len() as f64, lessons);
    }
    let formats = ReportQuery { by: Some("format".to_owned()), ..year(Report::LessonsHeld) };
    let expected = map([("online", 1.0), ("offline", 2.0), ("total", 3.0)]);
    assert_eq!(totals(&pool, &formats).await, expected);
}

#[tokio::test]
async fn money_is_of_one_currency_and_compared_with_the_time_before() {
    let mut school = School::new(6);
    let (vera, anna) = (school.teacher("vera"), school.student("anna"));
    for (day, amount, currency) in
        [("2026-06-01", 100, Currency::RUB), ("2026-06-02", 30, Currency::RUB), ("2026-06-02", 7, euro())]
    {
        school.history.waits_until(&format!("{day}T09:00:00Z"));
        let slot = school.offers(vera, &Offer::at("2026-07-01T10:00:00Z"));
        school.books_for(slot, anna, Money { amount, currency }, BookedBy::Teacher);
    }
    let pool = Tables::of(&school.history.events).await.pool;
    let asked = within(year(Report::Revenue), "2026-06-01T21:00:00Z", "2026-06-02T21:00:00Z", Interval::Day);
    let compare = projections::crm::analytics::Comparison::parse("previous");
    let found = answer(&pool, &ReportQuery { compare, ..asked.clone() }).await;
    assert_eq!((found.totals["booked"].value, found.totals["booked"].sample), (Value::Whole(30), 1));
    let previous = found.previous.unwrap();
    assert_eq!(previous.from.to_string(), "2026-05-31T21:00:00Z");
    assert_eq!(previous.totals["booked"].value, Value::Whole(100));
    let in_euro = ReportQuery { currency: Some(euro()), ..asked };
    assert_eq!(totals(&pool, &in_euro).await, map([("booked", 7.0)]));
}

fn euro() -> Currency {
    Currency::parse("EUR").unwrap()
}

#[tokio::test]
async fn a_report_refuses_what_it_does_not_take() {
    let pool = Tables::empty().await.pool;
    let base = year(Report::Messages);
    let agent_id = Some(domain::AccountId(uuid::Uuid::nil()));
    let long = within(base.clone(), "2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z", Interval::Month);
    let fine = within(base.clone(), "2022-01-01T00:00:00Z", "2026-01-01T00:00:00Z", Interval::Day);
    let cases = [
        (
            ReportQuery { by: Some("kind".to_owned()), ..base.clone() },
            InvalidQuery::UnsupportedGrouping(base.report),
        ),
        (ReportQuery { currency: Some(euro()), ..base.clone() }, InvalidQuery::UnsupportedFilter("currency")),
        (
            ReportQuery { filter: FactFilter { agent_id, ..FactFilter::default() }, ..base.clone() },
            InvalidQuery::UnsupportedFilter("agent_id"),
        ),
        (ReportQuery { to: base.from, ..base.clone() }, InvalidQuery::EmptyRange),
        (long, InvalidQuery::RangeTooLong),
        (fine, InvalidQuery::TooManyPoints),
        (
            ReportQuery { interval: Interval::Day, ..year(Report::Retention) },
            InvalidQuery::UnsupportedInterval(Report::Retention),
        ),
    ];
    for (question, refusal) in cases {
        let Err(ReportError::Refused(found)) = compute_report(&pool, &question).await else {
            panic!("{refusal:?}")
        };
        assert_eq!(found, refusal);
    }
}
