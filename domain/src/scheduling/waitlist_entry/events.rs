//! Events of a waitlist entry.

use cqrs_es::DomainEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::decider::EventEffects;
use crate::ids::{AccountId, BookingId, HoldId, SlotId};

/// Events of the aggregate `WaitlistEntry`. Each is in one append with its event of the slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WaitlistEvent {
    WaitlistJoined {
        slot_id: SlotId,
        student: AccountId,
        /// Position in the waitlist at that moment, from 1.
        position: u32,
    },
    SeatOffered {
        hold_id: HoldId,
        expires_at: Timestamp,
    },
    OfferAccepted {
        booking_id: BookingId,
    },
    OfferDeclined {},
    OfferExpired {},
    /// The student left, or no seat can become free.
    WaitlistLeft {
        #[serde(default)]
        closed: bool,
    },
}

impl DomainEvent for WaitlistEvent {
    fn event_type(&self) -> String {
        match self {
            WaitlistEvent::WaitlistJoined { .. } => "WaitlistJoined",
            WaitlistEvent::SeatOffered { .. } => "SeatOffered",
            WaitlistEvent::OfferAccepted { .. } => "OfferAccepted",
            WaitlistEvent::OfferDeclined {} => "OfferDeclined",
            WaitlistEvent::OfferExpired {} => "OfferExpired",
            WaitlistEvent::WaitlistLeft { .. } => "WaitlistLeft",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl EventEffects for WaitlistEvent {}
