//! Offers what is free to those who wait, strictly in the order in which they came.

use domain::scheduling::{Slot, SlotCommand, Stage, WAITLIST_OFFER, WaitlistCommand};
use domain::{Command, HoldId, SlotId, WaitlistEntryId};
use projection_runtime::{Task, TaskOutcome};
use uuid::Uuid;

use super::{NAME, waitlist_closes_at};
use crate::handler_context::{DispatchResult, HandlerContext};

/// How often the line may move under our hands before another task sees to it.
const ATTEMPTS_MAX: usize = 5;

/// One offer for each seat that is free, to the first who has none yet.
pub(super) async fn offer_seats(
    context: &HandlerContext,
    task: &Task,
    slot_id: SlotId,
) -> Result<(), TaskOutcome> {
    let mut refused = 0;
    while refused < ATTEMPTS_MAX {
        let slot: Slot = context.load_aggregate(task, slot_id).await?;
        let Some(lesson) = slot.lesson().filter(|lesson| lesson.stage == Stage::Offered) else {
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
        // A place in the line is offered one seat, once in its life.
        match context.dispatch_all(task, NAME, commands, (entry_id.uuid(), "offer")).await? {
            DispatchResult::Committed => {}
            DispatchResult::Refused(refusal) => {
                tracing::debug!(%slot_id, code = refusal.code, "the line moved while a seat was offered");
                refused += 1;
            }
        }
    }
    Err(context.retry_later(task, "the line moves too fast"))
}

/// The hold by which a place in the line is offered its seat.
fn offer_hold_id(entry_id: WaitlistEntryId) -> HoldId {
    HoldId(Uuid::new_v5(&entry_id.uuid(), b"offer"))
}
