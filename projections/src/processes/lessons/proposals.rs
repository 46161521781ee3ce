//! Ends a proposal to move a lesson that was not answered in time.

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::scheduling::{Slot, SlotCommand, SlotEvent};
use domain::{Event, ProposalId, Recorded, SlotId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Acting, Timer, end_in_time, outcome, slot_of};
use crate::process::{NewTask, Outcome, Process, Reaction, Task, TaskHandler};
use crate::processes::acting::wish;

/// Whose command ends a proposal for no other reason than its time.
pub(in crate::processes) const NAME: &str = "proposals";
const KIND: &str = "expire_proposal";

/// Sets a timer for each proposal, and drops it when the proposal ends otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Proposals;

#[derive(Serialize, Deserialize)]
struct Wish {
    slot_id: SlotId,
    proposal_id: ProposalId,
    expires_at: Timestamp,
}

impl Process for Proposals {
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
        if let SlotEvent::RescheduleProposed { proposal_id, expires_at, .. } = event {
            let wish = Wish { slot_id, proposal_id: *proposal_id, expires_at: *expires_at };
            return vec![Reaction::Do(NewTask {
                kind: KIND,
                key: proposal_id.to_string(),
                lane: None,
                due_at: Some(*expires_at),
                payload: serde_json::to_value(wish).expect("ids and a time are texts"),
            })];
        }
        // Accepted by all, it is gone from the slot: the timer then finds nothing to end.
        let (SlotEvent::RescheduleDeclined { proposal_id, .. }
        | SlotEvent::RescheduleExpired { proposal_id }) = event
        else {
            return Vec::new();
        };
        vec![Reaction::Drop { kind: KIND, key: proposal_id.to_string() }]
    }
}

/// Does the tasks of [`Proposals`].
#[derive(Clone)]
pub struct ProposalsHandler(pub Acting);

#[async_trait]
impl TaskHandler for ProposalsHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> Outcome {
        let done = async {
            let Wish { slot_id, proposal_id, expires_at } = wish(task)?;
            let command = SlotCommand::ExpireReschedule { proposal_id };
            let timer = Timer { slot_id, command, subject: proposal_id.uuid(), due_at: expires_at };
            end_in_time(&self.0, task, NAME, timer).await
        };
        outcome(done.await)
    }
}
