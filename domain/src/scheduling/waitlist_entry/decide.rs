//! Decides commands to a waitlist entry.

use jiff::Timestamp;

use super::commands::WaitlistCommand;
use super::error::WaitlistError;
use super::events::WaitlistEvent;
use super::waitlist_entry::{WaitlistEntry, WaitlistStatus};
use crate::decider::{Decider, Decision};
use crate::ids::{AccountId, HoldId};
use crate::scheduling::terms::Initiator;

impl Decider for WaitlistEntry {
    const SNAPSHOT_VERSION: i32 = 2;

    fn decide(&self, command: &WaitlistCommand, now: Timestamp) -> Decision<WaitlistEntry> {
        match command {
            WaitlistCommand::JoinWaitlist { slot_id, student, position } => match self {
                WaitlistEntry::Joined { .. } => Err(WaitlistError::AlreadyJoined),
                WaitlistEntry::Unjoined => Ok(vec![WaitlistEvent::WaitlistJoined {
                    slot_id: *slot_id,
                    student: *student,
                    position: *position,
                }]),
            },
            WaitlistCommand::ReceiveOffer { hold_id, expires_at } => {
                receive(self.status()?, *hold_id, *expires_at)
            }
            WaitlistCommand::AcceptOffer { student, booking_id } => match self.stage_of(*student)? {
                WaitlistStatus::Offered { expires_at, .. } if now < expires_at => {
                    Ok(vec![WaitlistEvent::OfferAccepted { booking_id: *booking_id }])
                }
                WaitlistStatus::Accepted => Ok(vec![]),
                status => Err(not_answered(status)),
            },
            WaitlistCommand::DeclineOffer { student } => match self.stage_of(*student)? {
                WaitlistStatus::Offered { expires_at, .. } if now < expires_at => {
                    Ok(vec![WaitlistEvent::OfferDeclined {}])
                }
                WaitlistStatus::Declined => Ok(vec![]),
                status => Err(not_answered(status)),
            },
            WaitlistCommand::ExpireOffer => match self.status()? {
                WaitlistStatus::Offered { expires_at, .. } if now < expires_at => {
                    Err(WaitlistError::TooEarly)
                }
                WaitlistStatus::Offered { .. } => Ok(vec![WaitlistEvent::OfferExpired {}]),
                WaitlistStatus::Waiting => Err(WaitlistError::NotOffered),
                WaitlistStatus::Accepted
                | WaitlistStatus::Declined
                | WaitlistStatus::Expired
                | WaitlistStatus::Left => Ok(vec![]),
            },
            WaitlistCommand::LeaveWaitlist { by } => {
                let (status, closed) = match by {
                    Initiator::Person(student) => (self.stage_of(*student)?, false),
                    Initiator::System => (self.status()?, true),
                };
                Ok(if status.is_in_line() { vec![WaitlistEvent::WaitlistLeft { closed }] } else { vec![] })
            }
        }
    }
}

impl WaitlistEntry {
    fn status(&self) -> Result<WaitlistStatus, WaitlistError> {
        match self {
            WaitlistEntry::Unjoined => Err(WaitlistError::NotFound),
            WaitlistEntry::Joined { status, .. } => Ok(*status),
        }
    }

    /// Returns the status if the entry belongs to the student.
    fn stage_of(&self, person: AccountId) -> Result<WaitlistStatus, WaitlistError> {
        match self {
            WaitlistEntry::Joined { student, status, .. } if *student == person => Ok(*status),
            WaitlistEntry::Joined { .. } | WaitlistEntry::Unjoined => Err(WaitlistError::NotFound),
        }
    }
}

fn receive(status: WaitlistStatus, hold_id: HoldId, expires_at: Timestamp) -> Decision<WaitlistEntry> {
    match status {
        WaitlistStatus::Waiting => Ok(vec![WaitlistEvent::SeatOffered { hold_id, expires_at }]),
        WaitlistStatus::Offered { hold_id: present, .. } if present == hold_id => Ok(vec![]),
        WaitlistStatus::Offered { .. } => Err(WaitlistError::AlreadyOffered),
        WaitlistStatus::Accepted
        | WaitlistStatus::Declined
        | WaitlistStatus::Expired
        | WaitlistStatus::Left => Err(WaitlistError::Ended),
    }
}

/// Returns the refusal of an answer in this status; an offer in it has expired.
fn not_answered(status: WaitlistStatus) -> WaitlistError {
    match status {
        WaitlistStatus::Waiting => WaitlistError::NotOffered,
        WaitlistStatus::Offered { .. } | WaitlistStatus::Expired => WaitlistError::OfferExpired,
        WaitlistStatus::Accepted | WaitlistStatus::Declined | WaitlistStatus::Left => WaitlistError::Ended,
    }
}
