//! Read models: exactly once after cuts, kills, duplicates and poison events.

use domain::Position;
use std::sync::atomic::Ordering;
use std::time::Duration;

use fixtures::{eventually, eventually_some};
use projection_runtime::{LocalState, Roles, SubscriptionState};

use crate::fixture::World;
use crate::line::Line;

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_applied_once_and_in_time() {
    let world = World::new().await;
    world.append(2_500).await;
    let running = world.start().await;
    running.reached(Position(2_500)).await;
    for _ in 0..50 {
        let head = world.append(3).await;
        running.reached(head).await;
    }
    world.tally_is_exact().await;
    let status = running.projections.status().await.unwrap();
    assert_eq!(status.head, Position(2_650));
    assert_eq!(status.listeners[0].lag_events, 0);
    assert_eq!(status.listeners[0].here, Some(LocalState::Running));
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_its_own_is_passed_and_written_down_before_anything_else() {
    let world = World::new().await;
    let running = world.start().await;
    let checkpoint = async || -> (i64, Option<i64>) {
        let sql = "select position, error_position from projection.checkpoints where name = 'tally'";
        sqlx::query_as(sql).fetch_one(&world.pool).await.unwrap()
    };
    for _ in 0..20 {
        let head = world.append_note("foreign").await;
        running.reached(head).await;
    }
    eventually("the checkpoint follows", async || checkpoint().await == (20, None)).await;
    running.reached(world.append_note("note").await).await;
    running.reached(world.append_note("foreign").await).await;
    // Ends before the checkpoint was due.
    running.end().await;
    assert_eq!(checkpoint().await, (22, None));
    let running = world.start().await;
    running.reached(world.append_note("foreign").await).await;
    world.append_note("broken").await;
    eventually("it stops", async || checkpoint().await == (23, Some(24))).await;
    let notes: Vec<i64> =
        sqlx::query_scalar("select position from app.notes").fetch_all(&world.pool).await.unwrap();
    assert_eq!(notes, [21]);
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_loses_nothing_and_doubles_nothing() {
    let world = World::new().await;
    for round in 0..6u64 {
        let victim = world.start_victim(Vec::new(), Vec::new());
        world.append(4_000).await;
        tokio::time::sleep(Duration::from_millis(60 + 35 * round)).await;
        victim.kill();
    }
    let running = world.start().await;
    running.reached(Position(24_000)).await;
    world.tally_is_exact().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_instances_one_works_and_the_other_takes_over() {
    let world = World::new().await;
    let first = world.start().await;
    let head = world.append(100).await;
    first.reached(head).await;
    let second = world.start().await;
    let head = world.append(100).await;
    // A standby process reads its own writes too.
    second.reached(head).await;
    let here = |status: projection_runtime::ProjectionStatus| status.listeners[0].here;
    assert_eq!(here(second.projections.status().await.unwrap()), Some(LocalState::Standby));
    first.end().await;
    let head = world.append(100).await;
    second.reached(head).await;
    assert_eq!(here(second.projections.status().await.unwrap()), Some(LocalState::Running));
    world.tally_is_exact().await;
    world.end(second).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_lost_its_lock_without_knowing_doubles_nothing() {
    let world = World::new().await;
    let first = world.start().await;
    let second = world.start().await;
    for _ in 0..10 {
        world.append(500).await;
        // Cuts every connection that holds a lock.
        sqlx::query(
            "select pg_terminate_backend(pid) from pg_locks
             where locktype = 'advisory' and pid <> pg_backend_pid()
               and database = (select oid from pg_database where datname = current_database())",
        )
        .execute(&world.pool)
        .await
        .unwrap();
        tokio::time::sleep(Duration::from_millis(80)).await;
    }
    first.reached(Position(5_000)).await;
    world.tally_is_exact().await;
    first.end().await;
    world.end(second).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_cut_in_the_middle_lose_nothing_and_double_nothing() {
    let world = World::new().await;
    let running = world.start().await;
    let mut killer = world.apart().await;
    for _ in 0..15 {
        world.append_apart(&mut killer, 1_000).await;
        tokio::time::sleep(Duration::from_millis(40)).await;
        sqlx::query(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid() and usename = current_user",
        )
        .execute(&mut killer)
        .await
        .unwrap();
    }
    running.reached(Position(15_000)).await;
    world.tally_is_exact().await;
    eventually("the stream has everything", async || {
        running.projections.relay().is_some_and(|relay| relay.position == Position(15_000))
    })
    .await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_of_an_older_version_does_not_undo_the_work_of_a_newer() {
    let world = World::new().await;
    let older = world.start().await;
    let head = world.append(100).await;
    older.reached(head).await;
    let mut parts = world.parts();
    parts.read_models = vec![std::sync::Arc::new(crate::fixture::Tally::new(2))];
    // Simulates a newer process that rebuilds while the older one does not look.
    let model = parts.read_models[0].clone();
    projection_runtime::rebuild(&world.pool, world.log.clone(), model, Box::new(|_| {})).await.unwrap();
    let newer = world.start_with(parts, world.settings(), Roles::ALL).await;
    let head = world.append(100).await;
    newer.reached(head).await;
    let versions: Vec<i32> =
        sqlx::query_scalar("select distinct version from app.notes").fetch_all(&world.pool).await.unwrap();
    assert_eq!(versions, [2]);
    older.end().await;
    world.end(newer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_event_stops_its_model_until_an_admin_skips_it() {
    for poison in ["poison", "broken", "panic"] {
        let world = World::new().await;
        let running = world.start().await;
        world.append(10).await;
        world.append_note(poison).await;
        let head = world.append(10).await;
        eventually("the model is stopped", async || {
            let status = running.projections.status().await.unwrap();
            status.listeners.first().is_some_and(|listener| listener.state == SubscriptionState::Stopped)
        })
        .await;
        let stopped = running.projections.status().await.unwrap().listeners.remove(0);
        assert_eq!(stopped.position, Position(10), "everything before it is applied");
        assert_eq!(stopped.error.as_ref().unwrap().position, Position(11));

        running.projections.retry_stopped("tally").await.unwrap();
        eventually("the same event stops it again", async || {
            let again = running.projections.status().await.unwrap().listeners.remove(0);
            again.error.is_some_and(|error| error.since > stopped.error.as_ref().unwrap().since)
        })
        .await;

        let refused = running.projections.skip_event("tally", Position(11), "admin", "  ").await;
        assert!(refused.is_err(), "a skip needs a reason");
        running.projections.skip_event("tally", Position(12), "admin", "wrong one").await.unwrap_err();
        running
            .projections
            .skip_event("tally", Position(11), "admin", "it never meant anything")
            .await
            .unwrap();
        running.reached(head).await;
        let rows: i64 =
            sqlx::query_scalar("select count(*) from app.notes").fetch_one(&world.pool).await.unwrap();
        assert_eq!(rows, 20);
        let skips = running.projections.status().await.unwrap().listeners.remove(0).skips;
        assert_eq!((skips.len(), skips[0].actor.as_str()), (1, "admin"));
        world.end(running).await;
    }
}

/// Their codes are those of temporary failures too.
#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_fails_at_every_retry_stops_its_model() {
    for (note, code) in [("damaged", "XX002"), ("endless", "57014")] {
        let world = World::new().await;
        world.append(10).await;
        world.append_note(note).await;
        let head = world.append(10).await;
        let running = world.start().await;
        let error = eventually_some("the model is stopped", async || {
            running.projections.status().await.unwrap().listeners.pop()?.error
        })
        .await;
        assert_eq!(error.position, Position(11));
        assert!(error.error.contains(code), "{}", error.error);
        let status = running.projections.status().await.unwrap().listeners.remove(0);
        assert_eq!((status.state, status.position), (SubscriptionState::Stopped, Position(10)));
        running.projections.skip_event("tally", Position(11), "admin", "it fails").await.unwrap();
        running.reached(head).await;
        let rows: i64 =
            sqlx::query_scalar("select count(*) from app.notes").fetch_one(&world.pool).await.unwrap();
        assert_eq!(rows, 20);
        world.end(running).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_an_admin_cancels_is_tried_again() {
    let world = World::new().await;
    let running = world.start().await;
    world.append_note("slow").await;
    let head = world.append(10).await;
    for _ in 0..3 {
        eventually("the query is cancelled", async || {
            let cancelled: i64 = sqlx::query_scalar(
                "select count(*) filter (where pg_cancel_backend(pid)) from pg_stat_activity
                 where datname = current_database() and state = 'active' and query = 'select pg_sleep(1)'",
            )
            .fetch_one(&world.pool)
            .await
            .unwrap();
            cancelled > 0
        })
        .await;
    }
    running.reached(head).await;
    world.tally_is_exact().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_away_from_the_start_delays_nobody_and_comes_back() {
    let mut world = World::new().await;
    let line = Line::new(false).await;
    world.stream.url = line.url.clone().into();
    let running = world.start().await;
    for _ in 0..20 {
        let head = world.append(5).await;
        running.projections.wait_for("tally", head, Duration::from_secs(2)).await.unwrap();
    }
    line.mend();
    eventually("the stream has everything", async || {
        running.projections.relay().is_some_and(|relay| relay.position == Position(100))
    })
    .await;
    for round in 0..6 {
        if round % 2 == 0 {
            line.cut()
        } else {
            line.mend()
        }
        for _ in 0..10 {
            let head = world.append(5).await;
            running.projections.wait_for("tally", head, Duration::from_secs(2)).await.unwrap();
        }
    }
    world.tally_is_exact().await;
    line.mend();
    eventually("the stream has everything again", async || {
        running.projections.relay().is_some_and(|relay| relay.position == Position(400))
    })
    .await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_away_is_waited_for() {
    let world = World::new().await;
    let running = world.start().await;
    let head = world.append(10).await;
    running.reached(head).await;
    world.log.away.store(true, Ordering::Relaxed);
    let head = world.append(10).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    world.log.away.store(false, Ordering::Relaxed);
    running.reached(head).await;
    world.tally_is_exact().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_stream_everything_comes_from_postgres() {
    let world = World::new().await;
    let settings = projection_runtime::RuntimeSettings { stream: None, ..world.settings() };
    let running = world.start_with(world.parts(), settings, Roles::ALL).await;
    let head = world.append(3_000).await;
    running.reached(head).await;
    world.tally_is_exact().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_for_what_does_not_come_ends() {
    let world = World::new().await;
    let running = world.start().await;
    let head = world.append(3).await;
    running.reached(head).await;
    let behind =
        running.projections.wait_for("tally", Position(99), Duration::from_millis(50)).await.unwrap_err();
    assert_eq!((behind.position, behind.wanted), (Position(3), Position(99)));
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_for_a_stopped_model_ends_at_once() {
    let world = World::new().await;
    let running = world.start().await;
    world.append_note("poison").await;
    eventually("the model is stopped", async || {
        let status = running.projections.status().await.unwrap();
        status.listeners.first().is_some_and(|listener| listener.state == SubscriptionState::Stopped)
    })
    .await;
    let longest = Duration::from_secs(600);
    // As a task handler waits, which does not know the runners.
    let wait = projection_runtime::wait_for(&world.pool, None, "tally", Position(1), longest);
    let waited = tokio::time::timeout(Duration::from_secs(60), wait).await.expect("it ends");
    waited.unwrap_err();
    world.end(running).await;
}

/// A machine that is gone without closing its connections: the server sees only silence.
#[tokio::test(flavor = "multi_thread")]
async fn another_instance_leads_soon_after_the_leaders_machine_is_gone() {
    let world = World::new().await;
    let line = Line::to(format!("{}:{}", world.options.get_host(), world.options.get_port()), true).await;
    let (host, port) = line.address.rsplit_once(':').unwrap();
    let far = world.options.clone().host(host).port(port.parse().unwrap());
    let far = sqlx::postgres::PgPoolOptions::new().connect_with(far).await.unwrap();
    let parts = projection_runtime::Components { pool: far, ..world.parts() };
    let first = world.start_with(parts, world.settings(), Roles::ALL).await;
    let head = world.append(10).await;
    first.reached(head).await;
    let second = world.start().await;
    line.silence();
    let head = world.append(10).await;
    second.reached(head).await;
    eventually("the second instance leads", async || {
        let here = second.projections.status().await.unwrap().listeners[0].here;
        here == Some(LocalState::Running)
    })
    .await;
    world.tally_is_exact().await;
    first.cancel.cancel();
    world.end(second).await;
}
