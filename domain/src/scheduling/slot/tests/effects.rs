//! The effects of the events agree with the state of the slot, for random commands.

use std::collections::{BTreeMap, BTreeSet};

use cqrs_es::Aggregate;
use proptest::prelude::*;

use super::fixtures::*;
use super::properties::any_command;
use crate::property_testing::any_history;
use crate::scheduling::*;
use crate::*;

/// Slot as a reader of the effects alone knows it.
#[derive(Debug, Default, PartialEq)]
struct Reader {
    status: Option<SlotStatus>,
    period: Option<Period>,
    capacity: Option<u16>,
    seated: BTreeMap<BookingId, AccountId>,
    holds: BTreeMap<HoldId, AccountId>,
    waitlist: BTreeMap<WaitlistEntryId, AccountId>,
    proposal: Option<ProposalId>,
    absent: BTreeSet<BookingId>,
    teacher_absent: bool,
}

impl Reader {
    fn apply(&mut self, event: &SlotEvent) {
        let effects = event.effects();
        self.status = effects.status.or(self.status);
        self.capacity = effects.terms.and_then(|changes| changes.capacity).or(self.capacity);
        if let Some(time) = effects.time {
            self.period = Some(time.period());
        }
        if let Some(TimeChange::Moved { .. }) = effects.time {
            self.proposal = None;
        }
        match effects.seat {
            Some(SeatChange::Taken { booking_id, student, .. }) => {
                self.seated.insert(booking_id, student);
            }
            Some(SeatChange::Freed { booking_id, student, .. }) => {
                assert_eq!(self.seated.remove(&booking_id), Some(student));
            }
            None => {}
        }
        match effects.hold {
            Some(HoldChange::Started { hold_id, student, .. }) => {
                self.holds.insert(hold_id, student);
            }
            Some(HoldChange::Released(hold_id) | HoldChange::Booked(hold_id)) => {
                assert!(self.holds.remove(&hold_id).is_some());
            }
            None => {}
        }
        match effects.waitlist {
            Some(WaitlistChange::Entered { entry_id, student }) => {
                self.waitlist.insert(entry_id, student);
            }
            Some(WaitlistChange::Removed { entry_id, .. }) => {
                assert!(self.waitlist.remove(&entry_id).is_some());
            }
            None => {}
        }
        match effects.proposal {
            Some(ProposalChange::Opened { proposal_id, .. }) => self.proposal = Some(proposal_id),
            Some(ProposalChange::Ended(proposal_id)) => {
                assert_eq!(self.proposal.take(), Some(proposal_id));
            }
            None => {}
        }
        match effects.absence {
            Some(NoShow::Booking { booking_id, .. }) => {
                self.absent.insert(booking_id);
            }
            Some(NoShow::Teacher { .. }) => self.teacher_absent = true,
            None => {}
        }
    }
}

impl From<&Lesson> for Reader {
    fn from(lesson: &Lesson) -> Self {
        let absent = lesson.bookings.iter().filter(|booking| booking.status == BookingStatus::NoShow);
        Self {
            status: Some(lesson.status),
            period: Some(lesson.period),
            capacity: Some(lesson.terms.capacity),
            seated: lesson.seated().map(|booking| (booking.booking_id, booking.student)).collect(),
            holds: lesson.holds.iter().map(|hold| (hold.hold_id, hold.student)).collect(),
            waitlist: lesson.waitlist.iter().map(|waiting| (waiting.entry_id, waiting.student)).collect(),
            proposal: lesson.proposal.as_ref().map(|proposal| proposal.proposal_id),
            absent: absent.map(|booking| booking.booking_id).collect(),
            teacher_absent: lesson.teacher_absent,
        }
    }
}

proptest! {
    #[test]
    fn a_reader_of_the_effects_knows_the_slot(capacity in 1..4_u16, day in any_history(any_command(), 60)) {
        let opened = opened(capacity);
        let mut slot = fold(std::slice::from_ref(&opened));
        let mut reader = Reader { capacity: Some(capacity), ..Reader::default() };
        reader.apply(&opened);
        let mut minutes = 0;
        for (wait, command) in day {
            minutes += wait;
            for event in slot.decide(&command, at(minutes)).unwrap_or_default() {
                reader.apply(&event);
                slot.apply(event);
            }
            prop_assert_eq!(&reader, &Reader::from(slot.lesson().unwrap()));
        }
    }
}

#[test]
fn a_lesson_is_held_by_the_students_who_came_with_their_teacher() {
    let (completed, teacher_absent, absent) = (true, false, &[ANNA][..]);
    let held = LessonAttendance { completed, teacher_absent, absent };
    assert!(held.has_attended(&BORIS));
    assert!(!held.has_attended(&ANNA));
    assert!(!LessonAttendance { completed: false, ..held }.has_attended(&BORIS));
    assert!(!LessonAttendance { teacher_absent: true, ..held }.has_attended(&BORIS));
}
