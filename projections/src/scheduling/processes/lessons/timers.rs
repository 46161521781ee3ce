//! Ends what has its time: a hold that nobody has used, a proposal that nobody has answered. Offers to the
//! line have a timer of their own.

use std::sync::Arc;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::scheduling::{Slot, SlotCommand, SlotEvent};
use domain::{Command, Event, HoldId, ProposalId, Recorded, SlotId};
use jiff::Timestamp;
use projection_runtime::{NewTask, Outcome, Process, Reaction, Task, TaskHandler};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Acting, outcome, slot_of};
use crate::acting::{Decided, wish};

/// Whose command ends a proposal for no other reason than its time.
pub(crate) const PROPOSALS_NAME: &str = "proposals";

/// What ends, and the names under which it does.
struct Ending {
    process: &'static str,
    kind: &'static str,
    command: fn(Uuid) -> SlotCommand,
}

const HOLDS: Ending = Ending {
    process: "holds",
    kind: "expire_hold",
    command: |hold| SlotCommand::ExpireHold { hold_id: HoldId(hold) },
};
const PROPOSALS: Ending = Ending {
    process: PROPOSALS_NAME,
    kind: "expire_proposal",
    command: |proposal| SlotCommand::ExpireReschedule { proposal_id: ProposalId(proposal) },
};

/// Sets a timer for each hold, and drops it when the hold ends or becomes a booking.
#[derive(Clone, Copy, Debug, Default)]
pub struct Holds;

/// Sets a timer for each proposal, and drops it when the proposal ends otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Proposals;

#[derive(Serialize, Deserialize)]
struct Wish {
    slot_id: SlotId,
    #[serde(alias = "hold_id", alias = "proposal_id")]
    subject: Uuid,
    expires_at: Timestamp,
}

impl Process for Holds {
    fn name(&self) -> &'static str {
        HOLDS.process
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Slot::TYPE
    }

    fn react(&self, recorded: &Recorded) -> Vec<Reaction> {
        let Event::Slot(event) = &recorded.event else { return Vec::new() };
        if let SlotEvent::SeatHeld { hold_id, expires_at, offered_to: None, .. } = event {
            return HOLDS.set(recorded, hold_id.uuid(), *expires_at);
        }
        let (SlotEvent::HoldReleased { hold_id, .. } | SlotEvent::SeatBooked { hold_id: Some(hold_id), .. }) =
            event
        else {
            return Vec::new();
        };
        HOLDS.dropped(hold_id.uuid())
    }
}

impl Process for Proposals {
    fn name(&self) -> &'static str {
        PROPOSALS.process
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Slot::TYPE
    }

    fn react(&self, recorded: &Recorded) -> Vec<Reaction> {
        let Event::Slot(event) = &recorded.event else { return Vec::new() };
        if let SlotEvent::RescheduleProposed { proposal_id, expires_at, .. } = event {
            return PROPOSALS.set(recorded, proposal_id.uuid(), *expires_at);
        }
        // Accepted by all, it is gone from the slot: the timer then finds nothing to end.
        let (SlotEvent::RescheduleDeclined { proposal_id, .. }
        | SlotEvent::RescheduleExpired { proposal_id }) = event
        else {
            return Vec::new();
        };
        PROPOSALS.dropped(proposal_id.uuid())
    }
}

impl Ending {
    fn set(&self, recorded: &Recorded, subject: Uuid, expires_at: Timestamp) -> Vec<Reaction> {
        let Some(slot_id) = slot_of(recorded) else { return Vec::new() };
        let wish = Wish { slot_id, subject, expires_at };
        vec![Reaction::Do(NewTask {
            kind: self.kind,
            key: subject.to_string(),
            lane: None,
            due_at: Some(expires_at),
            payload: serde_json::to_value(wish).expect("ids and a time are texts"),
        })]
    }

    fn dropped(&self, subject: Uuid) -> Vec<Reaction> {
        vec![Reaction::Drop { kind: self.kind, key: subject.to_string() }]
    }
}

/// Does the tasks of [`Holds`] or of [`Proposals`].
struct TimerHandler {
    acting: Acting,
    ending: Ending,
}

/// What does the tasks of both.
pub(super) fn timer_handlers(acting: &Acting) -> impl Iterator<Item = Arc<dyn TaskHandler>> {
    [HOLDS, PROPOSALS].into_iter().map(|ending| {
        let handler: Arc<dyn TaskHandler> = Arc::new(TimerHandler { acting: acting.clone(), ending });
        handler
    })
}

#[async_trait]
impl TaskHandler for TimerHandler {
    fn kind(&self) -> &'static str {
        self.ending.kind
    }

    async fn run(&self, task: &Task) -> Outcome {
        outcome(self.end(task).await)
    }
}

impl TimerHandler {
    /// A clock that went back makes the task wait again; every other refusal says that it is over.
    async fn end(&self, task: &Task) -> Result<(), Outcome> {
        let Wish { slot_id, subject, expires_at } = wish(task)?;
        let commands = vec![Command::Slot(slot_id, (self.ending.command)(subject))];
        match self.acting.together(task, self.ending.process, commands, (subject, "expire")).await? {
            Decided::Refused(refusal) if refusal.code == "too_early" => Err(Outcome::RetryAt {
                at: expires_at,
                error: "its time has not come".to_owned(),
                outcome_unknown: false,
            }),
            Decided::Committed | Decided::Refused(_) => Ok(()),
        }
    }
}
