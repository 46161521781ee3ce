//! The contracts of the event log and of the command side, for one and for several OS processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use commands::Bus;
use domain::crm::CrmLinkCommand;
use domain::{AccountId, Command, CommandContext, Dispatch, DispatchError, EventLog, Receipt};
use fixtures::TestDatabase;
use fixtures::command_contract::CommandLog;
use fixtures::event_log_contract::WritableLog;
use fixtures::system_context;

/// Buses of several OS processes on one log; each command goes to the next one.
struct Buses {
    buses: Vec<Arc<Bus>>,
    next: AtomicUsize,
}

impl Buses {
    async fn start(count: usize) -> Self {
        let (database, mut buses) = (TestDatabase::create().await, Vec::new());
        for _ in 0..count {
            buses.push(database.start_bus().await);
        }
        Self { buses, next: AtomicUsize::new(0) }
    }

    /// Command side of these buses. The reader is that of the last one, which has its own keys.
    async fn command_log(count: usize) -> CommandLog {
        let buses = Self::start(count).await;
        CommandLog { log: buses.reader(), dispatch: Arc::new(buses) }
    }
}

#[async_trait]
impl Dispatch for Buses {
    async fn dispatch_atomically(
        &self,
        commands: Vec<Command>,
        context: CommandContext,
    ) -> Result<Receipt, DispatchError> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        self.buses[next % self.buses.len()].dispatch_atomically(commands, context).await
    }
}

#[async_trait]
impl WritableLog for Buses {
    fn reader(&self) -> Arc<dyn EventLog> {
        Arc::new(self.buses.last().unwrap().log().clone())
    }

    async fn append(&self, account_id: AccountId, external_id: &str) {
        let link = CrmLinkCommand::LinkUser { external_id: external_id.to_owned() };
        self.dispatch(Command::CrmLink(account_id, link), system_context()).await.unwrap();
    }
}

/// Starts a bus for each command, which therefore has no cached state.
struct NewBusEachTime(TestDatabase);

#[async_trait]
impl Dispatch for NewBusEachTime {
    async fn dispatch_atomically(
        &self,
        commands: Vec<Command>,
        context: CommandContext,
    ) -> Result<Receipt, DispatchError> {
        let bus = self.0.start_bus().await;
        let result = bus.dispatch_atomically(commands, context).await;
        bus.shutdown().await;
        result
    }
}

async fn without_cached_states() -> CommandLog {
    let database = TestDatabase::create().await;
    let log = Arc::new(database.start_bus().await.log().clone());
    CommandLog { log, dispatch: Arc::new(NewBusEachTime(database)) }
}

mod log_of_one_process {
    fixtures::event_log_contract!(super::Buses::start(1));
}

mod log_of_two_processes {
    fixtures::event_log_contract!(super::Buses::start(2));
}

mod commands_of_one_process {
    fixtures::command_contract!(super::Buses::command_log(1));
}

mod commands_of_two_processes {
    fixtures::command_contract!(super::Buses::command_log(2));
}

mod commands_without_cached_states {
    fixtures::command_contract!(super::without_cached_states());
}
