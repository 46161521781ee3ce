//! Audience of a lesson, and the people whom an event of the lesson involves.

use std::collections::{BTreeMap, BTreeSet};

use domain::scheduling::{HoldChange, Involvement, Lesson, SeatChange, SlotEvent, WaitlistChange};
use domain::{AccountId, BookingId, HoldId, WaitlistEntryId};
use serde::{Deserialize, Serialize};

/// Teacher, booked students, students with a hold, and waitlist of a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LessonAudience {
    pub teacher: AccountId,
    pub seated: BTreeMap<BookingId, AccountId>,
    pub holds: BTreeMap<HoldId, HeldSeat>,
    #[serde(rename = "line")]
    pub waitlist: BTreeMap<WaitlistEntryId, AccountId>,
}

/// Student of a hold, and whether the hold is an offer to the waitlist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct HeldSeat {
    pub student: AccountId,
    pub offered: bool,
}

/// People whom an event of a lesson involves.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Involved {
    pub about: Involvement,
    /// The teacher; `None` for a reminder of a student.
    pub teacher: Option<AccountId>,
    /// Booked students, or the one student whom the event is about.
    pub students: BTreeSet<AccountId>,
    /// Students without a seat whom a change of the slot concerns: with a hold, or on the waitlist.
    pub without_seat: BTreeSet<AccountId>,
    /// True if the event is about an offer to the waitlist.
    pub is_offer: bool,
}

impl LessonAudience {
    pub(crate) fn new(teacher: AccountId) -> Self {
        Self { teacher, seated: BTreeMap::new(), holds: BTreeMap::new(), waitlist: BTreeMap::new() }
    }

    /// Applies an event, and returns the people whom it involves.
    ///
    /// Returns `None` if the event is about an unknown hold or waitlist entry.
    pub(crate) fn apply(&mut self, event: &SlotEvent) -> Option<Involved> {
        let effects = event.effects();
        // The student of a hold or a waitlist entry is known after its start and before its end.
        if let Some(SeatChange::Taken { booking_id, student, .. }) = effects.seat {
            self.seated.insert(booking_id, student);
        }
        if let Some(HoldChange::Started { hold_id, student, offered_to, .. }) = effects.hold {
            self.holds.insert(hold_id, HeldSeat { student, offered: offered_to.is_some() });
        }
        if let Some(WaitlistChange::Entered { entry_id, student }) = effects.waitlist {
            self.waitlist.insert(entry_id, student);
        }
        let involved = self.involved(effects.involvement);
        if let Some(SeatChange::Freed { booking_id, .. }) = effects.seat {
            self.seated.remove(&booking_id);
        }
        if let Some(hold_id) = effects.hold.and_then(HoldChange::ended) {
            self.holds.remove(&hold_id);
        }
        if let Some(WaitlistChange::Removed { entry_id, .. }) = effects.waitlist {
            self.waitlist.remove(&entry_id);
        }
        involved
    }

    fn involved(&self, about: Involvement) -> Option<Involved> {
        let seated = || self.seated.values().copied().collect();
        let only = |students| Involved {
            about,
            teacher: Some(self.teacher),
            students,
            without_seat: BTreeSet::new(),
            is_offer: false,
        };
        Some(match about {
            Involvement::Teacher => only(BTreeSet::new()),
            Involvement::Everyone => {
                let held = self.holds.values().map(|held| held.student);
                let without_seat = held.chain(self.waitlist.values().copied()).collect();
                Involved { without_seat, ..only(seated()) }
            }
            Involvement::Participants | Involvement::Proposal(_) => only(seated()),
            Involvement::Booking { student, .. } => only(BTreeSet::from([student])),
            Involvement::Hold(hold_id) => {
                let held = self.holds.get(&hold_id)?;
                Involved { is_offer: held.offered, ..only(BTreeSet::from([held.student])) }
            }
            Involvement::WaitlistEntry(entry_id) => only(BTreeSet::from([*self.waitlist.get(&entry_id)?])),
            Involvement::Reminder { person, .. } if person == self.teacher => only(BTreeSet::new()),
            Involvement::Reminder { person, .. } => {
                Involved { teacher: None, ..only(BTreeSet::from([person])) }
            }
        })
    }
}

impl From<&Lesson> for LessonAudience {
    fn from(lesson: &Lesson) -> Self {
        let held = |student, offered| HeldSeat { student, offered };
        Self {
            teacher: lesson.teacher,
            seated: lesson.seated().map(|booking| (booking.booking_id, booking.student)).collect(),
            holds: lesson
                .holds
                .iter()
                .map(|hold| (hold.hold_id, held(hold.student, hold.offered_to.is_some())))
                .collect(),
            waitlist: lesson.waitlist.iter().map(|waiting| (waiting.entry_id, waiting.student)).collect(),
        }
    }
}

impl Involved {
    /// Returns the teacher and the students, without those who have no seat in the lesson.
    pub(crate) fn participants(&self) -> impl Iterator<Item = AccountId> + '_ {
        self.teacher.iter().chain(&self.students).copied()
    }

    /// Returns all people whom the event involves.
    pub(crate) fn people(&self) -> impl Iterator<Item = AccountId> + '_ {
        self.participants().chain(self.without_seat.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::scheduling::{HoldEnd, WaitEnd};
    use uuid::Uuid;

    fn person(number: u128) -> AccountId {
        AccountId(Uuid::from_u128(number))
    }

    fn audience() -> LessonAudience {
        LessonAudience::new(person(1))
    }

    #[test]
    fn the_end_of_a_hold_involves_the_student_who_had_it() {
        let mut lesson = audience();
        let hold_id = HoldId(Uuid::from_u128(7));
        let offered_to = Some(WaitlistEntryId(Uuid::from_u128(8)));
        let expires_at = "2026-03-01T10:00:00Z".parse().unwrap();
        let held = SlotEvent::SeatHeld { hold_id, student: person(2), expires_at, offered_to };
        let released = SlotEvent::HoldReleased { hold_id, cause: HoldEnd::Expired };
        for event in [held, released.clone()] {
            let involved = lesson.apply(&event).unwrap();
            assert_eq!(involved.people().collect::<Vec<_>>(), [person(1), person(2)]);
            assert!(involved.is_offer);
        }
        assert_eq!(lesson.apply(&released), None);
        assert_eq!(lesson, audience());
    }

    #[test]
    fn a_withdrawn_slot_involves_the_waitlist_until_it_is_left() {
        let mut lesson = audience();
        let entry_id = WaitlistEntryId(Uuid::from_u128(8));
        lesson.apply(&SlotEvent::WaitlistEntered { entry_id, student: person(2) });
        let withdrawn = SlotEvent::SlotWithdrawn { reason: None };
        let involved = lesson.apply(&withdrawn).unwrap();
        assert_eq!(involved.participants().collect::<Vec<_>>(), [person(1)]);
        assert_eq!(involved.people().collect::<Vec<_>>(), [person(1), person(2)]);
        lesson.apply(&SlotEvent::WaitlistRemoved { entry_id, cause: WaitEnd::Left });
        assert_eq!(lesson.apply(&withdrawn).unwrap().people().collect::<Vec<_>>(), [person(1)]);
    }
}
