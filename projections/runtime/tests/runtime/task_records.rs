//! Tasks that are done: pruned after their retention, and recorded again.

use std::sync::Arc;

use domain::SystemClock;
use fixtures::eventually;
use projection_runtime::{Roles, TaskFilter, list_tasks, task_counts};

use crate::fixture::World;
use crate::tasks::{Diary, done, parts};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_long_ago_is_forgotten_and_never_done_again() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    for note in ["do order-old", "do order-new", "do abandon-1", "at 600000 far"] {
        world.append_note(note).await;
    }
    let abandoned = async || task_counts(&world.pool, &SystemClock).await.unwrap().remove(0).abandoned;
    eventually("two are done, one is given up", async || done(&world).await == 2 && abandoned().await == 1)
        .await;
    running.end().await;
    sqlx::query(
        "update process.tasks set finished_at = finished_at - interval '31 days' where key <> 'order-new'",
    )
    .execute(&world.pool)
    .await
    .unwrap();
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    eventually("the old one is gone", async || done(&world).await == 1).await;
    world.append_note("do order-after").await;
    eventually("the next is done", async || done(&world).await == 2).await;
    let tasks = list_tasks(&world.pool, &TaskFilter::default()).await.unwrap();
    let kept: Vec<&str> = tasks.iter().map(|task| task.key.as_str()).collect();
    assert_eq!(kept, ["order-after", "far", "abandon-1", "order-new"]);
    assert_eq!(diary.of("order-old").len(), 1);
    world.end(running).await;
}

/// After a crash a process manager may read its last events again: their tasks must stay known.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_not_forgotten_while_its_cause_may_be_read_again() {
    let (world, diary) = (World::new().await, Arc::new(Diary::default()));
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    world.append_note("do order-1").await;
    eventually("it is done", async || done(&world).await == 1).await;
    running.end().await;
    sqlx::raw_sql(
        "update process.tasks set finished_at = finished_at - interval '31 days';
         update process.checkpoints set position = 0",
    )
    .execute(&world.pool)
    .await
    .unwrap();
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    let head = world.append_note("do order-2").await;
    eventually("the second is done", async || !diary.of("order-2").is_empty()).await;
    running.reached(head).await;
    assert_eq!(diary.of("order-1").len(), 1);
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_recorded_again_while_it_runs_or_is_done_runs_once_more() {
    let world = World::new().await;
    let diary = Arc::new(Diary::default());
    let running = world.start_with(parts(&world, &diary), world.settings(), Roles::ALL).await;
    world.append_note("do slow-x").await;
    eventually("the first run begins", async || diary.of("slow-x").len() == 1).await;
    world.append_note("do slow-x").await;
    eventually("it runs again", async || diary.of("slow-x").len() == 2).await;
    eventually("it is done", async || done(&world).await == 1).await;
    world.append_note("do slow-x").await;
    eventually("it runs again after its end", async || diary.of("slow-x").len() == 3).await;
    world.end(running).await;
}
