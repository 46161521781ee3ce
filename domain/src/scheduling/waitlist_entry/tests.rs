//! Tests of a waitlist entry: rules by given, when, then, and invariants of random commands.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::property_testing::any_command;
use crate::scheduling::terms::Initiator;
use crate::{AccountId, BookingId, Clock, Decider, FixedClock, HoldId, RefusalError, SlotId};

const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));
const BORIS: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000003"));
const SLOT: SlotId = SlotId(uuid::uuid!("0198c0de-0000-7000-8000-000000000010"));
const HOLD: HoldId = HoldId(uuid::uuid!("0198c0de-0000-7000-8000-000000000011"));
const OTHER_HOLD: HoldId = HoldId(uuid::uuid!("0198c0de-0000-7000-8000-000000000012"));
const BOOKING: BookingId = BookingId(uuid::uuid!("0198c0de-0000-7000-8000-000000000013"));

fn noon() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn given_at(now: Timestamp, events: Vec<WaitlistEvent>) -> AggregateTestExecutor<WaitlistEntry> {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(now));
    TestFramework::with(clock).given(events)
}

/// Instant before the offer expires.
fn given(events: Vec<WaitlistEvent>) -> AggregateTestExecutor<WaitlistEntry> {
    given_at(noon() - SignedDuration::from_secs(1), events)
}

fn refused(executor: AggregateTestExecutor<WaitlistEntry>, command: WaitlistCommand) -> &'static str {
    executor.when(command).inspect_result().unwrap_err().refusal().code
}

fn join() -> WaitlistCommand {
    WaitlistCommand::JoinWaitlist { slot_id: SLOT, student: ANNA, position: 3 }
}

fn joined() -> WaitlistEvent {
    WaitlistEvent::WaitlistJoined { slot_id: SLOT, student: ANNA, position: 3 }
}

fn receive(hold_id: HoldId) -> WaitlistCommand {
    WaitlistCommand::ReceiveOffer { hold_id, expires_at: noon() }
}

fn offered() -> WaitlistEvent {
    WaitlistEvent::SeatOffered { hold_id: HOLD, expires_at: noon() }
}

fn accept(student: AccountId) -> WaitlistCommand {
    WaitlistCommand::AcceptOffer { student, booking_id: BOOKING }
}

fn decline(student: AccountId) -> WaitlistCommand {
    WaitlistCommand::DeclineOffer { student }
}

fn leave(by: Initiator) -> WaitlistCommand {
    WaitlistCommand::LeaveWaitlist { by }
}

/// Final statuses, with the histories that lead to them.
fn ends() -> [WaitlistEvent; 4] {
    [
        WaitlistEvent::OfferAccepted { booking_id: BOOKING },
        WaitlistEvent::OfferDeclined {},
        WaitlistEvent::OfferExpired {},
        WaitlistEvent::WaitlistLeft { closed: false },
    ]
}

#[test]
fn a_student_joins_waits_is_offered_and_accepts() {
    given(vec![]).when(join()).then_expect_events(vec![joined()]);
    given(vec![joined()]).when(receive(HOLD)).then_expect_events(vec![offered()]);
    given(vec![joined(), offered()])
        .when(accept(ANNA))
        .then_expect_events(vec![WaitlistEvent::OfferAccepted { booking_id: BOOKING }]);
    assert_eq!(refused(given(vec![joined()]), join()), "already_waiting");
}

#[test]
fn an_offer_is_declined_by_whose_it_is() {
    given(vec![joined(), offered()])
        .when(decline(ANNA))
        .then_expect_events(vec![WaitlistEvent::OfferDeclined {}]);
    for command in [decline(BORIS), accept(BORIS), leave(Initiator::Person(BORIS))] {
        assert_eq!(refused(given(vec![joined(), offered()]), command), "waitlist_entry_not_found");
    }
}

#[test]
fn an_offer_past_its_time_is_refused_even_before_the_timer() {
    for command in [accept(ANNA), decline(ANNA)] {
        let late = given_at(noon(), vec![joined(), offered()]);
        assert_eq!(refused(late, command.clone()), "offer_expired");
        let closed = given_at(noon(), vec![joined(), offered(), WaitlistEvent::OfferExpired {}]);
        assert_eq!(refused(closed, command), "offer_expired");
    }
}

#[test]
fn the_timer_ends_an_offer_at_its_time_and_not_before() {
    let timer = || WaitlistCommand::ExpireOffer;
    assert_eq!(refused(given(vec![joined(), offered()]), timer()), "too_early");
    given_at(noon(), vec![joined(), offered()])
        .when(timer())
        .then_expect_events(vec![WaitlistEvent::OfferExpired {}]);
    for end in ends() {
        given_at(noon(), vec![joined(), offered(), end]).when(timer()).then_expect_events(vec![]);
    }
    assert_eq!(refused(given(vec![joined()]), timer()), "no_seat_offered");
}

#[test]
fn one_seat_is_offered_at_a_time() {
    given(vec![joined(), offered()]).when(receive(HOLD)).then_expect_events(vec![]);
    assert_eq!(refused(given(vec![joined(), offered()]), receive(OTHER_HOLD)), "seat_already_offered");
    for end in ends() {
        assert_eq!(refused(given(vec![joined(), offered(), end]), receive(OTHER_HOLD)), "waitlist_left");
    }
}

#[test]
fn a_student_leaves_or_is_sent_home() {
    for history in [vec![joined()], vec![joined(), offered()]] {
        given(history.clone())
            .when(leave(Initiator::Person(ANNA)))
            .then_expect_events(vec![WaitlistEvent::WaitlistLeft { closed: false }]);
        given(history)
            .when(leave(Initiator::System))
            .then_expect_events(vec![WaitlistEvent::WaitlistLeft { closed: true }]);
    }
    for end in ends() {
        given(vec![joined(), offered(), end.clone()])
            .when(leave(Initiator::System))
            .then_expect_events(vec![]);
        given(vec![joined(), offered(), end]).when(leave(Initiator::Person(ANNA))).then_expect_events(vec![]);
    }
}

#[test]
fn who_waits_has_nothing_to_answer() {
    for command in [accept(ANNA), decline(ANNA)] {
        assert_eq!(refused(given(vec![joined()]), command.clone()), "no_seat_offered");
        assert_eq!(refused(given(vec![]), command.clone()), "waitlist_entry_not_found");
        let left = vec![joined(), WaitlistEvent::WaitlistLeft { closed: true }];
        assert_eq!(refused(given(left), command), "waitlist_left");
    }
}

fn any_command() -> impl Strategy<Value = WaitlistCommand> {
    let person = || prop::sample::select(vec![ANNA, BORIS]);
    let agent = prop_oneof![person().prop_map(Initiator::Person), Just(Initiator::System)];
    any_command!(WaitlistCommand {
        JoinWaitlist: 1 => Just(join()),
        ReceiveOffer: 1 => prop::sample::select(vec![HOLD, OTHER_HOLD]).prop_map(receive),
        AcceptOffer: 1 => person().prop_map(accept),
        DeclineOffer: 1 => person().prop_map(decline),
        ExpireOffer: 1 => Just(WaitlistCommand::ExpireOffer),
        LeaveWaitlist: 1 => agent.prop_map(leave),
    })
}

proptest! {
    #[test]
    fn a_way_ends_once_and_no_seat_is_accepted_late(
        steps in prop::collection::vec((any_command(), 0_i64..40), 0..25)
    ) {
        let (mut entry, mut history) = (WaitlistEntry::default(), Vec::new());
        let mut now = noon() - SignedDuration::from_mins(60);
        for (command, minutes) in steps {
            now += SignedDuration::from_mins(minutes);
            match entry.decide(&command, now) {
                Ok(events) => {
                    if events.iter().any(|event| matches!(event, WaitlistEvent::OfferAccepted { .. })) {
                        prop_assert!(now < noon());
                    }
                    if events.contains(&WaitlistEvent::OfferExpired {}) {
                        prop_assert!(now >= noon());
                    }
                    events.iter().cloned().for_each(|event| entry.apply(event));
                    history.extend(events);
                }
                Err(error) => prop_assert!(!error.refusal().reasons.is_empty(), "a refusal has a reason"),
            }
        }
        let is_end = |event: &&WaitlistEvent| match event {
            WaitlistEvent::WaitlistJoined { .. } | WaitlistEvent::SeatOffered { .. } => false,
            WaitlistEvent::OfferAccepted { .. }
            | WaitlistEvent::OfferDeclined {}
            | WaitlistEvent::OfferExpired {}
            | WaitlistEvent::WaitlistLeft { .. } => true,
        };
        prop_assert!(history.iter().filter(is_end).count() <= 1);
        prop_assert!(history.len() <= 3);
        let written: Vec<WaitlistEvent> = serde_json::from_str(&serde_json::to_string(&history).unwrap()).unwrap();
        let mut again = WaitlistEntry::default();
        written.into_iter().for_each(|event| again.apply(event));
        prop_assert_eq!(&again, &entry);
        let snapshot = serde_json::to_string(&entry).unwrap();
        prop_assert_eq!(&serde_json::from_str::<WaitlistEntry>(&snapshot).unwrap(), &entry);
    }
}
