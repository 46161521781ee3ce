//! Ends an offer at its expiry, and a waitlist entry that its slot has removed.

use domain::Command;
use domain::scheduling::{HoldEnd, SlotCommand, WaitlistCommand, WaitlistEntry, WaitlistStatus};
use projection_runtime::{Task, TaskOutcome};

use super::{NAME, WaitlistTask};
use crate::handler_context::{DispatchResult, HandlerContext};

/// Ends an offer without an answer, by its timer.
pub(super) async fn expire_offer(
    context: &HandlerContext,
    task: &Task,
    payload: WaitlistTask,
) -> Result<(), TaskOutcome> {
    let (Some(entry_id), Some(hold_id)) = (payload.entry_id, payload.hold_id) else { return Ok(()) };
    let commands = vec![
        Command::Waitlist(entry_id, WaitlistCommand::ExpireOffer),
        Command::Slot(payload.slot_id, SlotCommand::EndOffer { hold_id, cause: HoldEnd::Expired }),
    ];
    match context.dispatch_all(task, NAME, commands, (hold_id.uuid(), "expire")).await? {
        DispatchResult::Committed => Ok(()),
        DispatchResult::Refused(refusal) if refusal.code == "too_early" => {
            // The clock went back, so the offer has not expired yet.
            let entry: WaitlistEntry = context.load_aggregate(task, entry_id).await?;
            match entry {
                WaitlistEntry::Joined { status: WaitlistStatus::Offered { expires_at, .. }, .. } => {
                    Err(TaskOutcome::RetryAt {
                        at: expires_at,
                        error: "the offer has not expired yet".to_owned(),
                        outcome_unknown: false,
                    })
                }
                WaitlistEntry::Joined { .. } | WaitlistEntry::Unjoined => Ok(()),
            }
        }
        // The offer has already ended.
        DispatchResult::Refused(_) => Ok(()),
    }
}

/// Ends a waitlist entry that its slot has removed: closed, offer expired, or student booked otherwise.
pub(super) async fn end_entry(
    context: &HandlerContext,
    task: &Task,
    payload: WaitlistTask,
) -> Result<(), TaskOutcome> {
    let Some(entry_id) = payload.entry_id else { return Ok(()) };
    let entry: WaitlistEntry = context.load_aggregate(task, entry_id).await?;
    let WaitlistEntry::Joined { status, .. } = entry else { return Ok(()) };
    let now = context.clock.now();
    let command = match status {
        WaitlistStatus::Offered { expires_at, .. } if expires_at <= now => WaitlistCommand::ExpireOffer,
        WaitlistStatus::Waiting | WaitlistStatus::Offered { .. } => {
            WaitlistCommand::LeaveWaitlist { by: domain::scheduling::Initiator::System }
        }
        WaitlistStatus::Accepted
        | WaitlistStatus::Declined
        | WaitlistStatus::Expired
        | WaitlistStatus::Left => {
            return Ok(());
        }
    };
    let commands = vec![Command::Waitlist(entry_id, command)];
    match context.dispatch_all(task, NAME, commands, (entry_id.uuid(), "end")).await? {
        // A refusal means that the entry has already ended.
        DispatchResult::Committed | DispatchResult::Refused(_) => Ok(()),
    }
}
