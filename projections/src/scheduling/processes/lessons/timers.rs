//! Timers that end unused holds and unanswered proposals. Offers of a waitlist have another timer.

use std::sync::Arc;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::scheduling::{HoldChange, ProposalChange, Slot, SlotCommand};
use domain::{Command, Event, HoldId, ProposalId, RecordedEvent, SlotId};
use jiff::Timestamp;
use projection_runtime::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{HandlerContext, into_outcome, stream_slot_id};
use crate::handler_context::{DispatchResult, parse_payload};

/// Name of the process manager whose command ends a proposal only because it has expired.
pub(crate) const PROPOSAL_EXPIRY_NAME: &str = "proposals";

/// Timer of a hold or a proposal, with its stored names.
struct ExpiryTimer {
    process: &'static str,
    kind: &'static str,
    command: fn(Uuid) -> SlotCommand,
}

const HOLDS: ExpiryTimer = ExpiryTimer {
    process: "holds",
    kind: "expire_hold",
    command: |hold| SlotCommand::ExpireHold { hold_id: HoldId(hold) },
};
const PROPOSALS: ExpiryTimer = ExpiryTimer {
    process: PROPOSAL_EXPIRY_NAME,
    kind: "expire_proposal",
    command: |proposal| SlotCommand::ExpireReschedule { proposal_id: ProposalId(proposal) },
};

/// Process manager that sets a timer for each hold, and cancels it when the hold ends or becomes a booking.
#[derive(Clone, Copy, Debug, Default)]
pub struct HoldExpiry;

/// Process manager that sets a timer for each proposal, and cancels it when the proposal ends otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProposalExpiry;

#[derive(Serialize, Deserialize)]
struct ExpiryTask {
    slot_id: SlotId,
    #[serde(alias = "hold_id", alias = "proposal_id")]
    subject: Uuid,
    expires_at: Timestamp,
}

impl ProcessManager for HoldExpiry {
    fn name(&self) -> &'static str {
        HOLDS.process
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Slot::TYPE
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let Event::Slot(event) = &recorded.event else { return Vec::new() };
        match event.effects().hold {
            Some(HoldChange::Started { hold_id, expires_at, offered_to: None, .. }) => {
                HOLDS.schedule(recorded, hold_id.uuid(), expires_at)
            }
            Some(HoldChange::Released(hold_id) | HoldChange::Booked(hold_id)) => HOLDS.cancel(hold_id.uuid()),
            // An offer to the waitlist has a timer of its own.
            Some(HoldChange::Started { offered_to: Some(_), .. }) | None => Vec::new(),
        }
    }
}

impl ProcessManager for ProposalExpiry {
    fn name(&self) -> &'static str {
        PROPOSALS.process
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Slot::TYPE
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let Event::Slot(event) = &recorded.event else { return Vec::new() };
        match event.effects().proposal {
            Some(ProposalChange::Opened { proposal_id, expires_at }) => {
                PROPOSALS.schedule(recorded, proposal_id.uuid(), expires_at)
            }
            // A proposal that all have accepted is no longer in the slot, so its timer has no effect.
            Some(ProposalChange::Ended(proposal_id)) => PROPOSALS.cancel(proposal_id.uuid()),
            None => Vec::new(),
        }
    }
}

impl ExpiryTimer {
    fn schedule(&self, recorded: &RecordedEvent, subject: Uuid, expires_at: Timestamp) -> Vec<Reaction> {
        let Some(slot_id) = stream_slot_id(recorded) else { return Vec::new() };
        let payload = ExpiryTask { slot_id, subject, expires_at };
        vec![Reaction::Schedule(NewTask {
            kind: self.kind,
            key: subject.to_string(),
            queue: None,
            due_at: Some(expires_at),
            payload: serde_json::to_value(payload).expect("ids and a time always serialise to JSON"),
        })]
    }

    fn cancel(&self, subject: Uuid) -> Vec<Reaction> {
        vec![Reaction::Cancel { kind: self.kind, key: subject.to_string() }]
    }
}

/// Task handler of [`HoldExpiry`] or of [`ProposalExpiry`].
struct TimerHandler {
    context: HandlerContext,
    timer: ExpiryTimer,
}

/// Returns the task handlers of both.
pub(super) fn timer_handlers(context: &HandlerContext) -> impl Iterator<Item = Arc<dyn TaskHandler>> {
    [HOLDS, PROPOSALS].into_iter().map(|timer| {
        let handler: Arc<dyn TaskHandler> = Arc::new(TimerHandler { context: context.clone(), timer });
        handler
    })
}

#[async_trait]
impl TaskHandler for TimerHandler {
    fn kind(&self) -> &'static str {
        self.timer.kind
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        into_outcome(self.end(task).await)
    }
}

impl TimerHandler {
    /// Ends the hold or the proposal.
    ///
    /// The task waits again if the clock went back. Any other refusal means that it has already ended.
    async fn end(&self, task: &Task) -> Result<(), TaskOutcome> {
        let ExpiryTask { slot_id, subject, expires_at } = parse_payload(task)?;
        let commands = vec![Command::Slot(slot_id, (self.timer.command)(subject))];
        match self.context.dispatch_all(task, self.timer.process, commands, (subject, "expire")).await? {
            DispatchResult::Refused(refusal) if refusal.code == "too_early" => Err(TaskOutcome::RetryAt {
                at: expires_at,
                error: "not due yet".to_owned(),
                outcome_unknown: false,
            }),
            DispatchResult::Committed | DispatchResult::Refused(_) => Ok(()),
        }
    }
}
