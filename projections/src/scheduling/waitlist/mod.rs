//! Waitlist entries.

mod model;
mod queries;

use domain::{AccountId, BookingId, Position, SlotId, StreamVersion, WaitlistEntryId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use model::WaitlistReadModel;
pub use queries::{WaitlistEntryView, waitlist_entries_of, waitlist_entry_of};

/// Waitlist entry of a student.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitlistRow {
    pub entry_id: WaitlistEntryId,
    pub slot_id: SlotId,
    pub student: AccountId,
    /// `waiting`, `offered`, `accepted`, `declined`, `expired` or `left`.
    pub status: String,
    pub closed: bool,
    pub joined_position: Position,
    pub joined_at: Timestamp,
    pub offer_expires_at: Option<Timestamp>,
    pub booking_id: Option<BookingId>,
    pub ended_at: Option<Timestamp>,
    /// Stream version of the last event.
    pub version: StreamVersion,
}
