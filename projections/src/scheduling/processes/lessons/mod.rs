//! Process managers of lessons: timers of holds and proposals, reminders, and cleanup after erasure.

mod cleanup;
mod reminders;
mod timers;

pub(crate) use timers::PROPOSAL_EXPIRY_NAME;

use std::sync::Arc;

use domain::SlotId;
use projection_runtime::{ProcessManager, TaskHandler};
use sqlx::PgPool;

use self::cleanup::{SchedulingCleanup, SchedulingCleanupHandler};
use self::reminders::{Reminders, RemindersHandler};
use self::timers::{HoldExpiry, ProposalExpiry, timer_handlers};
use crate::handler_context::{HandlerContext, into_outcome};

/// Returns the process managers of lessons.
pub fn lesson_process_managers() -> Vec<Arc<dyn ProcessManager>> {
    vec![Arc::new(HoldExpiry), Arc::new(ProposalExpiry), Arc::new(Reminders), Arc::new(SchedulingCleanup)]
}

/// Returns their task handlers.
pub fn lesson_handlers(context: &HandlerContext, pool: &PgPool) -> Vec<Arc<dyn TaskHandler>> {
    let mut handlers: Vec<Arc<dyn TaskHandler>> = vec![
        Arc::new(RemindersHandler(context.clone())),
        Arc::new(SchedulingCleanupHandler { context: context.clone(), pool: pool.clone() }),
    ];
    handlers.extend(timer_handlers(context));
    handlers
}

/// Returns the slot of an event.
fn stream_slot_id(recorded: &domain::RecordedEvent) -> Option<SlotId> {
    recorded.stream.aggregate_id.parse().ok()
}
