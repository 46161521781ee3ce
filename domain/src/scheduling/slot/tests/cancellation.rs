//! Tests of withdrawing a slot, cancelling a booking and cancelling the lesson.

use super::fixtures::*;
use crate::scheduling::*;
use crate::*;

fn withdraw(by: AccountId) -> SlotCommand {
    SlotCommand::WithdrawSlot { by: Initiator::Person(by), reason: None }
}

fn cancel_lesson(by: Initiator) -> SlotCommand {
    SlotCommand::CancelLesson { by, reason: None }
}

fn withdrawn() -> SlotEvent {
    SlotEvent::SlotWithdrawn { reason: None }
}

fn lesson_cancelled() -> SlotEvent {
    SlotEvent::LessonCancelled { by: Party::Teacher, reason: None }
}

#[test]
fn an_unbooked_slot_is_withdrawn_and_whoever_waited_goes() {
    let history = vec![opened(1), waiting(5, ANNA), held(6, BORIS, 10)];
    when(history, 1, withdraw(TEACHER)).then(&[
        released(6, HoldEnd::Cancelled),
        gone(5, WaitEnd::Closed),
        withdrawn(),
    ]);
    when(vec![opened(1), withdrawn()], 1, withdraw(TEACHER)).then(&[]);
    when(vec![opened(1)], 1, withdraw(ANNA)).refused("slot_not_found");
    when(vec![opened(1)], START, withdraw(TEACHER)).refused("slot_in_past");
    when(vec![opened(1), withdrawn()], 1, book(new_booking(1, ANNA))).refused("slot_closed");
}

#[test]
fn a_booked_slot_is_not_withdrawn() {
    when(vec![opened(2), booked(1, ANNA)], 1, withdraw(TEACHER)).refused("slot_booked");
    let system = SlotCommand::WithdrawSlot { by: Initiator::System, reason: None };
    when(vec![opened(2), booked(1, ANNA)], 1, system.clone()).refused("slot_booked");
    when(vec![opened(2)], 1, system).then(&[withdrawn()]);
}

#[test]
fn a_cancelled_booking_frees_its_seat() {
    let history = vec![opened(1), booked(1, ANNA)];
    when(history.clone(), 0, cancel(1, ANNA)).then(&[cancelled(1, ANNA, Party::Student, None)]);
    let freed = [history, vec![cancelled(1, ANNA, Party::Student, None)]].concat();
    when(freed.clone(), 0, cancel(1, ANNA)).then(&[]);
    when(freed.clone(), 0, book(new_booking(1, ANNA))).refused("already_booked");
    when(freed, 0, book(new_booking(2, ANNA))).then(&[booked(2, ANNA)]);
}

#[test]
fn only_a_students_own_late_cancellation_costs() {
    let history = vec![opened(1), booked(1, ANNA)];
    let late = START - 12 * 60 + 1;
    when(history.clone(), late - 1, cancel(1, ANNA)).then(&[cancelled(1, ANNA, Party::Student, None)]);
    // Half of 2,000.01, rounded down.
    when(history.clone(), late, cancel(1, ANNA)).then(&[cancelled(1, ANNA, Party::Student, Some(100_000))]);
    when(history.clone(), late, cancel(1, TEACHER)).then(&[cancelled(1, ANNA, Party::Teacher, None)]);
    let system =
        SlotCommand::CancelBooking { booking_id: BookingId(id(1)), by: Initiator::System, reason: None };
    when(history, late, system).then(&[cancelled(1, ANNA, Party::System, None)]);
}

#[test]
fn the_policy_of_the_booking_counts_not_the_present_one() {
    let mut seat = booked(1, ANNA);
    if let SlotEvent::SeatBooked { policy, .. } = &mut seat {
        *policy = CancellationPolicy { version: 9, window_hours: 48, late_fee_percent: 100 };
    }
    when(vec![opened(1), seat], 1, cancel(1, ANNA)).then(&[cancelled(
        1,
        ANNA,
        Party::Student,
        Some(200_001),
    )]);
}

#[test]
fn a_booking_is_cancelled_by_its_people_before_the_start() {
    let history = vec![opened(2), booked(1, ANNA), booked(2, BORIS)];
    when(history.clone(), 0, cancel(1, BORIS)).refused("booking_not_found");
    when(history.clone(), 0, cancel(1, VERA)).refused("booking_not_found");
    when(history.clone(), 0, cancel(3, ANNA)).refused("booking_not_found");
    when(history.clone(), START, cancel(1, ANNA)).refused("slot_in_past");
    when([history, vec![started()]].concat(), START - 1, cancel(1, ANNA)).refused("slot_closed");
}

#[test]
fn the_teacher_cancels_the_lesson_with_every_booking() {
    let history = vec![
        opened(2),
        booked(1, ANNA),
        booked(2, BORIS),
        cancelled(2, BORIS, Party::Student, None),
        booked(3, VERA),
        waiting(5, BORIS),
    ];
    let expected = [
        gone(5, WaitEnd::Closed),
        cancelled(1, ANNA, Party::Teacher, None),
        cancelled(3, VERA, Party::Teacher, None),
        lesson_cancelled(),
    ];
    when(history.clone(), START - 1, cancel_lesson(Initiator::Person(TEACHER))).then(&expected);
    let over = [history, expected.to_vec()].concat();
    when(over.clone(), START - 1, cancel_lesson(Initiator::Person(TEACHER))).then(&[]);
    when(over.clone(), START - 1, cancel(1, ANNA)).then(&[]);
    when(over, START - 1, withdraw(TEACHER)).refused("slot_closed");
}

#[test]
fn a_student_does_not_cancel_the_lesson_nor_anybody_after_its_start() {
    let history = vec![opened(1), booked(1, ANNA)];
    when(history.clone(), 0, cancel_lesson(Initiator::Person(ANNA))).refused("slot_not_found");
    when(history.clone(), START, cancel_lesson(Initiator::Person(TEACHER))).refused("slot_in_past");
    when(history, 0, cancel_lesson(Initiator::System)).then(&[
        cancelled(1, ANNA, Party::System, None),
        SlotEvent::LessonCancelled { by: Party::System, reason: None },
    ]);
}

#[test]
fn a_reason_belongs_to_who_gave_it() {
    let reason = Some("заболел".to_owned());
    let by_teacher =
        SlotCommand::CancelBooking { booking_id: BookingId(id(1)), by: Initiator::Person(TEACHER), reason };
    let events = when(vec![opened(1), booked(1, ANNA)], 0, by_teacher).events();
    let SlotEvent::BookingCancelled { reason: Some(reason), .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!(reason, &Personal::new(TEACHER, "заболел".to_owned()));
}

#[test]
fn what_a_slot_claims_is_free_after_it_is_cancelled() {
    let claims = |event: &SlotEvent| event.claims();
    assert_eq!(claims(&withdrawn()), [Claim::ReleaseAllTime]);
    assert_eq!(claims(&lesson_cancelled()), [Claim::ReleaseAllTime]);
    assert_eq!(claims(&cancelled(1, ANNA, Party::Teacher, None)), [Claim::ReleaseTime { person: ANNA }]);
    assert_eq!(claims(&booked(1, ANNA)), [Claim::Time { person: ANNA, from: at(START), to: at(START + 60) }]);
}
