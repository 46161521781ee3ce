//! An installation with the process managers of lessons and the timers of tickets.

use std::ops::Deref;
use std::sync::Arc;

use domain::scheduling::SlotCommand;
use domain::{AccountId, Command, HoldId, Ids, RandomIds, SlotId};
use fixtures::{Installation, Listeners, Running};
use projections::HandlerContext;
use projections::scheduling::{SlotsReadModel, WaitlistReadModel};
use projections::scheduling::{lesson_handlers, lesson_process_managers};
use projections::support::{SlaTimers, SlaTimersHandler};
use projections::video::{NoShowProposals, NoShowProposalsHandler};

pub struct World(Installation);

impl Deref for World {
    type Target = Installation;

    fn deref(&self) -> &Installation {
        &self.0
    }
}

impl World {
    pub async fn new() -> Self {
        Self(Installation::at_present().await)
    }

    pub async fn start(&self) -> Running {
        let context =
            HandlerContext { log: self.log(), dispatch: self.bus.clone(), clock: self.clock.clone() };
        let mut process_managers = lesson_process_managers();
        process_managers.push(Arc::new(SlaTimers));
        process_managers.push(Arc::new(NoShowProposals));
        let mut task_handlers = lesson_handlers(&context, &self.pool);
        task_handlers.push(Arc::new(SlaTimersHandler(context.clone())));
        task_handlers.push(Arc::new(NoShowProposalsHandler(context)));
        let listeners = Listeners {
            read_models: vec![Arc::new(SlotsReadModel), Arc::new(WaitlistReadModel)],
            process_managers,
            task_handlers,
        };
        self.runs(listeners).await
    }

    pub async fn of(&self, slot_id: SlotId, command: SlotCommand) {
        self.asks(Command::Slot(slot_id, command)).await;
    }

    pub async fn holds(&self, slot_id: SlotId, student: AccountId) {
        self.of(slot_id, SlotCommand::HoldSeat { hold_id: HoldId(RandomIds.next()), student }).await;
    }
}
