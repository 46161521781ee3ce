//! Invariants of a slot for random commands in random order at random times.

use std::collections::BTreeMap;

use cqrs_es::Aggregate;
use jiff::Timestamp;
use proptest::prelude::*;

use super::fixtures::*;
use crate::property_testing::{any_command, any_history};
use crate::scheduling::*;
use crate::*;

const PEOPLE: [AccountId; 4] = [TEACHER, ANNA, BORIS, VERA];

fn anybody() -> impl Strategy<Value = AccountId> {
    prop::sample::select(PEOPLE.to_vec())
}

fn any_id() -> impl Strategy<Value = u128> {
    1..7_u128
}

fn any_start() -> impl Strategy<Value = Timestamp> {
    prop::sample::select(vec![START, START + 60, START + 24 * 60, 30]).prop_map(at)
}

fn any_changes() -> impl Strategy<Value = SlotChanges> {
    let period = any_start().prop_map(|start| Period::of_minutes(start, 60));
    (prop::option::of(period), prop::option::of(0..4_u16)).prop_map(|(period, capacity)| SlotChanges {
        period: period.flatten(),
        capacity,
        ..SlotChanges::default()
    })
}

fn any_booking() -> impl Strategy<Value = Box<NewBooking>> {
    let booked_by = prop::sample::select(BookedBy::ALL.to_vec());
    let teacher = prop_oneof![7 => Just(TEACHER), 3 => anybody()];
    (any_id(), anybody(), booked_by, teacher, prop::option::of(any_id())).prop_map(
        |(n, student, booked_by, teacher, hold)| {
            let booker = match booked_by {
                BookedBy::Student => Booker::Student(student),
                BookedBy::Teacher => Booker::Teacher { teacher, student },
                BookedBy::Waitlist => Booker::Waitlist(student),
                BookedBy::Request => Booker::Request { teacher, student },
                BookedBy::Class => Booker::Class(student),
            };
            Box::new(NewBooking { booker, hold_id: hold.map(|n| HoldId(id(n))), ..new_booking(n, student) })
        },
    )
}

fn any_moved_booking() -> impl Strategy<Value = Box<MovedBooking>> {
    (any_id(), anybody(), prop::sample::select(BookedBy::ALL.to_vec())).prop_map(|(n, student, booked_by)| {
        Box::new(MovedBooking { booking_id: BookingId(id(n)), student, note: None, booked_by })
    })
}

pub(super) fn any_command() -> impl Strategy<Value = SlotCommand> {
    let booked = prop_oneof![
        any_booking().prop_map(SlotCommand::BookSeat),
        (any_id(), anybody()).prop_map(|(n, student)| book(new_booking(n, student))),
    ];
    let who = prop_oneof![
        (any_id(), anybody())
            .prop_map(|(n, student)| NoShow::Booking { booking_id: BookingId(id(n)), student }),
        anybody().prop_map(|teacher| NoShow::Teacher { teacher }),
    ];
    let lead = prop::sample::select(ReminderLead::ALL.to_vec());
    // Commands that take and free seats are more frequent than commands about the lesson itself.
    any_command!(SlotCommand {
        OpenSlot: 1 => (1..4_u16).prop_map(|capacity| SlotCommand::OpenSlot(Box::new(new_slot(capacity)))),
        ChangeSlot: 2 => any_changes()
            .prop_map(|changes| SlotCommand::ChangeSlot { by: TEACHER, changes: Box::new(changes) }),
        WithdrawSlot: 2 => anybody()
            .prop_map(|by| SlotCommand::WithdrawSlot { by: Initiator::Person(by), reason: None }),
        HoldSeat: 7 => (any_id(), anybody()).prop_map(|(n, student)| hold(n, student)),
        ReleaseHold: 7 => (any_id(), anybody())
            .prop_map(|(n, by)| SlotCommand::ReleaseHold { hold_id: HoldId(id(n)), by }),
        ExpireHold: 7 => any_id().prop_map(|n| SlotCommand::ExpireHold { hold_id: HoldId(id(n)) }),
        BookSeat: 14 => booked,
        CancelBooking: 7 => (any_id(), anybody()).prop_map(|(n, by)| cancel(n, by)),
        CancelLesson: 2 => anybody()
            .prop_map(|by| SlotCommand::CancelLesson { by: Initiator::Person(by), reason: None }),
        ProposeReschedule: 2 => (any_id(), anybody(), any_start()).prop_map(|(n, by, starts_at)| {
            SlotCommand::ProposeReschedule { proposal_id: ProposalId(id(n)), by, starts_at }
        }),
        AcceptReschedule: 4 => anybody().prop_map(|by| SlotCommand::AcceptReschedule { by }),
        DeclineReschedule: 2 => anybody().prop_map(|by| SlotCommand::DeclineReschedule { by }),
        ExpireReschedule: 2 => any_id()
            .prop_map(|n| SlotCommand::ExpireReschedule { proposal_id: ProposalId(id(n)) }),
        MoveOut: 7 => (any_id(), anybody(), any_id()).prop_map(|(n, by, to)| {
            SlotCommand::MoveOut { booking_id: BookingId(id(n)), by, to_slot: SlotId(id(to)) }
        }),
        MoveIn: 7 => (any_moved_booking(), any_id()).prop_map(|(booking, from)| SlotCommand::MoveIn {
            from_slot: SlotId(id(from)),
            teacher: TEACHER,
            booking,
            policy: CANCELLATION_POLICY,
        }),
        StartLesson: 2 => anybody().prop_map(|by| SlotCommand::StartLesson { by }),
        CompleteLesson: 2 => anybody().prop_map(|by| SlotCommand::CompleteLesson { by }),
        RecordNoShow: 2 => (anybody(), who).prop_map(|(by, who)| SlotCommand::RecordNoShow { by, who }),
        ReportLesson: 2 => (anybody(), "[a-z]{0,3}").prop_map(|(by, text)| SlotCommand::ReportLesson { by, text }),
        ReviewLesson: 2 => (anybody(), 0..7_u8)
            .prop_map(|(by, rating)| SlotCommand::ReviewLesson { by, rating, text: None }),
        RecordReminder: 2 => (anybody(), lead, any_start()).prop_map(|(person, lead, starts_at)| {
            SlotCommand::RecordReminder { person, lead, starts_at }
        }),
        EnterWaitlist: 7 => (any_id(), anybody(), 1..4_u32).prop_map(|(n, student, position)| {
            SlotCommand::EnterWaitlist { entry_id: WaitlistEntryId(id(n)), student, position }
        }),
        LeaveWaitlist: 7 => (any_id(), prop::sample::select(WaitEnd::ALL)).prop_map(|(n, cause)| {
            SlotCommand::LeaveWaitlist { entry_id: WaitlistEntryId(id(n)), cause }
        }),
        OfferSeat: 7 => (any_id(), any_id(), 0..300_i64).prop_map(|(entry, n, until)| SlotCommand::OfferSeat {
            entry_id: WaitlistEntryId(id(entry)),
            hold_id: HoldId(id(n)),
            expires_at: at(until),
        }),
        EndOffer: 7 => (any_id(), prop::sample::select(HoldEnd::ALL))
            .prop_map(|(n, cause)| SlotCommand::EndOffer { hold_id: HoldId(id(n)), cause }),
    })
}

/// Naive model of the seats, from the events alone.
#[derive(Default)]
struct Paper {
    capacity: usize,
    held: BTreeMap<HoldId, AccountId>,
    booked: BTreeMap<BookingId, AccountId>,
    line: Vec<WaitlistEntryId>,
    times: Vec<(AccountId, Timestamp, Timestamp)>,
}

impl Paper {
    fn note(&mut self, event: &SlotEvent) {
        match event {
            SlotEvent::SlotOpened { terms, .. } => self.capacity = terms.capacity.into(),
            SlotEvent::SlotChanged { changes, .. } => {
                self.capacity = changes.capacity.map_or(self.capacity, usize::from);
            }
            SlotEvent::SeatHeld { hold_id, student, .. } => {
                assert!(self.held.insert(*hold_id, *student).is_none(), "a hold is made once");
            }
            SlotEvent::HoldReleased { hold_id, .. } => {
                assert!(self.held.remove(hold_id).is_some(), "what is released was held");
            }
            SlotEvent::SeatBooked { booking_id, student, hold_id, .. } => {
                if let Some(hold_id) = hold_id {
                    assert_eq!(self.held.remove(hold_id), Some(*student), "a hold becomes its student's");
                }
                assert!(self.booked.insert(*booking_id, *student).is_none(), "a booking is made once");
            }
            SlotEvent::BookingMovedIn { booking_id, student, .. } => {
                assert!(self.booked.insert(*booking_id, *student).is_none(), "a booking arrives once");
            }
            SlotEvent::BookingCancelled { booking_id, student, .. }
            | SlotEvent::BookingMovedOut { booking_id, student, .. } => {
                assert_eq!(self.booked.remove(booking_id), Some(*student), "who leaves was booked");
            }
            SlotEvent::WaitlistEntered { entry_id, .. } => self.line.push(*entry_id),
            SlotEvent::WaitlistRemoved { entry_id, .. } => {
                let place = self.line.iter().position(|waiting| waiting == entry_id);
                self.line.remove(place.expect("a student who leaves the waitlist was in it"));
            }
            _ => {}
        }
        for claim in event.claims() {
            match claim {
                Claim::Time { person, from, to } => self.times.push((person, from, to)),
                Claim::ReleaseTime { person } => self.times.retain(|(who, ..)| *who != person),
                Claim::ReleaseAllTime => self.times.clear(),
                other => panic!("a slot claims time only: {other:?}"),
            }
        }
    }

    fn check(&self, slot: &Slot) {
        let lesson = slot.lesson().unwrap();
        assert!(self.held.len() + self.booked.len() <= self.capacity, "no seat is sold twice");
        let mut seated: Vec<_> = self.booked.values().copied().collect();
        seated.sort();
        assert!(seated.windows(2).all(|pair| pair[0] != pair[1]), "nobody has two seats");
        assert!(!seated.contains(&lesson.teacher));

        let booked: BTreeMap<_, _> =
            lesson.seated().map(|booking| (booking.booking_id, booking.student)).collect();
        assert_eq!(booked, self.booked);
        let held: BTreeMap<_, _> = lesson.holds.iter().map(|hold| (hold.hold_id, hold.student)).collect();
        assert_eq!(held, self.held);
        let line: Vec<_> = lesson.waitlist.iter().map(|waiting| waiting.entry_id).collect();
        assert_eq!(line, self.line);
        for hold in &lesson.holds {
            assert!(hold.offered_to.is_none_or(|entry| self.line.contains(&entry)), "an offer is somebody's");
        }

        // The time of the teacher and of each student with a seat is taken, unless the lesson is cancelled.
        let mut times = self.times.clone();
        times.sort();
        let is_off = matches!(lesson.status, SlotStatus::Withdrawn | SlotStatus::Cancelled);
        let people = [lesson.teacher].into_iter().chain(seated).filter(|_| !is_off);
        let mut due: Vec<_> =
            people.map(|who| (who, lesson.period.starts_at, lesson.period.ends_at)).collect();
        due.sort();
        assert_eq!(times, due);
        if is_off {
            assert!(self.held.is_empty() && self.booked.is_empty() && self.line.is_empty(), "nobody is left");
            assert_eq!(lesson.proposal, None);
        }
    }
}

/// Checks that the state confirms each refusal.
fn check_refusal(error: &SlotError, slot: &Slot, now: Timestamp) {
    assert!(!error.refusal().reasons.is_empty(), "a refusal has a reason");
    if let (SlotError::Taken { .. }, Some(lesson)) = (error, slot.lesson()) {
        let held = lesson.holds.iter().filter(|hold| hold.expires_at > now).count();
        let taken = lesson.seated().count() + held + lesson.waitlist.len();
        assert!(taken >= usize::from(lesson.terms.capacity), "a seat is refused while one is free");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn seats_holds_line_and_times_agree_whatever_people_do(capacity in 1..4_u16, day in any_history(any_command(), 60)) {
        let mut history = vec![opened(capacity)];
        let mut slot = fold(&history);
        let mut paper = Paper::default();
        paper.note(&history[0]);
        let mut minutes = 0;
        for (wait, command) in day {
            minutes += wait;
            match slot.decide(&command, at(minutes)) {
                Ok(events) => {
                    for event in events {
                        paper.note(&event);
                        slot.apply(event.clone());
                        history.push(event);
                    }
                    paper.check(&slot);
                    let again = slot.decide(&command, at(minutes));
                    let news = again.as_ref().map_or(0, Vec::len);
                    prop_assert!(news == 0 || matches!(command, SlotCommand::ReportLesson { .. }), "{command:?} twice");
                }
                Err(error) => check_refusal(&error, &slot, at(minutes)),
            }
        }
        prop_assert_eq!(&fold(&history), &slot);

        // An event reads back as it was written, and a snapshot equals the state.
        for event in &history {
            let json = serde_json::to_value(event).unwrap();
            prop_assert_eq!(&serde_json::from_value::<SlotEvent>(json).unwrap(), event);
        }
        let snapshot = serde_json::to_string(&slot).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Slot>(&snapshot).unwrap(), &slot);
    }
}
