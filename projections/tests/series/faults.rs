//! A task that fails in the middle is resumed, and no slot is opened twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use domain::scheduling::{SeriesChange, SeriesCommand};
use domain::{Command, CommandContext, Dispatch, DispatchError, Event, Receipt, SeriesId};
use fixtures::person;
use projection_runtime::{Task, TaskHandler, TaskOutcome};
use serde_json::json;

use crate::world::{World, tuesdays};

/// Commits so many commands and then loses the answers.
struct Breaking {
    inner: Arc<dyn Dispatch>,
    left: AtomicI64,
}

#[async_trait]
impl Dispatch for Breaking {
    async fn dispatch_atomically(
        &self,
        commands: Vec<Command>,
        context: CommandContext,
    ) -> Result<Receipt, DispatchError> {
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        if left < 0 {
            return Err(DispatchError::Unavailable("the line is cut".into()));
        }
        let receipt = self.inner.dispatch_atomically(commands, context).await;
        if left == 0 {
            return Err(DispatchError::Unavailable("the answer is lost".into()));
        }
        receipt
    }
}

/// The task that the definition of a series schedules.
async fn task_of(world: &World, id: SeriesId) -> Task {
    let events = world.history().await;
    let defined = events.iter().find(|recorded| matches!(recorded.event, Event::Series(_))).unwrap();
    Task {
        id: defined.event_id(),
        kind: "keep_series".to_owned(),
        key: format!("{id}:1"),
        queue: None,
        payload: json!({ "follow": { "from": "2027-03-02" } }),
        attempt: 1,
        outcome_unknown: false,
        cause: defined.event_id(),
        cause_position: defined.position,
        correlation_id: defined.metadata.correlation_id,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_it_breaks_off_the_next_attempt_opens_the_rest_and_nothing_twice() {
    for break_after in [0, 1, 4, 8, 9] {
        let (world, teacher) = (World::asleep().await, person());
        let id = world.defines(tuesdays(teacher)).await;
        let task = task_of(&world, id).await;
        let left = AtomicI64::new(break_after);
        let breaking = world.handler(Arc::new(Breaking { inner: world.bus.clone(), left }));
        let first = breaking.run(&task).await;
        assert_eq!(matches!(first, TaskOutcome::RetryAt { .. }), break_after < 9, "{break_after}: {first:?}");
        let whole = world.handler(world.bus.clone());
        assert_eq!(whole.run(&task).await, TaskOutcome::Done);
        assert_eq!(whole.run(&task).await, TaskOutcome::Done);
        assert_eq!(world.open_times(teacher).await.len(), 8, "broken after {break_after}");
        assert_eq!(world.extensions().await, [("2027-04-26".to_owned(), 8, vec![])]);
    }
}

/// Changes the series just before the task records its progress.
struct Meddling {
    world: Arc<dyn Dispatch>,
    id: SeriesId,
    teacher: domain::AccountId,
    done: AtomicI64,
}

#[async_trait]
impl Dispatch for Meddling {
    async fn dispatch_atomically(
        &self,
        commands: Vec<Command>,
        context: CommandContext,
    ) -> Result<Receipt, DispatchError> {
        let records = matches!(commands[..], [Command::Series(_, SeriesCommand::RecordExtension { .. })]);
        if records && self.done.fetch_add(1, Ordering::SeqCst) == 0 {
            let change = SeriesChange { duration_minutes: Some(90), ..SeriesChange::default() };
            let from = "2027-04-01".parse().unwrap();
            let change = SeriesCommand::ChangeSeries { by: self.teacher, from, change: Box::new(change) };
            self.world.dispatch(Command::Series(self.id, change), fixtures::system_context()).await.unwrap();
        }
        self.world.dispatch_atomically(commands, context).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_in_the_middle_of_an_opening_leaves_no_slot_of_the_old_rule() {
    let (world, teacher) = (World::asleep().await, person());
    let id = world.defines(tuesdays(teacher)).await;
    let task = task_of(&world, id).await;
    let meddling = Meddling { world: world.bus.clone(), id, teacher, done: AtomicI64::new(0) };
    let handler = world.handler(Arc::new(meddling));
    assert!(matches!(handler.run(&task).await, TaskOutcome::RetryAt { .. }));
    assert_eq!(handler.run(&task).await, TaskOutcome::Done);
    let slots = world.slots().await;
    let open = |minutes| slots.values().filter(|slot| slot.open && slot.minutes == minutes).count();
    assert_eq!((open(60), open(90)), (5, 3), "{slots:#?}");
}
