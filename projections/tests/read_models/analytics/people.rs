//! Figures of people: registered, active, returned, and steps reached.

use domain::accounts::{AccountCommand, ProfileChanges};
use domain::{AccountId, Role, SessionId};
use projections::crm::analytics::{FactFilter, Interval, Report, ReportQuery, load_dashboard};

use super::{answer, as_of, behind, map, number, points, totals, within, year};
use crate::history::History;
use crate::school::{Offer, School};
use crate::tables::Tables;

impl History {
    fn signs_in(&mut self, id: AccountId, instant: &str) {
        self.waits_until(instant);
        let user_agent = self.mark(id);
        self.does(id, AccountCommand::RecordSignIn { session_id: SessionId(id.uuid()), user_agent });
    }
}

/// Monday, 2 February 2026, noon in Moscow, and other days of that week.
const MONDAY: &str = "2026-02-02T09:00:00Z";
const WEDNESDAY: &str = "2026-02-04T09:00:00Z";
const NEXT_MONDAY: &str = "2026-02-09T09:00:00Z";

/// A13: cohorts of one role leave out the others, such as staff who sign in daily.
#[tokio::test]
async fn a13_cohorts_are_asked_by_role() {
    let mut school = School::new(21);
    let history = &mut school.history;
    history.waits_until(MONDAY);
    let anna = history.registers(Role::Student, "Анна", "anna");
    let agent = history.registers(Role::Support, "Агент", "agent");
    history.signs_in(anna, WEDNESDAY);
    history.signs_in(agent, NEXT_MONDAY);
    let pool = Tables::of(&history.events).await.pool;
    let asked = |role| {
        let filter = FactFilter { role, ..FactFilter::default() };
        let question = ReportQuery { filter, ..year(Report::Retention) };
        within(question, "2026-02-01T21:00:00Z", "2026-02-08T21:00:00Z", Interval::Week)
    };
    for (role, size, returned) in
        [(None, 2, 0.5), (Some(Role::Student), 1, 0.0), (Some(Role::Support), 1, 1.0)]
    {
        let found = answer(&pool, &asked(role)).await;
        let point = &found.series[0].points[1];
        assert_eq!((point.sample, number(point.value)), (size, returned), "{role:?}");
        assert!(behind(&pool, &asked(role), "2026-02-02").await.len() >= 2, "{role:?}");
    }
}

#[tokio::test]
async fn who_is_active_on_many_days_is_one_person_in_each_step_and_in_the_range() {
    let mut school = School::new(20);
    let history = &mut school.history;
    history.waits_until("2026-01-20T09:00:00Z");
    let anna = history.registers(domain::Role::Student, "Анна", "anna");
    let vera = history.registers(domain::Role::Teacher, "Вера", "vera");
    for instant in [MONDAY, "2026-02-02T20:50:00Z", "2026-02-02T21:10:00Z", WEDNESDAY, NEXT_MONDAY] {
        history.signs_in(anna, instant);
    }
    history.signs_in(vera, NEXT_MONDAY);
    history.does(vera, AccountCommand::RecordSignInFailure { user_agent: history.mark(vera) });
    let pool = Tables::of(&history.events).await.pool;
    let asked = |interval| {
        within(year(Report::ActiveUsers), "2026-02-01T21:00:00Z", "2026-02-15T21:00:00Z", interval)
    };
    let both = map([("student", 1.0), ("teacher", 1.0), ("total", 2.0)]);
    let weeks = map([("2026-02-01T21:00:00Z", 1.0), ("2026-02-08T21:00:00Z", 2.0)]);
    // Ten past midnight is Tuesday.
    let days = map([
        ("2026-02-01T21:00:00Z", 1.0),
        ("2026-02-02T21:00:00Z", 1.0),
        ("2026-02-03T21:00:00Z", 1.0),
        ("2026-02-08T21:00:00Z", 2.0),
    ]);
    for (interval, expected) in [(Interval::Day, days), (Interval::Week, weeks)] {
        assert_eq!(totals(&pool, &asked(interval)).await, both);
        assert_eq!(points(&pool, &asked(interval), "total").await, expected);
        assert_eq!(behind(&pool, &asked(interval), "total").await.len(), 2);
    }
    // A range within a day counts as that day.
    let noon = within(asked(Interval::Day), "2026-02-04T12:00:00Z", "2026-02-04T13:00:00Z", Interval::Day);
    assert_eq!(totals(&pool, &noon).await["total"], 1.0);
    assert_eq!(answer(&pool, &noon).await.from.to_string(), "2026-02-03T21:00:00Z");
}

#[tokio::test]
async fn a_cohort_is_followed_week_by_week_until_the_present() {
    let mut school = School::new(21);
    let history = &mut school.history;
    history.waits_until(MONDAY);
    let anna = history.registers(domain::Role::Student, "Анна", "anna");
    history.registers(domain::Role::Teacher, "Вера", "vera");
    history.signs_in(anna, WEDNESDAY);
    history.signs_in(anna, "2026-02-16T09:00:00Z");
    let pool = Tables::of(&history.events).await.pool;
    let base = ReportQuery { now: "2026-02-24T09:00:00Z".parse().unwrap(), ..year(Report::Retention) };
    let asked = within(base, "2026-02-04T10:00:00Z", "2026-02-05T10:00:00Z", Interval::Week);
    let found = answer(&pool, &asked).await;
    let keys: Vec<_> = found.series.iter().map(|series| series.key.as_str()).collect();
    assert_eq!(keys, ["2026-02-02"]);
    let shares: Vec<_> = found.series[0].points.iter().map(|p| (number(p.value), p.sample)).collect();
    assert_eq!(shares, [(1.0, 2), (0.0, 2), (0.5, 2), (0.0, 2)]);
    let total = found.totals["2026-02-02"];
    assert!((number(total.value) - 1.0 / 6.0).abs() < 1e-9);
}

/// K14: cohorts of civil months, by figures computed by hand. The zone is that of Moscow, so half past nine in the
/// evening (UTC) on 31 January is February.
#[tokio::test]
async fn k14_cohorts_of_months_are_followed_month_by_month() {
    let mut school = School::new(24);
    let history = &mut school.history;
    history.waits_until("2026-01-10T09:00:00Z");
    let anna = history.registers(Role::Student, "Анна", "anna");
    history.waits_until("2026-01-31T20:30:00Z");
    let boris = history.registers(Role::Student, "Борис", "boris");
    history.waits_until("2026-01-31T21:30:00Z");
    let vera = history.registers(Role::Teacher, "Вера", "vera");
    for (person, instant) in [
        // Twice in February is once.
        (anna, "2026-02-03T09:00:00Z"),
        (anna, "2026-02-20T09:00:00Z"),
        (vera, "2026-02-28T20:59:00Z"),
        // March in Moscow.
        (boris, "2026-02-28T21:01:00Z"),
        (anna, "2026-04-02T09:00:00Z"),
        (boris, "2026-04-03T09:00:00Z"),
    ] {
        history.signs_in(person, instant);
    }
    let pool = Tables::of(&history.events).await.pool;
    let asked = |role| {
        let now = "2026-04-15T09:00:00Z".parse().unwrap();
        let filter = FactFilter { role, ..FactFilter::default() };
        let base = ReportQuery { now, filter, ..year(Report::Retention) };
        // The range is widened to January and February.
        within(base, "2026-01-20T10:00:00Z", "2026-02-05T10:00:00Z", Interval::Month)
    };
    let found = answer(&pool, &asked(None)).await;
    assert_eq!(found.from.to_string(), "2025-12-31T21:00:00Z");
    assert_eq!(found.to.to_string(), "2026-02-28T21:00:00Z");
    let keys: Vec<_> = found.series.iter().map(|series| series.key.as_str()).collect();
    assert_eq!(keys, ["2026-01-01", "2026-02-01"]);
    let shares = |n: usize| -> Vec<(f64, i64, bool)> {
        found.series[n].points.iter().map(|p| (number(p.value), p.sample, p.partial)).collect()
    };
    // January: Anna and Boris. February: Anna; March: Boris; April, of which the present is a part: both.
    assert_eq!(shares(0), [(1.0, 2, false), (0.5, 2, false), (0.5, 2, false), (1.0, 2, true)]);
    // February: Vera, who did not come back.
    assert_eq!(shares(1), [(1.0, 1, false), (0.0, 1, false), (0.0, 1, true)]);
    let days: Vec<_> = found.series[0].points.iter().map(|p| p.local_date.to_string()).collect();
    assert_eq!(days, ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"]);
    // The mean of the months after the first: (1 + 1 + 2) of 3 * 2.
    assert!((number(found.totals["2026-01-01"].value) - 4.0 / 6.0).abs() < 1e-9);
    // Behind January: two registrations, and six returns, of which two are those of the first month.
    assert_eq!(behind(&pool, &asked(None), "2026-01-01").await.len(), 2 + 6);
    let teachers = answer(&pool, &asked(Some(Role::Teacher))).await;
    assert_eq!(teachers.series.iter().map(|s| s.points[0].sample).collect::<Vec<_>>(), [0, 1]);
}

#[tokio::test]
async fn a_student_takes_each_step_of_the_funnel_once() {
    let mut school = School::new(22);
    let (vera, anna, olga) = (school.teacher("vera"), school.student("anna"), school.student("olga"));
    for subject in ["mathematics", "chess"] {
        let subjects = Some(vec![subject.to_owned()]);
        school.history.changes_profile(anna, ProfileChanges { subjects, ..ProfileChanges::default() });
    }
    for _ in 0..3 {
        let slot = school.offers(vera, &Offer::at("2026-06-01T10:00:00Z"));
        school.books(slot, anna);
        school.completes(slot, vera);
    }
    let slot = school.offers(vera, &Offer::at("2026-06-01T10:00:00Z"));
    school.books(slot, olga);
    let pool = Tables::of(&school.history.events).await.pool;
    let expected = map([
        ("registered", 2.0),
        ("profile_filled", 1.0),
        ("first_booking", 2.0),
        ("first_lesson_held", 1.0),
        ("second_booking", 1.0),
        ("profile_filled_share", 0.5),
        ("first_booking_share", 1.0),
        ("first_lesson_held_share", 0.5),
        ("second_booking_share", 0.5),
    ]);
    assert_eq!(totals(&pool, &year(Report::Funnel)).await, expected);
}

#[tokio::test]
async fn an_erasure_changes_no_figure() {
    let mut school = School::new(23);
    let (vera, anna) = (school.teacher("vera"), school.student("anna"));
    let subjects = Some(vec!["chess".to_owned()]);
    school.history.changes_profile(anna, ProfileChanges { subjects, ..ProfileChanges::default() });
    let slot = school.offers(vera, &Offer::at("2026-06-01T10:00:00Z"));
    school.books(slot, anna);
    school.completes(slot, vera);
    school.history.opens_ticket(anna, "Оплата", domain::support::Priority::High);
    let tables = Tables::of(&school.history.events).await;
    let mut before = Vec::new();
    for report in Report::ALL {
        before.push(answer(&tables.pool, &year(*report)).await);
    }
    let seen = school.history.events.len();
    school.history.erases(anna);
    tables.apply(&school.history.events[seen..]).await;
    let rebuilt = Tables::of(&school.history.reopened()).await;
    for (report, expected) in Report::ALL.iter().zip(before) {
        assert_eq!(answer(&tables.pool, &year(*report)).await, expected, "{report:?}");
        assert_eq!(answer(&rebuilt.pool, &year(*report)).await, expected, "{report:?}, rebuilt");
    }
    let (now, erased) = (school.history.now(), &school.history.events[seen - 1]);
    let there = load_dashboard(&tables.pool, now, None, None).await.unwrap().users;
    assert_eq!((there.total, there.students, there.new_this_month), (1, 0, 2));
    let as_of = as_of(&year(Report::Registrations), erased).as_of;
    let there = load_dashboard(&tables.pool, now, as_of, None).await.unwrap().users;
    assert_eq!((there.total, there.students, there.active), (2, 1, 2));
}
