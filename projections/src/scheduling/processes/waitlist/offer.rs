//! Offers free seats to the students of a waitlist, strictly in order of joining.

use domain::scheduling::{Slot, SlotCommand, SlotStatus, WAITLIST_OFFER, WaitlistCommand};
use domain::{Command, HoldId, SlotId, WaitlistEntryId};
use projection_runtime::{Task, TaskOutcome};
use uuid::Uuid;

use super::{NAME, waitlist_closes_at};
use crate::handler_context::{DispatchResult, HandlerContext};

/// Largest number of refused offers, caused by concurrent changes, before the task is retried.
const ATTEMPTS_MAX: usize = 5;

/// Offers each free seat to the first entry without an offer.
pub(super) async fn offer_seats(
    context: &HandlerContext,
    task: &Task,
    slot_id: SlotId,
) -> Result<(), TaskOutcome> {
    let mut refused = 0;
    while refused < ATTEMPTS_MAX {
        let slot: Slot = context.load_aggregate(task, slot_id).await?;
        let Some(lesson) = slot.lesson().filter(|lesson| lesson.status == SlotStatus::Offered) else {
            return Ok(());
        };
        let now = context.clock.now();
        let has_offer =
            |entry: WaitlistEntryId| lesson.holds.iter().any(|hold| hold.offered_to == Some(entry));
        let next = lesson.waitlist.iter().find(|waiting| !has_offer(waiting.entry_id));
        let expires_at = (now + WAITLIST_OFFER).min(waitlist_closes_at(lesson.period.starts_at));
        let Some(next) = next.filter(|_| expires_at > now && lesson.seats(now).unoccupied() > 0) else {
            return Ok(());
        };
        let (entry_id, hold_id) = (next.entry_id, offer_hold_id(next.entry_id));
        let commands = vec![
            Command::Slot(slot_id, SlotCommand::OfferSeat { entry_id, hold_id, expires_at }),
            Command::Waitlist(entry_id, WaitlistCommand::ReceiveOffer { hold_id, expires_at }),
        ];
        // A waitlist entry gets one offer in its life.
        match context.dispatch_all(task, NAME, commands, (entry_id.uuid(), "offer")).await? {
            DispatchResult::Committed => {}
            DispatchResult::Refused(refusal) => {
                tracing::debug!(%slot_id, code = refusal.code, "offer of a seat refused, the waitlist has changed");
                refused += 1;
            }
        }
    }
    Err(context.retry_later(task, "the waitlist changes too fast"))
}

/// Returns the id of the hold with which a seat is offered to a waitlist entry.
fn offer_hold_id(entry_id: WaitlistEntryId) -> HoldId {
    HoldId(Uuid::new_v5(&entry_id.uuid(), b"offer"))
}
