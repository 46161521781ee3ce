//! Rows of slots, bookings and holds; each is written and read as one JSON object, a field per column.

use domain::scheduling::{
    BookedBy, BookingStatus, LessonFormat, LessonType, Party, Period, SlotAvailability, SlotStatus,
};
use domain::{
    AccountId, BookingId, ClassId, Currency, HoldId, Money, Personal, ProposalId, RequestId, SeriesId,
    SlotId, StreamVersion, WaitlistEntryId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Slot, table `app.slots`; the comments of its columns describe the fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlotRow {
    pub slot_id: SlotId,
    pub teacher: AccountId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub zone: String,
    pub subject: String,
    pub lesson_type: LessonType,
    pub format: LessonFormat,
    pub price: i64,
    pub currency: Currency,
    pub capacity: i16,
    pub min_participants: Option<i16>,
    pub goals: Vec<String>,
    pub grades: Vec<String>,
    pub place: Option<String>,
    pub series_id: Option<SeriesId>,
    pub class_id: Option<ClassId>,
    pub request_id: Option<RequestId>,
    pub status: SlotStatus,
    pub seats_taken: i16,
    pub seats_held: i16,
    pub waiting: i16,
    pub proposal_id: Option<ProposalId>,
    pub proposal_by: Option<Party>,
    pub proposal_starts_at: Option<Timestamp>,
    pub proposal_ends_at: Option<Timestamp>,
    pub proposal_expires_at: Option<Timestamp>,
    pub report: Option<String>,
    pub teacher_absent: bool,
    pub opened_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub calendar_sequence: i32,
    pub version: StreamVersion,
}

/// Booking, table `app.bookings`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BookingRow {
    pub booking_id: BookingId,
    pub slot_id: SlotId,
    pub student: AccountId,
    pub teacher: AccountId,
    pub note: Option<String>,
    pub price: i64,
    pub currency: Currency,
    pub booked_by: BookedBy,
    pub status: BookingStatus,
    pub cancelled_by: Option<Party>,
    pub cancel_reason: Option<String>,
    pub cancel_reason_by: Option<AccountId>,
    pub late: Option<bool>,
    pub fee: Option<i64>,
    pub booked_at: Timestamp,
    pub cancelled_at: Option<Timestamp>,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub rating: Option<i16>,
    pub review: Option<String>,
    pub reviewed_at: Option<Timestamp>,
}

/// Hold, table `app.seat_holds`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct HoldRow {
    pub(super) hold_id: HoldId,
    pub(super) slot_id: SlotId,
    pub(super) student: AccountId,
    pub(super) expires_at: Timestamp,
    pub(super) offered_to: Option<WaitlistEntryId>,
}

impl SlotRow {
    /// Returns the price of one seat.
    pub fn money(&self) -> Money {
        Money { amount: self.price, currency: self.currency }
    }

    pub fn period(&self) -> Period {
        Period { starts_at: self.starts_at, ends_at: self.ends_at }
    }

    /// Returns whether any student could book a seat, without regard to the time.
    pub fn is_free(&self) -> bool {
        let occupied = i32::from(self.seats_taken) + i32::from(self.seats_held) + i32::from(self.waiting);
        self.status == SlotStatus::Offered && self.class_id.is_none() && i32::from(self.capacity) > occupied
    }

    pub fn availability(&self) -> SlotAvailability {
        match self.status {
            SlotStatus::Offered if self.seats_taken >= self.capacity => SlotAvailability::Full,
            SlotStatus::Offered => SlotAvailability::Open,
            SlotStatus::Started => SlotAvailability::Started,
            SlotStatus::Completed => SlotAvailability::Completed,
            SlotStatus::Withdrawn => SlotAvailability::Withdrawn,
            SlotStatus::Cancelled => SlotAvailability::Cancelled,
        }
    }

    pub(super) fn move_to(&mut self, to: Period) {
        (self.starts_at, self.ends_at) = (to.starts_at, to.ends_at);
        self.calendar_sequence += 1;
    }

    pub(super) fn clear_proposal(&mut self) {
        self.proposal_id = None;
        self.proposal_by = None;
        self.proposal_starts_at = None;
        self.proposal_ends_at = None;
        self.proposal_expires_at = None;
    }
}

impl BookingRow {
    /// Returns the agreed price of the seat.
    pub fn money(&self) -> Money {
        Money { amount: self.price, currency: self.currency }
    }

    /// Returns the fee that the student paid for the cancellation.
    pub fn fee(&self) -> Option<Money> {
        self.fee.map(|amount| Money { amount, currency: self.currency })
    }

    /// Returns whether the student has a seat, or had one when the lesson took place.
    pub fn is_seated(&self) -> bool {
        matches!(self.status, BookingStatus::Booked | BookingStatus::NoShow)
    }
}

/// Returns the text of an event; `None` after the erasure of its author.
pub(super) fn known_text(text: Option<&Personal<String>>) -> Option<String> {
    text.and_then(|text| text.known().cloned())
}
