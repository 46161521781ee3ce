//! Waitlists: offers free seats in order, expires offers, and closes the waitlist before the lesson.

mod close;
mod expire;
mod offer;

use std::sync::Arc;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::scheduling::{
    HoldChange, SeatChange, Slot, SlotEffects, SlotStatus, TimeChange, WAITLIST_OFFER_BEFORE, WaitEnd,
    WaitlistChange,
};
use domain::{Event, HoldId, RecordedEvent, SlotId, WaitlistEntryId};
use jiff::Timestamp;
use projection_runtime::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome};
use serde::{Deserialize, Serialize};

use crate::handler_context::{HandlerContext, into_outcome, parse_payload};

const NAME: &str = "waitlist_offers";
const OFFER_SEATS: &str = "offer_seats";
const EXPIRE_OFFER: &str = "expire_offer";
const END_ENTRY: &str = "end_waiting";
const CLOSE_WAITLIST: &str = "close_line";

/// Process manager that reacts to freed seats, to offers, and to the end of waitlists.
#[derive(Clone, Copy, Debug, Default)]
pub struct WaitlistOffers;

/// Payload of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct WaitlistTask {
    slot_id: SlotId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entry_id: Option<WaitlistEntryId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hold_id: Option<HoldId>,
}

impl ProcessManager for WaitlistOffers {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Slot::TYPE
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let Event::Slot(event) = &recorded.event else { return Vec::new() };
        let Ok(slot_id) = recorded.stream.aggregate_id.parse::<SlotId>() else { return Vec::new() };
        let slot = WaitlistTask { slot_id, entry_id: None, hold_id: None };
        // The key needs the event too, because a slot has many tasks.
        let key = format!("{slot_id}:{}", recorded.sequence);
        let effects = event.effects();
        let mut reactions = Vec::new();
        if let Some(HoldChange::Started { hold_id, expires_at, offered_to: Some(entry_id), .. }) =
            effects.hold
        {
            let payload = WaitlistTask { entry_id: Some(entry_id), hold_id: Some(hold_id), ..slot };
            reactions.push(new_task(EXPIRE_OFFER, payload, hold_id.to_string(), None, Some(expires_at)));
        }
        if let Some(entry_id) = effects.waitlist.and_then(entry_to_end) {
            let payload = WaitlistTask { entry_id: Some(entry_id), ..slot };
            reactions.push(immediate_task(END_ENTRY, payload, entry_id.to_string()));
        }
        if may_free_seat(&effects) {
            reactions.push(offer_task(slot, key.clone()));
        }
        if changes_end_of_waitlist(&effects) {
            reactions.push(immediate_task(CLOSE_WAITLIST, slot, key));
        }
        reactions
    }
}

/// Returns whether a seat may have become free for the waitlist.
fn may_free_seat(effects: &SlotEffects<'_>) -> bool {
    matches!(effects.seat, Some(SeatChange::Freed { .. }))
        || matches!(effects.hold, Some(HoldChange::Released(_)))
        || matches!(effects.waitlist, Some(WaitlistChange::Removed { .. }))
        || effects.terms.is_some_and(|changes| changes.capacity.is_some())
}

/// Returns whether the waitlist may have to end at another time than before, or has its first student.
fn changes_end_of_waitlist(effects: &SlotEffects<'_>) -> bool {
    matches!(effects.waitlist, Some(WaitlistChange::Entered { .. }))
        || matches!(effects.time, Some(TimeChange::Changed(_) | TimeChange::Moved { .. }))
        || effects.status == Some(SlotStatus::Started)
}

/// Returns the entry that ends with its removal from the waitlist.
fn entry_to_end(change: WaitlistChange) -> Option<WaitlistEntryId> {
    match change {
        WaitlistChange::Removed { entry_id, cause } => match cause {
            WaitEnd::Booked | WaitEnd::Expired | WaitEnd::Closed => Some(entry_id),
            // The same append already has the event of the entry.
            WaitEnd::Left | WaitEnd::Declined => None,
        },
        WaitlistChange::Entered { .. } => None,
    }
}

/// Builds the task that offers seats; the tasks of one slot run one after the other.
fn offer_task(payload: WaitlistTask, key: String) -> Reaction {
    let queue = format!("{NAME}:{}", payload.slot_id);
    new_task(OFFER_SEATS, payload, key, Some(queue), None)
}

fn immediate_task(kind: &'static str, payload: WaitlistTask, key: String) -> Reaction {
    new_task(kind, payload, key, None, None)
}

fn new_task(
    kind: &'static str,
    payload: WaitlistTask,
    key: String,
    queue: Option<String>,
    due_at: Option<Timestamp>,
) -> Reaction {
    let payload = serde_json::to_value(payload).expect("ids always serialise to JSON");
    Reaction::Schedule(NewTask { kind, key, queue, due_at, payload })
}

/// Task handler of [`WaitlistOffers`], one for each kind.
#[derive(Clone)]
pub struct WaitlistOffersHandler {
    context: HandlerContext,
    kind: &'static str,
}

impl WaitlistOffersHandler {
    /// Returns the handlers of all kinds.
    pub fn all(context: &HandlerContext) -> impl Iterator<Item = Arc<dyn TaskHandler>> {
        [OFFER_SEATS, EXPIRE_OFFER, END_ENTRY, CLOSE_WAITLIST].into_iter().map(|kind| {
            let handler: Arc<dyn TaskHandler> =
                Arc::new(WaitlistOffersHandler { context: context.clone(), kind });
            handler
        })
    }
}

#[async_trait]
impl TaskHandler for WaitlistOffersHandler {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let done = async {
            let payload: WaitlistTask = parse_payload(task)?;
            match self.kind {
                OFFER_SEATS => offer::offer_seats(&self.context, task, payload.slot_id).await,
                EXPIRE_OFFER => expire::expire_offer(&self.context, task, payload).await,
                END_ENTRY => expire::end_entry(&self.context, task, payload).await,
                _ => close::close_waitlist(&self.context, task, payload.slot_id).await,
            }
        };
        into_outcome(done.await)
    }
}

/// Returns the time from which no seat is offered any longer; then any student can book a free seat.
fn waitlist_closes_at(starts_at: Timestamp) -> Timestamp {
    starts_at - WAITLIST_OFFER_BEFORE
}
