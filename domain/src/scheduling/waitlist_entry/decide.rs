//! Decides commands to a waitlist entry.

use jiff::Timestamp;

use super::commands::WaitlistCommand;
use super::error::WaitlistError;
use super::events::WaitlistEvent;
use super::waitlist_entry::{WaitlistEntry, WaitlistStage};
use crate::decider::{Decider, Decision};
use crate::ids::{AccountId, HoldId};
use crate::scheduling::terms::Agent;

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
                WaitlistStage::Offered { expires_at, .. } if now < expires_at => {
                    Ok(vec![WaitlistEvent::OfferAccepted { booking_id: *booking_id }])
                }
                WaitlistStage::Accepted => Ok(vec![]),
                stage => Err(not_answered(stage)),
            },
            WaitlistCommand::DeclineOffer { student } => match self.stage_of(*student)? {
                WaitlistStage::Offered { expires_at, .. } if now < expires_at => {
                    Ok(vec![WaitlistEvent::OfferDeclined {}])
                }
                WaitlistStage::Declined => Ok(vec![]),
                stage => Err(not_answered(stage)),
            },
            WaitlistCommand::ExpireOffer => match self.stage()? {
                WaitlistStage::Offered { expires_at, .. } if now < expires_at => Err(WaitlistError::TooEarly),
                WaitlistStage::Offered { .. } => Ok(vec![WaitlistEvent::OfferExpired {}]),
                WaitlistStage::Waiting => Err(WaitlistError::NotOffered),
                WaitlistStage::Accepted
                | WaitlistStage::Declined
                | WaitlistStage::Expired
                | WaitlistStage::Left => Ok(vec![]),
            },
            WaitlistCommand::LeaveWaitlist { by } => {
                let (stage, closed) = match by {
                    Agent::Person(student) => (self.stage_of(*student)?, false),
                    Agent::System => (self.stage()?, true),
                };
                Ok(if stage.is_in_line() { vec![WaitlistEvent::WaitlistLeft { closed }] } else { vec![] })
            }
        }
    }
}

impl WaitlistEntry {
    fn stage(&self) -> Result<WaitlistStage, WaitlistError> {
        match self {
            WaitlistEntry::Unjoined => Err(WaitlistError::NotFound),
            WaitlistEntry::Joined { stage, .. } => Ok(*stage),
        }
    }

    /// How far it has come, told to the one alone whose place it is.
    fn stage_of(&self, person: AccountId) -> Result<WaitlistStage, WaitlistError> {
        match self {
            WaitlistEntry::Joined { student, stage, .. } if *student == person => Ok(*stage),
            WaitlistEntry::Joined { .. } | WaitlistEntry::Unjoined => Err(WaitlistError::NotFound),
        }
    }
}

fn receive(stage: WaitlistStage, hold_id: HoldId, expires_at: Timestamp) -> Decision<WaitlistEntry> {
    match stage {
        WaitlistStage::Waiting => Ok(vec![WaitlistEvent::SeatOffered { hold_id, expires_at }]),
        WaitlistStage::Offered { hold_id: present, .. } if present == hold_id => Ok(vec![]),
        WaitlistStage::Offered { .. } => Err(WaitlistError::AlreadyOffered),
        WaitlistStage::Accepted | WaitlistStage::Declined | WaitlistStage::Expired | WaitlistStage::Left => {
            Err(WaitlistError::Ended)
        }
    }
}

/// Why an answer to an offer is refused in this stage; an offer in it is past its time.
fn not_answered(stage: WaitlistStage) -> WaitlistError {
    match stage {
        WaitlistStage::Waiting => WaitlistError::NotOffered,
        WaitlistStage::Offered { .. } | WaitlistStage::Expired => WaitlistError::OfferExpired,
        WaitlistStage::Accepted | WaitlistStage::Declined | WaitlistStage::Left => WaitlistError::Ended,
    }
}
