//! Holds and proposals end at their deadline.

use domain::scheduling::SlotCommand;
use domain::{Ids, ProposalId, RandomIds};
use fixtures::person;

use crate::world::World;

const DAY: i64 = 24 * 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_ends_after_ten_minutes_whoever_runs_then() {
    let world = World::new().await;
    let running = world.start().await;
    let slot = world.opens(person(), 2 * DAY, 1).await;
    world.holds(slot, person()).await;
    world.is_quiet().await;
    running.ends().await;
    assert_eq!(world.events("HoldReleased").await, 0);

    // The hold falls due while no process runs; two processes start afterwards.
    world.passes(10);
    let (_one, _two) = (world.start().await, world.start().await);
    fixtures::eventually("the hold ends", async || world.events("HoldReleased").await == 1).await;
    world.is_quiet().await;
    assert_eq!(world.events("HoldReleased").await, 1);
    assert!(world.lesson(slot).await.holds.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_whose_clock_went_back_is_kept_until_its_time() {
    let world = World::new().await;
    let running = world.start().await;
    let slot = world.opens(person(), 2 * DAY, 1).await;
    world.holds(slot, person()).await;
    world.is_quiet().await;
    running.ends().await;
    // The worker's clock is ahead of the clock that decides.
    sqlx::query("update process.tasks set due_at = due_at - interval '9 minutes'")
        .execute(&world.pool)
        .await
        .unwrap();
    world.passes(5);
    let _running = world.start().await;
    world.is_quiet().await;
    assert_eq!(world.events("HoldReleased").await, 0);
    world.passes(5);
    world.is_quiet().await;
    assert_eq!(world.events("HoldReleased").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_became_a_booking_has_no_timer() {
    let world = World::new().await;
    let _running = world.start().await;
    let (slot, anna) = (world.opens(person(), 2 * DAY, 1).await, person());
    world.holds(slot, anna).await;
    world.is_quiet().await;
    world.books(slot, anna).await;
    world.is_quiet().await;
    let timers: i64 = sqlx::query_scalar("select count(*) from process.tasks where kind = 'expire_hold'")
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert_eq!(timers, 0);
    world.passes(10);
    world.is_quiet().await;
    assert_eq!(world.events("HoldReleased").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_that_nobody_answers_ends() {
    let world = World::new().await;
    let running = world.start().await;
    let (teacher, anna) = (person(), person());
    let slot = world.opens(teacher, 5 * DAY, 1).await;
    world.books(slot, anna).await;
    let propose = SlotCommand::ProposeReschedule {
        proposal_id: ProposalId(RandomIds.next()),
        by: teacher,
        starts_at: world.in_minutes(6 * DAY),
    };
    world.of(slot, propose).await;
    world.is_quiet().await;
    running.ends().await;
    world.passes(DAY);
    let _running = world.start().await;
    world.is_quiet().await;
    assert_eq!(world.events("RescheduleExpired").await, 1);
    assert_eq!(world.lesson(slot).await.proposal, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_that_was_answered_has_no_end_of_its_own() {
    let world = World::new().await;
    let _running = world.start().await;
    let (teacher, anna) = (person(), person());
    let slot = world.opens(teacher, 5 * DAY, 1).await;
    world.books(slot, anna).await;
    let propose = SlotCommand::ProposeReschedule {
        proposal_id: ProposalId(RandomIds.next()),
        by: anna,
        starts_at: world.in_minutes(6 * DAY),
    };
    world.of(slot, propose).await;
    world.of(slot, SlotCommand::AcceptReschedule { by: teacher }).await;
    world.passes(DAY);
    world.is_quiet().await;
    assert_eq!((world.events("LessonMoved").await, world.events("RescheduleExpired").await), (1, 0));
}
