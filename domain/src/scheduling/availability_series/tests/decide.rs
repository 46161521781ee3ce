//! Tests of the decisions of a series, by given, when, then.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::test::{AggregateTestExecutor, TestFramework};

use super::*;
use crate::clock::{Clock, FixedClock};
use crate::decider::RefusalError;
use crate::personal::Personal;
use crate::scheduling::Initiator;

const STRANGER: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000009"));

fn given(events: Vec<SeriesEvent>) -> AggregateTestExecutor<AvailabilitySeries> {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(now()));
    TestFramework::with(clock).given(events)
}

fn defined() -> SeriesEvent {
    let new = tuesdays();
    SeriesEvent::SeriesDefined {
        teacher: new.teacher,
        rrule: new.rrule,
        local_start: new.local_start,
        zone: new.zone,
        duration_minutes: new.duration_minutes,
        template: new.template,
        class_id: None,
    }
}

fn define(new: NewSeries) -> SeriesCommand {
    SeriesCommand::DefineSeries(Box::new(new))
}

fn change(from: &str, change: SeriesChange) -> SeriesCommand {
    SeriesCommand::ChangeSeries { by: TEACHER, from: day(from), change: Box::new(change) }
}

fn at_five() -> SeriesChange {
    SeriesChange { local_start: Some(local("2027-01-05T17:00")), ..SeriesChange::default() }
}

fn changed_to_five() -> SeriesEvent {
    SeriesEvent::SeriesChanged {
        from: day("2027-01-01"),
        rrule: None,
        local_start: Some(local("2027-01-05T17:00")),
        zone: None,
        duration_minutes: None,
        template: None,
    }
}

fn ended(from: &str) -> SeriesEvent {
    SeriesEvent::SeriesEnded { from: day(from) }
}

fn end(from: &str) -> SeriesCommand {
    SeriesCommand::EndSeries { by: Initiator::Person(TEACHER), from: day(from) }
}

fn except(date: &str) -> SeriesCommand {
    SeriesCommand::AddException { by: TEACHER, date: day(date) }
}

fn code(events: Vec<SeriesEvent>, command: SeriesCommand) -> &'static str {
    given(events).when(command).inspect_result().unwrap_err().refusal().code
}

/// Returns the pointers and codes of the refused fields.
fn fields(events: Vec<SeriesEvent>, command: SeriesCommand) -> Vec<(String, String)> {
    let refusal = given(events).when(command).inspect_result().unwrap_err().refusal();
    assert_eq!(refusal.code, "invalid_fields");
    let field = |reason: crate::refusal::Reason| (reason.pointer.unwrap_or_default(), reason.code);
    refusal.reasons.into_iter().map(field).collect()
}

fn state(events: Vec<SeriesEvent>) -> SeriesState {
    let mut series = AvailabilitySeries::default();
    events.into_iter().for_each(|event| series.apply(event));
    series.state().unwrap().clone()
}

#[test]
fn a_series_is_defined_once() {
    given(vec![]).when(define(tuesdays())).then_expect_events(vec![defined()]);
    assert_eq!(code(vec![defined()], define(tuesdays())), "series_already_defined");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let mut new = tuesdays();
    new.rrule = "FREQ=HOURLY".to_owned();
    new.local_start = local("2026-11-23T16:00");
    new.duration_minutes = 50;
    new.template.subject = "alchemy".to_owned();
    new.template.place = Some(Personal::new(STRANGER, "Tverskaya 1".to_owned()));
    let found = fields(vec![], define(new));
    let expect = |field: &str, code: &str| {
        assert!(found.contains(&(field.to_owned(), code.to_owned())), "{field} {code}: {found:?}");
    };
    expect("/rrule", "rule_part_unsupported");
    expect("/local_start", "in_past");
    expect("/duration_minutes", "unknown");
    expect("/subject", "unknown");
    expect("/place", "not_own");
}

#[test]
fn a_rule_that_never_comes_true_is_refused() {
    let mut new = tuesdays();
    new.rrule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30".to_owned();
    let expected = vec![("/rrule".to_owned(), "no_occurrence".to_owned())];
    assert_eq!(fields(vec![], define(new.clone())), expected);
    new.rrule = "FREQ=YEARLY".to_owned();
    new.local_start = local("2029-01-01T10:00");
    assert_eq!(fields(vec![], define(new))[0], ("/local_start".to_owned(), "out_of_range".to_owned()));
}

#[test]
fn a_change_holds_from_its_date_on_and_not_before() {
    given(vec![defined()]).when(change("2027-01-01", at_five())).then_expect_events(vec![changed_to_five()]);
    let series = state(vec![defined(), changed_to_five()]);
    assert_eq!(
        times(&series, "2026-12-22", "2027-01-12"),
        ["2026-12-22 16:00", "2026-12-29 16:00", "2027-01-05 17:00", "2027-01-12 17:00"]
    );
}

#[test]
fn only_what_changes_is_recorded() {
    given(vec![defined(), changed_to_five()])
        .when(change("2027-01-10", at_five()))
        .then_expect_events(vec![]);
    let same = SeriesChange {
        rrule: Some("rrule:freq=weekly;byday=tu".to_owned()),
        template: Some(terms()),
        ..SeriesChange::default()
    };
    given(vec![defined()]).when(change("2027-01-01", same)).then_expect_events(vec![]);
    given(vec![defined()]).when(change("2027-01-01", SeriesChange::default())).then_expect_events(vec![]);
}

/// A teacher with a rule for 16:00 teaches at 16:00 in their present zone.
#[test]
fn a_change_of_the_zone_keeps_the_wall_time_and_leaves_the_dates_before_it() {
    let zone = TimeZoneName::parse("Asia/Tokyo").unwrap();
    let moved = SeriesChange { zone: Some(zone.clone()), ..SeriesChange::default() };
    let event = SeriesEvent::SeriesChanged {
        from: day("2027-01-01"),
        rrule: None,
        local_start: None,
        zone: Some(zone.clone()),
        duration_minutes: None,
        template: None,
    };
    given(vec![defined()]).when(change("2027-01-01", moved.clone())).then_expect_events(vec![event.clone()]);
    given(vec![defined(), event.clone()]).when(change("2027-02-01", moved)).then_expect_events(vec![]);
    let series = state(vec![defined(), event]);
    let starts = |date: &str| series.occurrences(day(date), day(date))[0].period.starts_at.to_string();
    assert_eq!(starts("2026-12-29"), "2026-12-29T15:00:00Z");
    assert_eq!(starts("2027-01-05"), "2027-01-05T07:00:00Z");
    let late_evening = |text: &str| series.today(text.parse().unwrap()).to_string();
    assert_eq!(late_evening("2026-12-20T20:00:00Z"), "2026-12-20");
    assert_eq!(late_evening("2027-01-20T20:00:00Z"), "2027-01-21");
}

#[test]
fn place_and_least_number_can_be_taken_away() {
    let place = Some(Personal::new(TEACHER, "Казань, Кремлёвская улица, 5".to_owned()));
    let mut new = tuesdays();
    new.template = SlotTerms { place, capacity: 4, min_participants: Some(2), ..new.template };
    let bare = SlotTerms { place: None, min_participants: None, ..new.template.clone() };
    let told = given(vec![]).when(define(new)).inspect_result().unwrap();
    let emptied = SeriesChange { template: Some(bare.clone()), ..SeriesChange::default() };
    let changed = given(told.clone()).when(change("2027-01-01", emptied)).inspect_result().unwrap();
    let series = state(told.into_iter().chain(changed).collect());
    assert_eq!(series.rule_on(day("2027-01-01")).unwrap().template, bare);
    assert_ne!(series.rule_on(day("2026-12-31")).unwrap().template, bare);
}

#[test]
fn a_later_change_of_an_earlier_date_takes_the_place_of_what_followed() {
    let monthly = SeriesEvent::SeriesChanged {
        from: day("2026-12-15"),
        rrule: Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU".to_owned()),
        local_start: None,
        zone: None,
        duration_minutes: Some(90),
        template: None,
    };
    let series = state(vec![defined(), changed_to_five(), monthly]);
    assert_eq!(
        times(&series, "2026-12-01", "2027-01-12"),
        ["2026-12-01 16:00", "2026-12-08 16:00", "2026-12-15 16:00", "2026-12-29 16:00", "2027-01-12 16:00"]
    );
    assert_eq!(series.rule_on(day("2027-01-12")).unwrap().number, 2);
}

#[test]
fn a_change_in_the_past_or_to_nothing_is_refused() {
    let earlier = SeriesChange { duration_minutes: Some(90), ..SeriesChange::default() };
    assert_eq!(
        fields(vec![defined()], change("2026-11-23", earlier)),
        [("/from".to_owned(), "in_past".to_owned())]
    );
    let before = SeriesChange { local_start: Some(local("2026-12-01T17:00")), ..SeriesChange::default() };
    assert_eq!(
        fields(vec![defined()], change("2026-12-02", before)),
        [("/local_start".to_owned(), "before_from".to_owned())]
    );
    let over = SeriesChange { rrule: Some("FREQ=WEEKLY;COUNT=2".to_owned()), ..SeriesChange::default() };
    assert_eq!(
        fields(vec![defined()], change("2027-01-01", over)),
        [("/rrule".to_owned(), "no_occurrence".to_owned())]
    );
}

#[test]
fn strangers_are_told_that_there_is_no_such_series() {
    let (by, from) = (STRANGER, day("2027-01-01"));
    for command in [
        SeriesCommand::ChangeSeries { by, from, change: Box::new(at_five()) },
        SeriesCommand::AddException { by, date: day("2026-12-08") },
        SeriesCommand::EndSeries { by: Initiator::Person(by), from },
    ] {
        assert_eq!(code(vec![defined()], command.clone()), "series_not_found");
        assert_eq!(code(vec![], command), "series_not_found");
    }
}

#[test]
fn a_date_is_left_out_once() {
    let excepted = SeriesEvent::SeriesExceptionAdded { date: day("2026-12-08") };
    given(vec![defined()]).when(except("2026-12-08")).then_expect_events(vec![excepted.clone()]);
    given(vec![defined(), excepted.clone()]).when(except("2026-12-08")).then_expect_events(vec![]);
    let series = state(vec![defined(), excepted]);
    assert_eq!(times(&series, "2026-12-01", "2026-12-15"), ["2026-12-01 16:00", "2026-12-15 16:00"]);
}

#[test]
fn only_a_date_that_the_series_names_can_be_left_out() {
    let no_occurrence = vec![("/date".to_owned(), "no_occurrence".to_owned())];
    assert_eq!(fields(vec![defined()], except("2026-12-09")), no_occurrence);
    assert_eq!(fields(vec![defined()], except("2026-11-17")), [("/date".to_owned(), "in_past".to_owned())]);
}

#[test]
fn nothing_follows_the_end() {
    given(vec![defined()]).when(end("2026-12-10")).then_expect_events(vec![ended("2026-12-10")]);
    let over = vec![defined(), ended("2026-12-10")];
    assert_eq!(
        times(&state(over.clone()), "2026-12-01", "2027-12-31"),
        ["2026-12-01 16:00", "2026-12-08 16:00"]
    );
    given(over.clone()).when(end("2026-12-20")).then_expect_events(vec![]);
    given(over.clone()).when(end("2026-12-05")).then_expect_events(vec![ended("2026-12-05")]);
    assert_eq!(code(over.clone(), change("2027-01-01", at_five())), "series_ended");
    assert_eq!(code(over, except("2026-12-15")), "series_ended");
}

#[test]
fn the_system_ends_a_series_from_today_at_the_earliest() {
    let command = SeriesCommand::EndSeries { by: Initiator::System, from: day("2020-01-01") };
    given(vec![defined()]).when(command).then_expect_events(vec![ended("2026-11-24")]);
    assert_eq!(fields(vec![defined()], end("2020-01-01")), [("/from".to_owned(), "in_past".to_owned())]);
}

#[test]
fn the_horizon_only_grows() {
    let record = |through: &str, opened| SeriesCommand::RecordExtension {
        through: day(through),
        opened,
        skipped: vec![],
    };
    let extended = |through: &str, opened| SeriesEvent::SeriesExtended {
        through: day(through),
        opened,
        skipped: vec![],
    };
    given(vec![defined()]).when(record("2027-01-19", 8)).then_expect_events(vec![extended("2027-01-19", 8)]);
    let so_far = vec![defined(), extended("2027-01-19", 8)];
    given(so_far.clone()).when(record("2027-01-12", 1)).then_expect_events(vec![]);
    given(so_far.clone()).when(record("2027-01-19", 0)).then_expect_events(vec![]);
    given(so_far.clone()).when(record("2027-01-19", 3)).then_expect_events(vec![extended("2027-01-19", 3)]);
    given(so_far).when(record("2027-01-26", 0)).then_expect_events(vec![extended("2027-01-26", 0)]);
}

#[test]
fn a_date_is_skipped_until_it_is_tried_with_success() {
    let extended = |through: &str, skipped: &[&str]| SeriesEvent::SeriesExtended {
        through: day(through),
        opened: 1,
        skipped: skipped.iter().copied().map(day).collect(),
    };
    let record = |skipped: &[&str]| SeriesCommand::RecordExtension {
        through: day("2027-01-19"),
        opened: 0,
        skipped: skipped.iter().copied().map(day).collect(),
    };
    let so_far = vec![defined(), extended("2027-01-19", &["2026-12-08", "2026-12-15"])];
    assert_eq!(state(so_far.clone()).skipped, [day("2026-12-08"), day("2026-12-15")].into());
    given(so_far.clone()).when(record(&["2026-12-08", "2026-12-15"])).then_expect_events(vec![]);
    let again = given(so_far.clone()).when(record(&["2026-12-15"])).inspect_result().unwrap();
    assert_eq!(state(so_far.into_iter().chain(again).collect()).skipped, [day("2026-12-15")].into());
}

#[test]
fn a_slot_has_one_id_and_after_a_change_another() {
    let before = state(vec![defined()]);
    let after = state(vec![
        defined(),
        SeriesEvent::SeriesChanged {
            from: day("2026-12-05"),
            rrule: None,
            local_start: None,
            zone: None,
            duration_minutes: Some(90),
            template: None,
        },
    ]);
    let id = |series: &SeriesState, date: &str| series.occurrences(day(date), day(date))[0].slot_id(SERIES);
    assert_eq!(id(&before, "2026-12-01"), id(&after, "2026-12-01"));
    assert_ne!(id(&before, "2026-12-08"), id(&after, "2026-12-08"));
}
