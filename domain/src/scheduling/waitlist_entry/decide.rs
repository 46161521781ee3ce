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
    const SNAPSHOT_VERSION: i32 = 1;

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
                receive(self.stage()?, *hold_id, *expires_at)
            }
            WaitlistCommand::AcceptOffer { student, booking_id } => match self.stage_of(*student)? {
                WaitlistStatus::Offered { expires_at, .. } if now < expires_at => {
                    Ok(vec![WaitlistEvent::OfferAccepted { booking_id: *booking_id }])
                }
                WaitlistStatus::Accepted => Ok(vec![]),
                stage => Err(not_answered(stage)),
            },
            WaitlistCommand::DeclineOffer { student } => match self.stage_of(*student)? {
                WaitlistStatus::Offered { expires_at, .. } if now < expires_at => {
                    Ok(vec![WaitlistEvent::OfferDeclined {}])
                }
                WaitlistStatus::Declined => Ok(vec![]),
                stage => Err(not_answered(stage)),
            },
            WaitlistCommand::ExpireOffer => match self.stage()? {
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
                let (stage, closed) = match by {
                    Initiator::Person(student) => (self.stage_of(*student)?, false),
                    Initiator::System => (self.stage()?, true),
                };
                Ok(if stage.is_in_line() { vec![WaitlistEvent::WaitlistLeft { closed }] } else { vec![] })
            }
        }
    }
}

impl WaitlistEntry {
    fn stage(&self) -> Result<WaitlistStatus, WaitlistError> {
        match self {
            WaitlistEntry::Unjoined => Err(WaitlistError::NotFound),
            WaitlistEntry::Joined { stage, .. } => Ok(*stage),
        }
    }

    /// Returns the status if the entry belongs to the student.
    fn stage_of(&self, person: AccountId) -> Result<WaitlistStatus, WaitlistError> {
        match self {
            WaitlistEntry::Joined { student, stage, .. } if *student == person => Ok(*stage),
            WaitlistEntry::Joined { .. } | WaitlistEntry::Unjoined => Err(WaitlistError::NotFound),
        }
    }
}

fn receive(stage: WaitlistStatus, hold_id: HoldId, expires_at: Timestamp) -> Decision<WaitlistEntry> {
    match stage {
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
fn not_answered(stage: WaitlistStatus) -> WaitlistError {
    match stage {
        WaitlistStatus::Waiting => WaitlistError::NotOffered,
        WaitlistStatus::Offered { .. } | WaitlistStatus::Expired => WaitlistError::OfferExpired,
        WaitlistStatus::Accepted | WaitlistStatus::Declined | WaitlistStatus::Left => WaitlistError::Ended,
    }
}
