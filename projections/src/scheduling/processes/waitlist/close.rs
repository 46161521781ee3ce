//! Closes the waitlist of a slot before its lesson; ends the waitlist entries.

use domain::scheduling::{Initiator, Slot, SlotCommand, SlotStatus, WaitEnd, WaitlistCommand};
use domain::{Command, SlotId, WaitlistEntryId};
use projection_runtime::{Task, TaskOutcome};

use super::{NAME, waitlist_closes_at};
use crate::handler_context::HandlerContext;

/// Ends the entries of a waitlist when it is due; the task waits if it runs too early.
///
/// An open offer ends by its own timer, unless the slot is no longer offered.
pub(super) async fn close_waitlist(
    context: &HandlerContext,
    task: &Task,
    slot_id: SlotId,
) -> Result<(), TaskOutcome> {
    let slot: Slot = context.load_aggregate(task, slot_id).await?;
    let Some(lesson) = slot.lesson().filter(|lesson| !lesson.waitlist.is_empty()) else { return Ok(()) };
    let is_offered = lesson.status == SlotStatus::Offered;
    let ends_at = waitlist_closes_at(lesson.period.starts_at);
    if is_offered && context.clock.now() < ends_at {
        return Err(TaskOutcome::RetryAt {
            at: ends_at,
            error: "the waitlist is open until then".to_owned(),
            outcome_unknown: false,
        });
    }
    let has_offer = |entry: WaitlistEntryId| lesson.holds.iter().any(|hold| hold.offered_to == Some(entry));
    for entry in lesson.waitlist.iter().filter(|entry| !(is_offered && has_offer(entry.entry_id))) {
        let entry_id = entry.entry_id;
        let commands = vec![
            Command::Slot(slot_id, SlotCommand::LeaveWaitlist { entry_id, cause: WaitEnd::Closed }),
            Command::Waitlist(entry_id, WaitlistCommand::LeaveWaitlist { by: Initiator::System }),
        ];
        context.dispatch_all(task, NAME, commands, (entry_id.uuid(), "close")).await?;
    }
    Ok(())
}
