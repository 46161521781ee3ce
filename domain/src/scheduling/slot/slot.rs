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
use crate::scheduling::terms::{Party, Period, Terms};

/// A slot: not there yet, or offered once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Slot {
    #[default]
    Unopened,
    Opened(Box<Lesson>),
}

/// An offered time with everything that became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    pub teacher: AccountId,
    pub period: Period,
    pub zone: TimeZoneName,
    pub terms: Terms,
    pub series_id: Option<SeriesId>,
    pub class_id: Option<ClassId>,
    pub request_id: Option<RequestId>,
    pub stage: Stage,
    pub holds: Vec<Hold>,
    /// In the order of booking; those that were cancelled or moved out are kept.
    pub bookings: Vec<Booking>,
    /// Who stands in line, the first first.
    pub waitlist: Vec<Waiting>,
    pub proposal: Option<Proposal>,
    pub reported: bool,
    pub teacher_absent: bool,
    /// Reminders sent: to whom, how long before, of which start.
    pub reminders: BTreeSet<(AccountId, ReminderLead, Timestamp)>,
}

code_enum!(
    /// How far it has come.
    Stage {
        Offered = "offered",
        Started = "started",
        Completed = "completed",
        Withdrawn = "withdrawn",
        Cancelled = "cancelled",
    }
);

code_enum!(
    /// What the API calls the status of a slot.
    SlotStatus {
        Open = "open",
        Full = "full",
        Started = "started",
        Completed = "completed",
        Withdrawn = "withdrawn",
        Cancelled = "cancelled",
    }
);

/// How the seats of a slot stand at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seats {
    pub capacity: u16,
    pub booked: u16,
    /// Kept for somebody, offers to the line included.
    pub held: u16,
    /// In line, without an offer.
    pub waiting: u16,
}

/// A seat that is kept for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    pub hold_id: HoldId,
    pub student: AccountId,
    pub expires_at: Timestamp,
    pub offered_to: Option<WaitlistEntryId>,
}

/// A booking; keeps its id for life, also in another slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Booking {
    pub booking_id: BookingId,
    pub student: AccountId,
    pub note: Option<Personal<String>>,
    pub price: Money,
    pub booked_by: BookedBy,
    pub policy: CancellationPolicy,
    pub stage: BookingStage,
    pub reviewed: bool,
}

code_enum!(
    /// What became of a booking.
    BookingStage {
        Booked = "booked",
        Cancelled = "cancelled",
        MovedOut = "moved_out",
        NoShow = "no_show",
    }
);

/// Somebody in line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Waiting {
    pub entry_id: WaitlistEntryId,
    pub student: AccountId,
}

/// A proposal to move the lesson, while it is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub proposal_id: ProposalId,
    pub by: Party,
    pub proposer: AccountId,
    pub to: Period,
    pub expires_at: Timestamp,
    /// Who has agreed so far.
    pub accepted: BTreeSet<AccountId>,
}

impl Slot {
    /// The offer and what became of it; `None` before it was opened.
    pub fn lesson(&self) -> Option<&Lesson> {
        match self {
            Slot::Unopened => None,
            Slot::Opened(lesson) => Some(lesson),
        }
    }
}

impl Lesson {
    /// The bookings that hold a seat now (somebody who did not come had one).
    pub fn seated(&self) -> impl Iterator<Item = &Booking> {
        self.bookings
            .iter()
            .filter(|booking| matches!(booking.stage, BookingStage::Booked | BookingStage::NoShow))
    }

    /// Seats that are booked; holds are not counted.
    pub fn seats_taken(&self) -> u16 {
        u16::try_from(self.seated().count()).unwrap_or(u16::MAX)
    }

    /// Whether nobody is booked but by the class whose lesson it is.
    pub fn is_of_class_alone(&self) -> bool {
        self.class_id.is_some() && self.seated().all(|booking| booking.booked_by == BookedBy::Class)
    }

    /// What a person is in this lesson: its teacher, or somebody booked.
    pub fn part_of(&self, person: AccountId) -> Option<Party> {
        if person == self.teacher {
            return Some(Party::Teacher);
        }
        self.booking_of(person).map(|_| Party::Student)
    }

    /// The student's booking that holds a seat now.
    pub fn booking_of(&self, student: AccountId) -> Option<&Booking> {
        self.seated().find(|booking| booking.student == student)
    }

    pub fn status(&self) -> SlotStatus {
        match self.stage {
            Stage::Offered if self.seats_taken() >= self.terms.capacity => SlotStatus::Full,
            Stage::Offered => SlotStatus::Open,
            Stage::Started => SlotStatus::Started,
            Stage::Completed => SlotStatus::Completed,
            Stage::Withdrawn => SlotStatus::Withdrawn,
            Stage::Cancelled => SlotStatus::Cancelled,
        }
    }

    /// How the seats stand at an instant: a hold that has expired counts no more, whether its timer
    /// has fired or not.
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
    /// Free for somebody who comes by: neither booked, held, nor awaited by the line.
    pub fn free(&self) -> u16 {
        self.unoccupied().saturating_sub(self.waiting)
    }

    /// Neither booked nor held: what can be offered to the line.
    pub fn unoccupied(&self) -> u16 {
        self.capacity.saturating_sub(self.booked).saturating_sub(self.held)
    }
}
