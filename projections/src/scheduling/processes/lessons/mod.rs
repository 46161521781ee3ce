//! What follows from lessons by themselves: timers of holds and proposals, reminders, and the leaving of
//! people who are erased.

mod departures;
mod reminders;
mod timers;

pub(crate) use timers::PROPOSALS_NAME;

use std::sync::Arc;

use domain::SlotId;
use projection_runtime::{Process, TaskHandler};
use sqlx::PgPool;

use self::departures::{Departures, DeparturesHandler};
use self::reminders::{Reminders, RemindersHandler};
use self::timers::{Holds, Proposals, timer_handlers};
use crate::acting::{Acting, outcome};

/// All of them.
pub fn lesson_processes() -> Vec<Arc<dyn Process>> {
    vec![Arc::new(Holds), Arc::new(Proposals), Arc::new(Reminders), Arc::new(Departures)]
}

/// What does their tasks.
pub fn lesson_handlers(acting: &Acting, pool: &PgPool) -> Vec<Arc<dyn TaskHandler>> {
    let mut handlers: Vec<Arc<dyn TaskHandler>> = vec![
        Arc::new(RemindersHandler(acting.clone())),
        Arc::new(DeparturesHandler { acting: acting.clone(), pool: pool.clone() }),
    ];
    handlers.extend(timer_handlers(acting));
    handlers
}

/// The slot whose event it is.
fn slot_of(recorded: &domain::Recorded) -> Option<SlotId> {
    recorded.stream.aggregate_id.parse().ok()
}
