//! Records the tasks of a process manager in the transaction of its checkpoint.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::{Clock, RecordedEvent};
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;

use super::worker::WorkerWakeups;
use crate::apply_batch::EventHandler;
use crate::checkpoint::HandlerKind;
use crate::process_manager::{NewTask, ProcessManager, Reaction};
use crate::read_model::ApplyError;

/// A process manager as an [`EventHandler`], for the runner.
pub(crate) struct ProcessManagerHandler {
    process_manager: Arc<dyn ProcessManager>,
    clock: Arc<dyn Clock>,
    wakeups: WorkerWakeups,
    /// Kinds of the tasks recorded since the last commit.
    recorded: Mutex<BTreeSet<&'static str>>,
}

#[async_trait]
impl EventHandler for ProcessManagerHandler {
    fn name(&self) -> &'static str {
        self.process_manager.name()
    }

    fn kind(&self) -> HandlerKind {
        HandlerKind::ProcessManager
    }

    fn version(&self) -> i32 {
        1
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        self.process_manager.handles(aggregate_type)
    }

    fn starts_at_beginning(&self) -> bool {
        self.process_manager.starts_at_beginning()
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let mut new_tasks = Vec::new();
        for event in events {
            for reaction in self.process_manager.react(event) {
                match reaction {
                    Reaction::Schedule(task) => new_tasks.push((event, task)),
                    Reaction::Cancel { kind, key } => {
                        // A task that this batch has scheduled before must be in the table to be deleted.
                        self.record(db, &new_tasks).await?;
                        new_tasks.clear();
                        cancel_unbegun(db, kind, &key).await?;
                    }
                }
            }
        }
        self.record(db, &new_tasks).await?;
        Ok(())
    }

    fn on_commit(&self) {
        for kind in std::mem::take(&mut *self.recorded.lock().expect("no holder of this lock panics")) {
            self.wakeups.wake_kind(kind);
        }
    }
}

impl ProcessManagerHandler {
    pub(crate) fn new(
        process_manager: Arc<dyn ProcessManager>,
        clock: Arc<dyn Clock>,
        wakeups: WorkerWakeups,
    ) -> Self {
        Self { process_manager, clock, wakeups, recorded: Mutex::default() }
    }

    async fn record(
        &self,
        db: &mut PgConnection,
        tasks: &[(&RecordedEvent, NewTask)],
    ) -> Result<(), sqlx::Error> {
        // One statement cannot update a row twice: a repeated key goes into the next statement.
        let mut rest = tasks;
        while !rest.is_empty() {
            let mut seen = std::collections::HashSet::new();
            let distinct = rest.iter().take_while(|(_, task)| seen.insert((task.kind, &task.key))).count();
            let (now, later) = rest.split_at(distinct);
            self.record_distinct(db, now).await?;
            rest = later;
        }
        Ok(())
    }

    async fn record_distinct(
        &self,
        db: &mut PgConnection,
        tasks: &[(&RecordedEvent, NewTask)],
    ) -> Result<(), sqlx::Error> {
        self.recorded
            .lock()
            .expect("no holder of this lock panics")
            .extend(tasks.iter().map(|(_, task)| task.kind));
        let now = self.clock.now();
        let ids: Vec<Uuid> = tasks.iter().map(|(event, task)| task_id(event, task)).collect();
        let kinds: Vec<&str> = tasks.iter().map(|(_, task)| task.kind).collect();
        let keys: Vec<&str> = tasks.iter().map(|(_, task)| task.key.as_str()).collect();
        let queues: Vec<Option<&str>> = tasks.iter().map(|(_, task)| task.queue.as_deref()).collect();
        let payloads: Vec<&serde_json::Value> = tasks.iter().map(|(_, task)| &task.payload).collect();
        let due: Vec<_> = tasks.iter().map(|(_, task)| task.due_at.unwrap_or(now).to_sqlx()).collect();
        let causes: Vec<Uuid> = tasks.iter().map(|(event, _)| event.event_id()).collect();
        let positions: Vec<i64> = tasks.iter().map(|(event, _)| event.position.to_bigint()).collect();
        let correlations: Vec<Uuid> = tasks.iter().map(|(event, _)| event.metadata.correlation_id).collect();
        sqlx::query(include_str!("record.sql"))
            .bind(self.process_manager.name())
            .bind(now.to_sqlx())
            .bind(&ids)
            .bind(&kinds)
            .bind(&keys)
            .bind(&queues)
            .bind(&payloads)
            .bind(&due)
            .bind(&causes)
            .bind(&positions)
            .bind(&correlations)
            .execute(db)
            .await
            .map(|_| ())
    }
}

/// Returns the id of a task. The same event and task always have the same id.
fn task_id(event: &RecordedEvent, task: &NewTask) -> Uuid {
    Uuid::new_v5(&event.event_id(), format!("{}:{}", task.kind, task.key).as_bytes())
}

async fn cancel_unbegun(db: &mut PgConnection, kind: &str, key: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from process.tasks where kind = $1 and key = $2 and state = 'waiting' and attempts = 0",
        kind,
        key,
    )
    .execute(db)
    .await
    .map(|_| ())
}
