//! State of a slot: its seats, bookings, holds, waitlist and open proposal.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::events::{BookedBy, ReminderLead};
use crate::accounts::TimeZoneName;
use crate::code_enum;
use crate::ids::{AccountId, BookingId, ClassId, HoldId, ProposalId, RequestId, SeriesId, WaitlistEntryId};
use crate::money::Money;
use crate::personal::Personal;
use crate::scheduling::policy::CancellationPolicy;
use crate::scheduling::terms::{Party, Period, SlotTerms};

/// Slot: not yet opened, or opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Slot {
    #[default]
    Unopened,
    Opened(Box<Lesson>),
}

/// Opened slot with its holds, bookings and waitlist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    pub teacher: AccountId,
    pub period: Period,
    pub zone: TimeZoneName,
    pub terms: SlotTerms,
    pub series_id: Option<SeriesId>,
    pub class_id: Option<ClassId>,
    pub request_id: Option<RequestId>,
    pub status: SlotStatus,
    pub holds: Vec<Hold>,
    /// Bookings in order of booking, with those that were cancelled or moved out.
    pub bookings: Vec<Booking>,
    /// Waitlist, in order of joining.
    pub waitlist: Vec<WaitlistedStudent>,
    pub proposal: Option<Proposal>,
    pub reported: bool,
    pub teacher_absent: bool,
    /// Sent reminders: person, lead and start.
    pub reminders: BTreeSet<(AccountId, ReminderLead, Timestamp)>,
}

code_enum!(
    /// Status of the slot.
    SlotStatus {
        Offered = "offered",
        Started = "started",
        Completed = "completed",
        Withdrawn = "withdrawn",
        Cancelled = "cancelled",
    }
);

code_enum!(
    /// Status of a slot in the words of the API.
    SlotAvailability {
        Open = "open",
        Full = "full",
        Started = "started",
        Completed = "completed",
        Withdrawn = "withdrawn",
        Cancelled = "cancelled",
    }
);

/// Seats of a slot at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seats {
    pub capacity: u16,
    pub booked: u16,
    /// Held seats, with seat offers.
    pub held: u16,
    /// Waitlisted students without an offer.
    pub waiting: u16,
}

/// Hold of a seat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    pub hold_id: HoldId,
    pub student: AccountId,
    pub expires_at: Timestamp,
    pub offered_to: Option<WaitlistEntryId>,
}

/// Booking; it keeps its id for life, also in another slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Booking {
    pub booking_id: BookingId,
    pub student: AccountId,
    pub note: Option<Personal<String>>,
    pub price: Money,
    pub booked_by: BookedBy,
    pub policy: CancellationPolicy,
    pub status: BookingStatus,
    pub reviewed: bool,
}

code_enum!(
    /// Status of a booking.
    BookingStatus {
        Booked = "booked",
        Cancelled = "cancelled",
        MovedOut = "moved_out",
        NoShow = "no_show",
    }
);

/// Waitlisted student.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct WaitlistedStudent {
    pub entry_id: WaitlistEntryId,
    pub student: AccountId,
}

/// Open proposal to move the lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub proposal_id: ProposalId,
    pub by: Party,
    pub proposer: AccountId,
    pub to: Period,
    pub expires_at: Timestamp,
    /// People who have accepted.
    pub accepted: BTreeSet<AccountId>,
}

impl Slot {
    /// Returns the opened slot; `None` before its opening.
    pub fn lesson(&self) -> Option<&Lesson> {
        match self {
            Slot::Unopened => None,
            Slot::Opened(lesson) => Some(lesson),
        }
    }
}

impl Lesson {
    /// Returns the bookings that have a seat (an absent student has one).
    pub fn seated(&self) -> impl Iterator<Item = &Booking> {
        self.bookings
            .iter()
            .filter(|booking| matches!(booking.status, BookingStatus::Booked | BookingStatus::NoShow))
    }

    /// Returns the number of booked seats, without holds.
    pub fn seats_taken(&self) -> u16 {
        u16::try_from(self.seated().count()).unwrap_or(u16::MAX)
    }

    /// Returns whether all bookings come from the class of the lesson.
    pub fn is_of_class_alone(&self) -> bool {
        self.class_id.is_some() && self.seated().all(|booking| booking.booked_by == BookedBy::Class)
    }

    /// Returns the party of a person in this lesson: teacher or booked student.
    pub fn party_of(&self, person: AccountId) -> Option<Party> {
        if person == self.teacher {
            return Some(Party::Teacher);
        }
        self.booking_of(person).map(|_| Party::Student)
    }

    /// Returns the student's booking that has a seat.
    pub fn booking_of(&self, student: AccountId) -> Option<&Booking> {
        self.seated().find(|booking| booking.student == student)
    }

    pub fn availability(&self) -> SlotAvailability {
        match self.status {
            SlotStatus::Offered if self.seats_taken() >= self.terms.capacity => SlotAvailability::Full,
            SlotStatus::Offered => SlotAvailability::Open,
            SlotStatus::Started => SlotAvailability::Started,
            SlotStatus::Completed => SlotAvailability::Completed,
            SlotStatus::Withdrawn => SlotAvailability::Withdrawn,
            SlotStatus::Cancelled => SlotAvailability::Cancelled,
        }
    }

    /// Counts the seats at an instant. An expired hold does not count, whether or not its timer
    /// has fired.
    pub fn seats(&self, now: Timestamp) -> Seats {
        let held = self.holds.iter().filter(|hold| hold.expires_at > now).count();
        let is_offered = |entry| self.holds.iter().any(|hold| hold.offered_to == Some(entry));
        let waiting = self.waitlist.iter().filter(|waiting| !is_offered(waiting.entry_id)).count();
        Seats {
            capacity: self.terms.capacity,
            booked: self.seats_taken(),
            held: u16::try_from(held).unwrap_or(u16::MAX),
            waiting: u16::try_from(waiting).unwrap_or(u16::MAX),
        }
    }
}

impl Seats {
    /// Returns the seats that any student can book: neither booked, held, nor wanted by the waitlist.
    pub fn free(&self) -> u16 {
        self.unoccupied().saturating_sub(self.waiting)
    }

    /// Returns the seats that are neither booked nor held; they can be offered to the waitlist.
    pub fn unoccupied(&self) -> u16 {
        self.capacity.saturating_sub(self.booked).saturating_sub(self.held)
    }
}
