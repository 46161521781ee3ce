//! The line for seats: what is free is offered in order, an offer ends at its time, a line before the lesson.

mod close;
mod expire;
mod offer;

use std::sync::Arc;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::scheduling::{Slot, SlotEvent, WAITLIST_OFFER_BEFORE, WaitEnd};
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

/// Reacts to seats that become free, to offers, and to lines that end.
#[derive(Clone, Copy, Debug, Default)]
pub struct WaitlistOffers;

/// What a task of this process is about.
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

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let Event::Slot(event) = &recorded.event else { return Vec::new() };
        let Ok(slot_id) = recorded.stream.aggregate_id.parse::<SlotId>() else { return Vec::new() };
        let slot = WaitlistTask { slot_id, entry_id: None, hold_id: None };
        // What is new about it is the event: the same slot comes here many times.
        let key = format!("{slot_id}:{}", recorded.sequence);
        match event {
            SlotEvent::BookingCancelled { .. }
            | SlotEvent::HoldReleased { .. }
            | SlotEvent::BookingMovedOut { .. } => vec![offer_task(slot, key)],
            SlotEvent::SlotChanged { changes, .. } => {
                let more = changes.capacity.map(|_| offer_task(slot, key.clone()));
                more.into_iter()
                    .chain(changes.period.map(|_| immediate_task(CLOSE_WAITLIST, slot, key)))
                    .collect()
            }
            SlotEvent::SeatHeld { hold_id, expires_at, offered_to: Some(entry_id), .. } => {
                let payload = WaitlistTask { entry_id: Some(*entry_id), hold_id: Some(*hold_id), ..slot };
                vec![new_task(EXPIRE_OFFER, payload, hold_id.to_string(), None, Some(*expires_at))]
            }
            SlotEvent::WaitlistEntered { .. }
            | SlotEvent::LessonMoved { .. }
            | SlotEvent::LessonStarted { .. } => vec![immediate_task(CLOSE_WAITLIST, slot, key)],
            SlotEvent::WaitlistRemoved { entry_id, cause } => {
                let payload = WaitlistTask { entry_id: Some(*entry_id), ..slot };
                let end = match cause {
                    WaitEnd::Booked | WaitEnd::Expired | WaitEnd::Closed => {
                        Some(immediate_task(END_ENTRY, payload, entry_id.to_string()))
                    }
                    // These are told by the entry itself, in the same append.
                    WaitEnd::Left | WaitEnd::Declined => None,
                };
                end.into_iter().chain([offer_task(slot, key)]).collect()
            }
            SlotEvent::SeatHeld { offered_to: None, .. }
            | SlotEvent::SlotOpened { .. }
            | SlotEvent::SlotWithdrawn { .. }
            | SlotEvent::SeatBooked { .. }
            | SlotEvent::LessonCancelled { .. }
            | SlotEvent::RescheduleProposed { .. }
            | SlotEvent::RescheduleAccepted { .. }
            | SlotEvent::RescheduleDeclined { .. }
            | SlotEvent::RescheduleExpired { .. }
            | SlotEvent::BookingMovedIn { .. }
            | SlotEvent::LessonCompleted { .. }
            | SlotEvent::NoShowRecorded { .. }
            | SlotEvent::LessonReported { .. }
            | SlotEvent::LessonReviewed { .. }
            | SlotEvent::ReminderSent { .. } => Vec::new(),
        }
    }
}

/// One slot's offers are made one after the other.
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
    let payload = serde_json::to_value(payload).expect("ids are texts");
    Reaction::Schedule(NewTask { kind, key, queue, due_at, payload })
}

/// Does the tasks of [`WaitlistOffers`]: one handler for each kind.
#[derive(Clone)]
pub struct WaitlistOffersHandler {
    context: HandlerContext,
    kind: &'static str,
}

impl WaitlistOffersHandler {
    /// The handlers of all its kinds.
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

/// From when on no seat can be offered any more: the line has nothing to wait for, and what is free is
/// everybody's.
fn waitlist_closes_at(starts_at: Timestamp) -> Timestamp {
    starts_at - WAITLIST_OFFER_BEFORE
}
