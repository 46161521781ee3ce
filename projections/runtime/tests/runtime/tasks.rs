//! Process managers and tasks: recorded once, in queues, on time, with unknown outcomes marked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use domain::{Clock, RecordedEvent, SystemClock};
use fixtures::{eventually, eventually_some};
use jiff::{SignedDuration, Timestamp};
use projection_runtime::{
    Components, NewTask, ProcessManager, Reaction, Roles, Task, TaskFilter, TaskHandler, TaskOutcome,
    TaskState, abandon_task, list_tasks, task_counts,
};
use serde_json::json;

use crate::fixture::{World, note_of};

/// Reads notes as orders: `do KEY [QUEUE]`, `at MILLISECONDS KEY`, `drop KEY`.
struct Orders;

impl ProcessManager for Orders {
    fn name(&self) -> &'static str {
        "orders"
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == "CrmLink"
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, event: &RecordedEvent) -> Vec<Reaction> {
        let note = note_of(event);
        let words: Vec<&str> = note.split(' ').collect();
        let task = |key: &str, lane: Option<&str>, due_at| {
            Reaction::Schedule(NewTask {
                kind: "order",
                key: key.replace('#', &event.position.to_string()),
                queue: lane.map(str::to_owned),
                due_at,
                payload: json!({ "position": event.position }),
            })
        };
        match words[..] {
            ["do", key] => vec![task(key, None, None)],
            ["do", key, lane] => vec![task(key, Some(lane), None)],
            ["at", ms, key] => {
                let at = event.recorded_at + SignedDuration::from_millis(ms.parse().unwrap());
                vec![task(key, None, Some(at))]
            }
            ["drop", key] => vec![Reaction::Cancel { kind: "order", key: key.to_owned() }],
            _ => Vec::new(),
        }
    }
}

/// Records attempts; the key selects the behaviour: `hang…`, `fail…`, `panic…`, `slow…`.
#[derive(Default)]
pub struct Diary {
    attempts: Mutex<Vec<(String, u32, bool, Timestamp)>>,
    at_once: AtomicU32,
    at_once_most: AtomicU32,
}

pub struct Doer(Arc<Diary>);

#[async_trait]
impl TaskHandler for Doer {
    fn kind(&self) -> &'static str {
        "order"
    }

    fn concurrency(&self) -> usize {
        4
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let entry = (task.key.clone(), task.attempt, task.outcome_unknown, SystemClock.now());
        self.0.attempts.lock().unwrap().push(entry);
        let now = self.0.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.at_once_most.fetch_max(now, Ordering::SeqCst);
        let outcome = self.outcome(task).await;
        self.0.at_once.fetch_sub(1, Ordering::SeqCst);
        outcome
    }
}

impl Doer {
    async fn outcome(&self, task: &Task) -> TaskOutcome {
        if task.key.starts_with("hang") && task.attempt == 1 {
            std::future::pending::<()>().await;
        }
        if task.key.starts_with("slow") {
            tokio::time::sleep(Duration::from_millis(1_500)).await;
        }
        assert!(!(task.key.starts_with("panic") && task.attempt == 1), "told to");
        if task.key.starts_with("fail") && task.attempt == 1 {
            let at = SystemClock.now() + SignedDuration::from_millis(100);
            return TaskOutcome::RetryAt { at, error: "told to".into(), outcome_unknown: false };
        }
        if task.key.starts_with("unwritable") {
            // Postgres stores no text with a null character.
            let error = "told\0to".into();
            return TaskOutcome::RetryAt { at: SystemClock.now(), error, outcome_unknown: false };
        }
        if task.key.starts_with("abandon") && task.attempt == 1 {
            return TaskOutcome::Abandon { error: "told to".into() };
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        TaskOutcome::Done
    }
}

impl Diary {
    pub fn of(&self, key: &str) -> Vec<(u32, bool)> {
        let attempts = self.attempts.lock().unwrap();
        attempts
            .iter()
            .filter(|(k, ..)| k == key)
            .map(|(_, attempt, unknown, _)| (*attempt, *unknown))
            .collect()
    }

    fn len(&self) -> usize {
        self.attempts.lock().unwrap().len()
    }
}

pub fn parts(world: &World, diary: &Arc<Diary>) -> Components {
    Components {
        process_managers: vec![Arc::new(Orders)],
        task_handlers: vec![Arc::new(Doer(diary.clone()))],
        ..world.parts()
    }
}

pub async fn done(world: &World) -> u64 {
    task_counts(&world.pool, &SystemClock).await.unwrap().first().map_or(0, |counts| counts.done)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_task_is_done_once_and_not_too_many_at_the_same_time() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    let second = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    for _ in 0..30 {
        world.append_note("do order-#").await;
    }
    eventually("all are done", async || done(&world).await == 30).await;
    assert_eq!(diary.len(), 30);
    assert!(diary.at_once_most.load(Ordering::SeqCst) <= 8);
    second.end().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lane_goes_in_the_order_of_recording_even_when_one_fails() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    for n in 0..12 {
        let lane = n % 2;
        let what = if n < 2 { "fail" } else { "order" };
        world.append_note(&format!("do {what}-{n} lane-{lane}")).await;
    }
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    let second = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    eventually("all are done", async || done(&world).await == 12).await;
    let mut lanes: HashMap<u32, Vec<u32>> = HashMap::new();
    for (key, ..) in diary.attempts.lock().unwrap().iter() {
        let n: u32 = key.rsplit('-').next().unwrap().parse().unwrap();
        lanes.entry(n % 2).or_default().push(n);
    }
    assert_eq!(lanes[&0], [0, 0, 2, 4, 6, 8, 10]);
    assert_eq!(lanes[&1], [1, 1, 3, 5, 7, 9, 11]);
    second.end().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_crash_nobody_claims_to_know_the_outcome() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    let victim = world.start_victim(vec![Arc::new(Orders)], vec![Arc::new(Doer(diary.clone()))]);
    world.append_note("do hang-1").await;
    eventually("the task has begun", async || diary.len() == 1).await;
    victim.kill();
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    eventually("it is done", async || done(&world).await == 1).await;
    assert_eq!(diary.of("hang-1"), [(1, false), (2, true)]);
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_gives_back_at_once_what_does_not_end() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    let mut settings = world.settings();
    settings.task_lease = Duration::from_secs(600);
    let running = world.start_with(parts(&world, &diary), settings, Roles::ALL).await;
    world.append_note("do hang-1").await;
    eventually("the task has begun", async || diary.len() == 1).await;
    running.end().await;
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    eventually("it is done", async || done(&world).await == 1).await;
    assert_eq!(diary.of("hang-1"), [(1, false), (2, true)]);
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_panics_gets_another_attempt() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    world.append_note("do panic-1").await;
    eventually("it is done", async || done(&world).await == 1).await;
    assert_eq!(diary.of("panic-1"), [(1, false), (2, true)]);
    world.end(running).await;
}

/// The worker renews the lease of what it runs, so that no other worker would ever get the task.
#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_never_ends_gets_another_attempt() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    world.append_note("do hang-1").await;
    eventually("it is done", async || done(&world).await == 1).await;
    assert_eq!(diary.of("hang-1"), [(1, false), (2, true)]);
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_takes_longer_than_its_lease_is_not_given_to_another() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    let second = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    world.append_note("do slow-1").await;
    eventually("it is done", async || done(&world).await == 1).await;
    assert_eq!(diary.of("slow-1"), [(1, false)]);
    second.end().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_survives_restarts_and_fires_once_on_time() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    let victim = world.start_victim(vec![Arc::new(Orders)], vec![Arc::new(Doer(diary.clone()))]);
    let position = world.append_note("at 1500 timer").await;
    eventually("it is recorded", async || {
        !list_tasks(&world.pool, &TaskFilter::default()).await.unwrap().is_empty()
    })
    .await;
    victim.kill();
    let due = list_tasks(&world.pool, &TaskFilter::default()).await.unwrap()[0].due_at;
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    let second = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    eventually("it has fired", async || done(&world).await == 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(diary.of("timer"), [(1, false)]);
    let fired = diary.attempts.lock().unwrap()[0].3;
    assert!(fired >= due, "not before its time");
    let task = &list_tasks(&world.pool, &TaskFilter::default()).await.unwrap()[0];
    assert_eq!((task.cause_position, task.state), (position, TaskState::Done));
    second.end().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dropped_before_its_time_never_happens() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    // In one batch, and in two.
    world.append_note("at 600 first").await;
    world.append_note("drop first").await;
    world.append_note("at 600 second").await;
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    world.append_note("drop second").await;
    // A second order with the same key moves the time.
    world.append_note("at 60000 third").await;
    world.append_note("at 700 third").await;
    eventually("the third is done", async || done(&world).await == 1).await;
    assert!(diary.of("first").is_empty() && diary.of("second").is_empty());
    assert_eq!(diary.of("third").len(), 1);
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_task_waits_for_a_person() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    world.append_note("do abandon-1").await;
    world.append_note("at 600000 far").await;
    let abandoned =
        TaskFilter { state: Some(TaskState::Abandoned), kind: Some("order".into()), ..TaskFilter::default() };
    eventually("it is abandoned", async || list_tasks(&world.pool, &abandoned).await.unwrap().len() == 1)
        .await;
    let task = list_tasks(&world.pool, &abandoned).await.unwrap().remove(0);
    assert_eq!(task.last_error.as_deref(), Some("told to"));
    assert_eq!(running.projections.retry_abandoned(&[task.id]).await.unwrap(), [task.id]);
    eventually("it is done", async || done(&world).await == 1).await;
    assert!(running.projections.retry_abandoned(&[task.id]).await.unwrap().is_empty());

    let waiting = TaskFilter { state: Some(TaskState::Waiting), ..TaskFilter::default() };
    eventually("the far task is recorded", async || {
        list_tasks(&world.pool, &waiting).await.unwrap().len() == 1
    })
    .await;
    let far = list_tasks(&world.pool, &waiting).await.unwrap().remove(0);
    assert!(abandon_task(&world.pool, &SystemClock, far.id, "not wanted").await.unwrap());
    let counts = task_counts(&world.pool, &SystemClock).await.unwrap().remove(0);
    assert_eq!((counts.done, counts.abandoned, counts.waiting), (1, 1, 0));
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_whose_outcome_cannot_be_written_waits_for_a_person() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    world.append_note("do unwritable-1").await;
    let abandoned = TaskFilter { state: Some(TaskState::Abandoned), ..TaskFilter::default() };
    let task =
        eventually_some("it is abandoned", async || list_tasks(&world.pool, &abandoned).await.unwrap().pop())
            .await;
    assert!(task.last_error.unwrap().contains("22021"));
    assert_eq!(diary.of("unwritable-1"), [(1, false)]);
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_in_the_middle_lose_no_task_and_record_none_twice() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    for round in 0..5u64 {
        let victim = world.start_victim(vec![Arc::new(Orders)], vec![Arc::new(Doer(diary.clone()))]);
        for _ in 0..40 {
            world.append_note("do order-#").await;
        }
        tokio::time::sleep(Duration::from_millis(30 * round)).await;
        victim.kill();
    }
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    eventually("all are done", async || done(&world).await == 200).await;
    for n in 1..=200 {
        let attempts = diary.of(&format!("order-{n}"));
        assert!(!attempts.is_empty());
        // A repeated attempt is marked: the outcome of the first is unknown.
        assert!(attempts.iter().skip(1).all(|(_, unknown)| *unknown), "{n}: {attempts:?}");
    }
    world.end(running).await;
}
