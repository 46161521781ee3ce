//! What follows from lessons by themselves: timers of holds and proposals, reminders, and the leaving of
//! people who are erased.

mod departures;
mod holds;
pub(in crate::processes) mod proposals;
mod reminders;

use std::sync::Arc;

use domain::{Command, SlotId};
use jiff::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

use self::departures::{Departures, DeparturesHandler};
use self::holds::{Holds, HoldsHandler};
use self::proposals::{Proposals, ProposalsHandler};
use self::reminders::{Reminders, RemindersHandler};
use super::acting::{Acting, Decided};
use crate::process::{Outcome, Process, Task, TaskHandler};

/// All of them.
pub fn lesson_processes() -> Vec<Arc<dyn Process>> {
    vec![Arc::new(Holds), Arc::new(Proposals), Arc::new(Reminders), Arc::new(Departures)]
}

/// What does their tasks.
pub fn lesson_handlers(acting: &Acting, pool: &PgPool) -> Vec<Arc<dyn TaskHandler>> {
    vec![
        Arc::new(HoldsHandler(acting.clone())),
        Arc::new(ProposalsHandler(acting.clone())),
        Arc::new(RemindersHandler(acting.clone())),
        Arc::new(DeparturesHandler { acting: acting.clone(), pool: pool.clone() }),
    ]
}

/// What a timer is about.
struct Timer {
    slot_id: SlotId,
    command: domain::scheduling::SlotCommand,
    /// The hold or the proposal: whatever ends once.
    subject: Uuid,
    due_at: Timestamp,
}

/// Ends what has its time: a clock that went back makes the task wait again; every other refusal says
/// that it is over.
async fn end_in_time(acting: &Acting, task: &Task, process: &str, timer: Timer) -> Result<(), Outcome> {
    let commands = vec![Command::Slot(timer.slot_id, timer.command)];
    match acting.together(task, process, commands, (timer.subject, "expire")).await? {
        Decided::Refused(refusal) if refusal.code == "too_early" => Err(Outcome::RetryAt {
            at: timer.due_at,
            error: "its time has not come".to_owned(),
            outcome_unknown: false,
        }),
        Decided::Committed | Decided::Refused(_) => Ok(()),
    }
}

/// The slot whose event it is.
fn slot_of(recorded: &domain::Recorded) -> Option<SlotId> {
    recorded.stream.aggregate_id.parse().ok()
}

fn outcome(done: Result<(), Outcome>) -> Outcome {
    match done {
        Ok(()) => Outcome::Done,
        Err(outcome) => outcome,
    }
}
