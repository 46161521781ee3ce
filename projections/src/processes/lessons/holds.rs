//! Ends a hold that nobody has used in time. Offers to the line have a timer of their own.

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::scheduling::{Slot, SlotCommand, SlotEvent};
use domain::{Event, HoldId, Recorded, SlotId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Acting, Timer, end_in_time, outcome, slot_of};
use crate::process::{NewTask, Outcome, Process, Reaction, Task, TaskHandler};
use crate::processes::acting::wish;

const NAME: &str = "holds";
const KIND: &str = "expire_hold";

/// Sets a timer for each hold, and drops it when the hold ends or becomes a booking.
#[derive(Clone, Copy, Debug, Default)]
pub struct Holds;

#[derive(Serialize, Deserialize)]
struct Wish {
    slot_id: SlotId,
    hold_id: HoldId,
    expires_at: Timestamp,
}

impl Process for Holds {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Slot::TYPE
    }

    fn react(&self, recorded: &Recorded) -> Vec<Reaction> {
        let (Event::Slot(event), Some(slot_id)) = (&recorded.event, slot_of(recorded)) else {
            return Vec::new();
        };
        if let SlotEvent::SeatHeld { hold_id, expires_at, offered_to: None, .. } = event {
            let wish = Wish { slot_id, hold_id: *hold_id, expires_at: *expires_at };
            return vec![Reaction::Do(NewTask {
                kind: KIND,
                key: hold_id.to_string(),
                lane: None,
                due_at: Some(*expires_at),
                payload: serde_json::to_value(wish).expect("ids and a time are texts"),
            })];
        }
        let (SlotEvent::HoldReleased { hold_id, .. } | SlotEvent::SeatBooked { hold_id: Some(hold_id), .. }) =
            event
        else {
            return Vec::new();
        };
        vec![Reaction::Drop { kind: KIND, key: hold_id.to_string() }]
    }
}

/// Does the tasks of [`Holds`].
#[derive(Clone)]
pub struct HoldsHandler(pub Acting);

#[async_trait]
impl TaskHandler for HoldsHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> Outcome {
        let done = async {
            let Wish { slot_id, hold_id, expires_at } = wish(task)?;
            let command = SlotCommand::ExpireHold { hold_id };
            let timer = Timer { slot_id, command, subject: hold_id.uuid(), due_at: expires_at };
            end_in_time(&self.0, task, NAME, timer).await
        };
        outcome(done.await)
    }
}
