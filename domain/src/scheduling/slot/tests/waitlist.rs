//! Tests of the waitlist.

use super::fixtures::*;
use crate::scheduling::*;
use crate::*;

fn enter(entry: u128, student: AccountId, position: u32) -> SlotCommand {
    SlotCommand::EnterWaitlist { entry_id: WaitlistEntryId(id(entry)), student, position }
}

fn offer(entry: u128, n: u128, until: i64) -> SlotCommand {
    let (entry_id, hold_id) = (WaitlistEntryId(id(entry)), HoldId(id(n)));
    SlotCommand::OfferSeat { entry_id, hold_id, expires_at: at(until) }
}

fn accept(n: u128, student: AccountId, hold: u128) -> SlotCommand {
    let hold_id = Some(HoldId(id(hold)));
    book(NewBooking { booker: Booker::Waitlist(student), hold_id, ..new_booking(n, student) })
}

/// Slot in which Vera has the seat, and Anna and Boris wait.
fn line() -> Vec<SlotEvent> {
    vec![opened(1), booked(1, VERA), waiting(5, ANNA), waiting(6, BORIS)]
}

/// The same slot after Vera's cancellation.
fn freed() -> Vec<SlotEvent> {
    [line(), vec![cancelled(1, VERA, Party::Student, None)]].concat()
}

/// The same slot with the seat offered to Anna.
fn offered_to_anna() -> Vec<SlotEvent> {
    [freed(), vec![offered(7, ANNA, 5, 120)]].concat()
}

#[test]
fn who_finds_no_seat_stands_behind_the_others() {
    let full = vec![opened(1), booked(1, VERA)];
    when(full.clone(), 0, enter(5, ANNA, 1)).then(&[waiting(5, ANNA)]);
    when(full.clone(), 0, enter(5, ANNA, 2)).refused("line_moved");
    let one = [full, vec![waiting(5, ANNA)]].concat();
    when(one.clone(), 0, enter(5, ANNA, 1)).then(&[]);
    when(one.clone(), 0, enter(6, ANNA, 2)).refused("already_waiting");
    when(one, 0, enter(6, BORIS, 2)).then(&[waiting(6, BORIS)]);
}

#[test]
fn nobody_waits_for_what_can_be_booked_or_will_not_be() {
    when(vec![opened(1)], 0, enter(5, ANNA, 1)).refused("seat_free");
    when(line(), 0, enter(8, VERA, 3)).refused("already_booked");
    when(line(), 0, enter(8, TEACHER, 3)).refused("own_slot");
    when(line(), START, enter(8, VERA, 3)).refused("slot_in_past");
    let held_by_anna = vec![opened(1), held(7, ANNA, 10)];
    when(held_by_anna.clone(), 5, enter(5, ANNA, 1)).refused("already_held");
    when(held_by_anna.clone(), 5, enter(5, BORIS, 1)).then(&[waiting(5, BORIS)]);
    when(held_by_anna, 10, enter(5, BORIS, 1)).refused("seat_free");
}

#[test]
fn a_free_seat_belongs_to_the_line() {
    let refusal = when(freed(), 0, book(new_booking(9, VERA))).refusal();
    assert_eq!((refusal.code, refusal.reasons[0].facts["waiting"].as_str()), ("slot_taken", "2"));
    when(freed(), 0, hold(9, VERA)).refused("slot_taken");
    when(freed(), 0, book(new_booking(9, ANNA))).refused("slot_taken");
    let many = SlotChanges { capacity: Some(3), ..SlotChanges::default() };
    let roomy =
        [freed(), vec![SlotEvent::SlotChanged { teacher: TEACHER, changes: Box::new(many) }]].concat();
    when(roomy.clone(), 0, book(new_booking(9, VERA))).then(&[booked(9, VERA)]);
    // A waitlisted student gets an offer and accepts it, so that the waitlist and the entry agree.
    when(roomy, 0, book(new_booking(9, ANNA))).refused("already_waiting");
}

#[test]
fn a_seat_is_offered_to_the_first() {
    when(freed(), 0, offer(6, 7, 120)).refused("not_first_in_line");
    when(freed(), 0, offer(5, 7, 120)).then(&[offered(7, ANNA, 5, 120)]);
    when(line(), 0, offer(5, 7, 120)).refused("slot_taken");
    when(freed(), 0, offer(9, 7, 120)).refused("waitlist_entry_not_found");
    when(freed(), 0, offer(5, 7, 0)).refused("hold_expired");
    when(freed(), 0, offer(5, 7, START + 1)).refused("hold_expired");
    when(offered_to_anna(), 0, offer(5, 7, 120)).then(&[]);
    when(offered_to_anna(), 0, offer(6, 8, 120)).refused("slot_taken");
}

#[test]
fn an_offer_becomes_a_booking_by_accepting_it() {
    when(offered_to_anna(), 60, accept(2, ANNA, 7))
        .then(&[booked_as(2, ANNA, BookedBy::Waitlist, Some(7)), gone(5, WaitEnd::Booked)]);
    when(offered_to_anna(), 60, accept(2, BORIS, 7)).refused("hold_not_found");
    when(offered_to_anna(), 120, accept(2, ANNA, 7)).refused("hold_expired");
    when(offered_to_anna(), 60, book(new_booking(2, ANNA))).refused("already_waiting");
    when(freed(), 60, accept(2, ANNA, 7)).refused("hold_expired");
}

#[test]
fn an_offer_ends_by_declining_and_by_its_timer() {
    let end = |cause| SlotCommand::EndOffer { hold_id: HoldId(id(7)), cause };
    when(offered_to_anna(), 60, end(HoldEnd::Cancelled))
        .then(&[released(7, HoldEnd::Cancelled), gone(5, WaitEnd::Declined)]);
    when(offered_to_anna(), 119, end(HoldEnd::Expired)).refused("too_early");
    when(offered_to_anna(), 120, end(HoldEnd::Expired))
        .then(&[released(7, HoldEnd::Expired), gone(5, WaitEnd::Expired)]);
    when(freed(), 60, end(HoldEnd::Cancelled)).then(&[]);
    let own_hold = vec![opened(1), held(7, ANNA, 10)];
    when(own_hold, 5, end(HoldEnd::Cancelled)).refused("hold_not_found");
}

#[test]
fn an_offer_is_neither_released_nor_expired_as_a_hold() {
    let hold_id = HoldId(id(7));
    when(offered_to_anna(), 1, SlotCommand::ReleaseHold { hold_id, by: ANNA }).refused("hold_not_found");
    when(offered_to_anna(), 120, SlotCommand::ExpireHold { hold_id }).refused("hold_not_found");
}

#[test]
fn an_offer_that_lapsed_gives_way_to_the_next() {
    when(offered_to_anna(), 120, offer(6, 8, 240)).then(&[
        released(7, HoldEnd::Expired),
        gone(5, WaitEnd::Expired),
        offered(8, BORIS, 6, 240),
    ]);
    // No other student waits, so any student can take the seat, also the one whose offer expired.
    let alone = vec![opened(1), waiting(5, ANNA), offered(7, ANNA, 5, 120)];
    when(alone.clone(), 119, book(new_booking(2, BORIS))).refused("slot_taken");
    let tidied = [released(7, HoldEnd::Expired), gone(5, WaitEnd::Expired)];
    when(alone.clone(), 120, book(new_booking(2, BORIS))).then(&[&tidied[..], &[booked(2, BORIS)]].concat());
    when(alone, 120, book(new_booking(2, ANNA))).then(&[&tidied[..], &[booked(2, ANNA)]].concat());
}

#[test]
fn who_leaves_the_line_gives_back_what_was_offered() {
    let leave = |entry, cause| SlotCommand::LeaveWaitlist { entry_id: WaitlistEntryId(id(entry)), cause };
    when(line(), 0, leave(6, WaitEnd::Left)).then(&[gone(6, WaitEnd::Left)]);
    when(offered_to_anna(), 0, leave(5, WaitEnd::Left))
        .then(&[released(7, HoldEnd::Cancelled), gone(5, WaitEnd::Left)]);
    when(line(), 0, leave(9, WaitEnd::Left)).then(&[]);
}
