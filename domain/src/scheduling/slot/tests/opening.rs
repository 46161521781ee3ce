//! Tests of opening and changing a slot.

use super::fixtures::*;
use crate::scheduling::*;
use crate::*;

fn open(new: NewSlot) -> SlotCommand {
    SlotCommand::OpenSlot(Box::new(new))
}

fn change(changes: SlotChanges) -> SlotCommand {
    SlotCommand::ChangeSlot { by: TEACHER, changes: Box::new(changes) }
}

fn changed(changes: SlotChanges) -> SlotEvent {
    SlotEvent::SlotChanged { teacher: TEACHER, changes: Box::new(changes) }
}

#[test]
fn a_slot_is_opened_once() {
    when(vec![], 0, open(new_slot(1))).then(&[opened(1)]);
    when(vec![opened(1)], 0, open(new_slot(1))).refused("slot_already_opened");
    when(vec![], 0, SlotCommand::StartLesson { by: TEACHER }).refused("slot_not_found");
}

#[test]
fn a_lesson_may_cross_midnight() {
    let late = Period::of_minutes(at(24 * 60 + 14 * 60 + 30), 90).unwrap();
    assert_ne!(late.starts_at.to_string()[..10], late.ends_at.to_string()[..10]);
    let new = NewSlot { period: late, ..new_slot(1) };
    when(vec![], 0, open(new.clone())).then(&[opened_as(&new)]);
}

#[test]
fn what_is_past_is_not_offered() {
    when(vec![], START, open(new_slot(1))).refused("slot_in_past");
    when(vec![], START - 1, open(new_slot(1))).then(&[opened(1)]);
}

#[test]
fn every_unacceptable_field_is_told_at_once() {
    let new = NewSlot {
        period: Period { starts_at: at(3 * 366 * 24 * 60), ends_at: at(3 * 366 * 24 * 60 + 50) },
        terms: SlotTerms {
            subject: "alchemy".to_owned(),
            price: Money { amount: -1, currency: Currency::parse("ZZZ").unwrap() },
            capacity: 0,
            goals: vec!["ege".to_owned(), "ege".to_owned()],
            grades: vec!["12".to_owned()],
            place: Some(Personal::new(TEACHER, "\u{202E}".to_owned())),
            ..terms(1)
        },
        ..new_slot(1)
    };
    let expected = [
        ("/subject", "unknown"),
        ("/price", "out_of_range"),
        ("/price", "unknown_currency"),
        ("/capacity", "out_of_range"),
        ("/place", "forbidden_character"),
        ("/goals/1", "duplicate"),
        ("/grades/0", "unknown"),
        ("/duration_minutes", "unknown"),
        ("/starts_at", "too_far"),
    ];
    let expected = expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()));
    assert_eq!(when(vec![], 0, open(new)).problems(), expected);
}

#[test]
fn an_end_before_the_start_and_odd_seconds_are_no_duration() {
    for ends_at in [at(START), at(START - 60), at(START + 60) + jiff::SignedDuration::from_secs(1)] {
        let new = NewSlot { period: Period { starts_at: at(START), ends_at }, ..new_slot(1) };
        let problem = ("/duration_minutes".to_owned(), "unknown".to_owned());
        assert_eq!(when(vec![], 0, open(new)).problems(), [problem]);
    }
}

#[test]
fn members_of_a_class_have_their_seats_from_the_start() {
    let members = vec![(BookingId(id(1)), ANNA), (BookingId(id(2)), BORIS)];
    let new = NewSlot { class_id: Some(ClassId(id(9))), members, ..new_slot(2) };
    when(vec![], 0, open(new.clone())).then(&[
        opened_as(&new),
        booked_as(1, ANNA, BookedBy::Class, None),
        booked_as(2, BORIS, BookedBy::Class, None),
    ]);
    let small = NewSlot { terms: terms(1), ..new.clone() };
    when(vec![], 0, open(small)).refused("seats_taken");
    let twice = NewSlot { members: vec![(BookingId(id(1)), ANNA), (BookingId(id(2)), ANNA)], ..new.clone() };
    when(vec![], 0, open(twice)).refused("already_booked");
    let teacher = NewSlot { members: vec![(BookingId(id(1)), TEACHER)], ..new };
    when(vec![], 0, open(teacher)).refused("own_slot");
}

#[test]
fn a_member_of_a_request_is_booked_by_the_request() {
    let members = vec![(BookingId(id(1)), ANNA)];
    let new = NewSlot { request_id: Some(RequestId(id(9))), members, ..new_slot(1) };
    when(vec![], 0, open(new.clone())).then(&[opened_as(&new), booked_as(1, ANNA, BookedBy::Request, None)]);
}

#[test]
fn only_what_differs_is_changed() {
    let new = SlotChanges {
        subject: Some("mathematics".to_owned()),
        price: Some(rubles(300_000)),
        place: Some(Personal::new(TEACHER, "  Библиотека ".to_owned())),
        ..SlotChanges::default()
    };
    let expected = SlotChanges {
        price: Some(rubles(300_000)),
        place: Some(Personal::new(TEACHER, "Библиотека".to_owned())),
        ..SlotChanges::default()
    };
    when(vec![opened(1)], 0, change(new.clone())).then(&[changed(expected.clone())]);
    when(vec![opened(1), changed(expected)], 0, change(new)).then(&[]);
    when(vec![opened(1)], 0, change(SlotChanges::default())).then(&[]);
    let by_other = SlotCommand::ChangeSlot { by: ANNA, changes: Box::default() };
    when(vec![opened(1)], 0, by_other).refused("slot_not_found");
}

#[test]
fn a_booked_slot_keeps_its_time() {
    let period = Period::of_minutes(at(START + 120), 30);
    let later = SlotChanges { period, ..SlotChanges::default() };
    when(vec![opened(1)], 0, change(later.clone())).then(&[changed(later.clone())]);
    when(vec![opened(1), booked(1, ANNA)], 0, change(later.clone())).refused("slot_booked");
    let freed = vec![opened(1), booked(1, ANNA), cancelled(1, ANNA, Party::Student, None)];
    when(freed, 0, change(later.clone())).then(&[changed(later)]);
}

#[test]
fn another_time_is_a_future_one() {
    let to = |minutes, length| SlotChanges {
        period: Period::of_minutes(at(minutes), length),
        ..SlotChanges::default()
    };
    when(vec![opened(1)], 0, change(to(0, 60))).refused("slot_in_past");
    when(vec![opened(1)], 0, change(to(60, 50))).refused("invalid_fields");
    when(vec![opened(1)], START, change(to(START + 600, 60))).refused("slot_in_past");
}

#[test]
fn who_kept_a_seat_of_another_time_keeps_none() {
    let later = SlotChanges { period: Period::of_minutes(at(START + 120), 60), ..SlotChanges::default() };
    when(vec![opened(1), held(1, ANNA, 10)], 5, change(later.clone()))
        .then(&[released(1, HoldEnd::Cancelled), changed(later)]);
}

#[test]
fn seats_are_not_fewer_than_are_taken() {
    let seats = |capacity| change(SlotChanges { capacity: Some(capacity), ..SlotChanges::default() });
    let history = vec![opened(4), booked(1, ANNA), held(2, BORIS, 10)];
    let refusal = when(history.clone(), 5, seats(1)).refusal();
    assert_eq!(refusal.code, "seats_taken");
    assert_eq!(refusal.reasons[0].facts["taken"], "2");
    when(history.clone(), 5, seats(2))
        .then(&[changed(SlotChanges { capacity: Some(2), ..SlotChanges::default() })]);
    // An expired hold reserves no seat and is released.
    when(history, 10, seats(1)).then(&[
        released(2, HoldEnd::Expired),
        changed(SlotChanges { capacity: Some(1), ..SlotChanges::default() }),
    ]);
}

#[test]
fn what_is_over_is_not_changed() {
    let price = change(SlotChanges { price: Some(rubles(1)), ..SlotChanges::default() });
    let history = vec![opened(1), booked(1, ANNA), started()];
    let refusal = when(history, START, price).refusal();
    assert_eq!((refusal.code, refusal.reasons[0].facts["state"].as_str()), ("slot_closed", "started"));
}
