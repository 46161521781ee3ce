//! Tests of holds, bookings, and the move of a booking.

use cqrs_es::DomainEvent as _;

use super::fixtures::*;
use crate::scheduling::*;
use crate::*;

fn by_teacher(n: u128, student: AccountId) -> NewBooking {
    NewBooking { booker: Booker::Teacher { teacher: TEACHER, student }, ..new_booking(n, student) }
}

fn with_hold(n: u128, student: AccountId, hold: u128) -> NewBooking {
    NewBooking { hold_id: Some(HoldId(id(hold))), ..new_booking(n, student) }
}

#[test]
fn a_student_books_a_free_seat_at_the_price_of_the_slot() {
    when(vec![opened(1)], 0, book(new_booking(1, ANNA))).then(&[booked(1, ANNA)]);
}

#[test]
fn the_last_seat_is_booked_once() {
    let refusal = when(vec![opened(1), booked(1, ANNA)], 0, book(new_booking(2, BORIS))).refusal();
    assert_eq!(refusal.code, "slot_taken");
    let facts = &refusal.reasons[0].facts;
    assert_eq!((facts["capacity"].as_str(), facts["booked"].as_str()), ("1", "1"));
    assert_eq!((facts["held"].as_str(), facts["waiting"].as_str()), ("0", "0"));
}

#[test]
fn the_same_booking_again_is_no_news() {
    when(vec![opened(1), booked(1, ANNA)], 0, book(new_booking(1, ANNA))).then(&[]);
    when(vec![opened(2), booked(1, ANNA)], 0, book(new_booking(2, ANNA))).refused("already_booked");
    when(vec![opened(2), booked(1, ANNA)], 0, book(new_booking(1, BORIS))).refused("already_booked");
}

#[test]
fn nobody_books_for_another_but_the_teacher() {
    let for_anna = Booker::Request { teacher: BORIS, student: ANNA };
    let for_anna = NewBooking { booker: for_anna, ..new_booking(1, ANNA) };
    when(vec![opened(1)], 0, book(for_anna)).refused("slot_not_found");
    let as_teacher = Booker::Teacher { teacher: BORIS, student: ANNA };
    let as_teacher = NewBooking { booker: as_teacher, ..new_booking(1, ANNA) };
    when(vec![opened(1)], 0, book(as_teacher)).refused("slot_not_found");
    when(vec![opened(1)], 0, book(by_teacher(1, ANNA))).then(&[booked_as(1, ANNA, BookedBy::Teacher, None)]);
    when(vec![opened(1)], 0, book(by_teacher(1, TEACHER))).refused("own_slot");
    when(vec![opened(1)], 0, book(new_booking(1, TEACHER))).refused("own_slot");
}

#[test]
fn seats_of_a_class_go_to_its_members() {
    let class = opened_as(&NewSlot { class_id: Some(ClassId(id(9))), ..new_slot(1) });
    when(vec![class.clone()], 0, book(new_booking(1, ANNA))).refused("slot_closed");
    when(vec![class.clone()], 0, hold(1, ANNA)).refused("slot_closed");
    let member = NewBooking { booker: Booker::Class(ANNA), ..new_booking(1, ANNA) };
    when(vec![class], 0, book(member.clone())).then(&[booked_as(1, ANNA, BookedBy::Class, None)]);
    when(vec![opened(1)], 0, book(member)).refused("slot_closed");
}

#[test]
fn no_seat_is_booked_once_the_lesson_has_begun() {
    when(vec![opened(1)], START, book(new_booking(1, ANNA))).refused("slot_in_past");
    when(vec![opened(1)], START - 1, book(new_booking(1, ANNA))).then(&[booked(1, ANNA)]);
    when(vec![opened(2), booked(1, ANNA), started()], START - 5, book(new_booking(2, BORIS)))
        .refused("slot_closed");
}

#[test]
fn a_held_seat_is_kept_for_ten_minutes() {
    when(vec![opened(1)], 0, hold(1, ANNA)).then(&[held(1, ANNA, 10)]);
    let kept = vec![opened(1), held(1, ANNA, 10)];
    when(kept.clone(), 9, book(new_booking(2, BORIS))).refused("slot_taken");
    when(kept.clone(), 9, hold(2, BORIS)).refused("slot_taken");
    // The timer has not fired, but the hold has expired.
    when(kept, 10, book(new_booking(2, BORIS))).then(&[released(1, HoldEnd::Expired), booked(2, BORIS)]);
}

#[test]
fn a_hold_ends_with_the_start_at_the_latest() {
    when(vec![opened(1)], START - 3, hold(1, ANNA)).then(&[held(1, ANNA, START)]);
}

#[test]
fn a_student_holds_one_seat_of_a_slot() {
    let kept = vec![opened(3), held(1, ANNA, 10)];
    when(kept.clone(), 1, hold(1, ANNA)).then(&[]);
    when(kept.clone(), 1, hold(2, ANNA)).refused("already_held");
    when(kept, 10, hold(2, ANNA)).then(&[released(1, HoldEnd::Expired), held(2, ANNA, 20)]);
    when(vec![opened(3), booked(1, ANNA)], 1, hold(2, ANNA)).refused("already_booked");
}

#[test]
fn the_own_hold_becomes_the_booking_whether_it_is_named_or_not() {
    let kept = vec![opened(1), held(7, ANNA, 10)];
    let expected = [booked_as(1, ANNA, BookedBy::Student, Some(7))];
    when(kept.clone(), 9, book(new_booking(1, ANNA))).then(&expected);
    when(kept.clone(), 9, book(with_hold(1, ANNA, 7))).then(&expected);
    let slot = fold(&[kept, expected.to_vec()].concat());
    assert!(slot.lesson().unwrap().holds.is_empty());
}

#[test]
fn a_hold_that_expired_or_is_anothers_books_nothing() {
    let kept = vec![opened(2), held(7, ANNA, 10)];
    when(kept.clone(), 10, book(with_hold(1, ANNA, 7))).refused("hold_expired");
    when(kept.clone(), 5, book(with_hold(1, ANNA, 8))).refused("hold_expired");
    when(kept, 5, book(with_hold(1, BORIS, 7))).refused("hold_not_found");
}

#[test]
fn a_hold_is_released_by_its_student_and_by_its_timer() {
    let kept = vec![opened(1), held(7, ANNA, 10)];
    let release = |by| SlotCommand::ReleaseHold { hold_id: HoldId(id(7)), by };
    when(kept.clone(), 1, release(ANNA)).then(&[released(7, HoldEnd::Cancelled)]);
    when(kept.clone(), 1, release(BORIS)).refused("hold_not_found");
    let expire = SlotCommand::ExpireHold { hold_id: HoldId(id(7)) };
    when(kept.clone(), 9, expire.clone()).refused("too_early");
    when(kept, 10, expire.clone()).then(&[released(7, HoldEnd::Expired)]);
    when(vec![opened(1)], 10, expire).then(&[]);
}

#[test]
fn a_note_belongs_to_who_wrote_it() {
    let noted = |note: &str| NewBooking { note: Some(note.to_owned()), ..new_booking(1, ANNA) };
    let events = when(vec![opened(1)], 0, book(noted(" Тема: дроби "))).events();
    let SlotEvent::SeatBooked { note: Some(note), .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!((note.subject(), note.known().unwrap().as_str()), (ANNA, "Тема: дроби"));
    when(vec![opened(1)], 0, book(noted("  "))).then(&[booked(1, ANNA)]);
    let problem = ("/note".to_owned(), "too_long".to_owned());
    assert_eq!(when(vec![opened(1)], 0, book(noted(&"я".repeat(1_001)))).problems(), [problem]);
    assert!(!format!("{:?}", book(noted("тайна"))).contains("тайна"));
}

fn move_out(by: AccountId) -> SlotCommand {
    SlotCommand::MoveOut { booking_id: BookingId(id(1)), by, to_slot: SlotId(id(50)) }
}

fn move_in(teacher: AccountId, student: AccountId) -> SlotCommand {
    let (booking_id, note) = (BookingId(id(1)), Some("дроби".to_owned()));
    let booking = Box::new(MovedBooking { booking_id, student, note, booked_by: BookedBy::Teacher });
    let policy = CancellationPolicy { version: 7, window_hours: 1, late_fee_percent: 1 };
    SlotCommand::MoveIn { from_slot: SlotId(id(40)), teacher, booking, policy }
}

#[test]
fn a_booking_moves_with_its_id_note_and_policy_to_the_price_of_the_other_slot() {
    let events = when(vec![opened(1)], 0, move_in(TEACHER, ANNA)).events();
    let expected = SlotEvent::BookingMovedIn {
        booking_id: BookingId(id(1)),
        student: ANNA,
        from_slot: SlotId(id(40)),
        note: Some(Personal::new(ANNA, "дроби".to_owned())),
        price: rubles(200_001),
        booked_by: BookedBy::Teacher,
        starts_at: at(START),
        ends_at: at(START + 60),
        policy: CancellationPolicy { version: 7, window_hours: 1, late_fee_percent: 1 },
    };
    assert_eq!(events, [expected]);
    let slot = fold(&[vec![opened(1)], events].concat());
    assert_eq!(slot.lesson().unwrap().booking_of(ANNA).unwrap().policy.version, 7);
}

#[test]
fn a_booking_moves_only_where_a_seat_of_the_same_teacher_is_free() {
    when(vec![opened(1)], 0, move_in(VERA, ANNA)).refused("another_teacher");
    when(vec![opened(1), booked(2, BORIS)], 0, move_in(TEACHER, ANNA)).refused("slot_taken");
    when(vec![opened(2), booked(2, ANNA)], 0, move_in(TEACHER, ANNA)).refused("already_booked");
    when(vec![opened(1)], START, move_in(TEACHER, ANNA)).refused("slot_in_past");
    let class = opened_as(&NewSlot { class_id: Some(ClassId(id(9))), ..new_slot(1) });
    when(vec![class], 0, move_in(TEACHER, ANNA)).refused("slot_closed");
}

#[test]
fn a_booking_that_moved_out_frees_its_seat() {
    let out =
        SlotEvent::BookingMovedOut { booking_id: BookingId(id(1)), student: ANNA, to_slot: SlotId(id(50)) };
    when(vec![opened(1), booked(1, ANNA)], 0, move_out(ANNA)).then(std::slice::from_ref(&out));
    when(vec![opened(1), booked(1, ANNA)], 0, move_out(TEACHER)).refused("booking_not_found");
    when(vec![opened(1), booked(1, ANNA), out.clone()], 0, move_out(ANNA)).refused("booking_not_found");
    when(vec![opened(1), booked(1, ANNA), out.clone()], 0, book(new_booking(2, BORIS)))
        .then(&[booked(2, BORIS)]);
    // The booking can move back.
    let back = when(vec![opened(1), booked(1, ANNA), out], 0, move_in(TEACHER, ANNA)).events();
    assert_eq!(back[0].event_type(), "BookingMovedIn");
}

#[test]
fn no_booking_moves_in_the_late_window() {
    let history = vec![opened(1), booked(1, ANNA)];
    when(history.clone(), START - 12 * 60, move_out(ANNA)).events();
    let refusal = when(history, START - 12 * 60 + 1, move_out(ANNA)).refusal();
    assert_eq!((refusal.code, refusal.reasons[0].facts["window_hours"].as_str()), ("late_move", "12"));
}
