//! Rebuilds beside the live tables: no gap, no mixture, and an interrupted rebuild ends correctly.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::{Position, RecordedEvent};
use fixtures::eventually;
use jiff::Timestamp;
use projection_runtime::{
    ApplyError, LocalState, ProjectionRuntime, ReadModel, RebuildError, RebuildResult, Roles,
    RuntimeSettings, compare, rebuild,
};
use sqlx::{PgConnection, Postgres, Row, Transaction};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::fixture::{Running, Tally, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_under_load_shows_readers_no_gap_and_equals_the_log() {
    let world = World::new().await;
    let running = world.start().await;
    let head = world.append(8_000).await;
    running.reached(head).await;
    let stop = CancellationToken::new();
    let reader = tokio::spawn(read_on(world.pool.clone(), stop.clone()));
    let model = running.projections.read_model("tally").unwrap();
    for generation in 2..5 {
        let projections = running.projections.clone();
        let model = model.clone();
        let rebuilding = tokio::spawn(async move { projections.rebuild(model, Box::new(|_| {})).await });
        while !rebuilding.is_finished() {
            world.append(20).await;
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(rebuilding.await.unwrap().unwrap().generation, generation);
    }
    let head = world.append(10).await;
    running.reached(head).await;
    stop.cancel();
    assert!(reader.await.unwrap() > 20, "the reader has read all the time");
    world.tally_is_exact().await;
    let differences = running.projections.compare(model).await.unwrap();
    assert!(differences.is_none(), "{differences:?}");
    assert!(differences.rows > 8_000);
    world.end(running).await;
}

/// Reads table, view and checkpoint together and asserts that they show the same moment.
async fn read_on(pool: sqlx::PgPool, stop: CancellationToken) -> u64 {
    let mut reads = 0;
    let mut last = 0;
    while !stop.is_cancelled() {
        let row = sqlx::query(
            "select (select count(*) from app.notes) as notes,
                    (select coalesce(sum(seen), 0)::bigint from app.tally) as seen,
                    (select count(*) from crm.louder) as loud",
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        let (notes, seen, loud): (i64, i64, i64) = (row.get("notes"), row.get("seen"), row.get("loud"));
        assert_eq!((notes, notes), (seen, loud), "a mix");
        assert!(notes >= last, "a step back from {last} to {notes}");
        last = notes;
        reads += 1;
    }
    reads
}

#[tokio::test(flavor = "multi_thread")]
async fn views_and_grants_follow_the_tables() {
    let world = World::new().await;
    // Roles belong to the whole server: all tests share this one, and never drop it.
    let _ = sqlx::query("create role runtime_reader").execute(&world.pool).await;
    sqlx::query("grant select on app.notes to runtime_reader").execute(&world.pool).await.unwrap();
    let running = world.start().await;
    let head = world.append(10).await;
    running.reached(head).await;
    let model = running.projections.read_model("tally").unwrap();
    running.projections.rebuild(model.clone(), Box::new(|_| {})).await.unwrap();
    running.projections.rebuild(model, Box::new(|_| {})).await.unwrap();
    let head = world.append_note("after").await;
    running.reached(head).await;
    let seen: i64 = sqlx::query_scalar("select count(*) from crm.louder where note = 'AFTER!'")
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert_eq!(seen, 1);
    let granted: bool =
        sqlx::query_scalar("select has_table_privilege('runtime_reader', 'app.notes', 'select')")
            .fetch_one(&world.pool)
            .await
            .unwrap();
    assert!(granted);
    let comment: Option<String> = sqlx::query_scalar("select obj_description('crm.loud'::regclass)")
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert_eq!(comment.as_deref(), Some("What analysts see."));
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_was_cut_off_starts_anew_and_ends_right() {
    let world = World::new().await;
    let running = world.start().await;
    let head = world.append(20_000).await;
    running.reached(head).await;
    for pause in [30, 60, 120] {
        eventually("cut off in the middle, when the one before has let go", async || {
            let (pool, log) = (world.pool.clone(), world.log.clone());
            let cut = rebuild(&pool, log, Arc::new(Tally::new(1)), Box::new(|_| {}));
            match tokio::time::timeout(Duration::from_millis(pause), cut).await {
                Err(_) => true,
                Ok(Err(RebuildError::AlreadyRunning(_))) => false,
                Ok(ended) => panic!("it was not cut off: {:?}", ended.err()),
            }
        })
        .await;
        world.tally_is_exact().await;
    }
    let model = running.projections.read_model("tally").unwrap();
    eventually("the lock is free", async || {
        match running.projections.rebuild(model.clone(), Box::new(|_| {})).await {
            Ok(_) => true,
            Err(RebuildError::AlreadyRunning(_)) => false,
            Err(error) => panic!("{error}"),
        }
    })
    .await;
    let head = world.append(5).await;
    running.reached(head).await;
    world.tally_is_exact().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_is_rebuilt_at_start_and_the_old_one_can_come_back() {
    let world = World::new().await;
    let running = world.start().await;
    let head = world.append(3_000).await;
    running.reached(head).await;
    running.end().await;

    let running = with_version(&world, 2).await;
    let head = world.append(10).await;
    running.reached(head).await;
    versions(&world, &running, 2).await;
    let refused = running.projections.switch_back(Arc::new(Tally::new(2)), Box::new(|_| {})).await;
    assert!(matches!(refused, Err(RebuildError::OtherVersion { previous: 1, code: 2 })), "{refused:?}");
    running.end().await;

    world.append(10).await;
    // The earlier version of the program takes nothing back by itself.
    let older = with_version(&world, 1).await;
    eventually("the older version stands by", async || {
        let status = older.projections.status().await.unwrap().listeners.remove(0);
        status.here == Some(LocalState::Standby)
    })
    .await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(older.projections.status().await.unwrap().listeners[0].version, 2);
    older.end().await;
    // An operator allows it: its tables still exist and are brought up to date.
    let mut parts = world.parts();
    parts.read_models = vec![Arc::new(Tally::new(1))];
    let settings = RuntimeSettings { allow_downgrade: true, ..world.settings() };
    let running = world.start_with(parts, settings, Roles::ALL).await;
    let head = world.append(10).await;
    running.reached(head).await;
    versions(&world, &running, 1).await;
    let differences =
        compare(&world.pool, world.log.clone(), Arc::new(Tally::new(1)), Box::new(|_| {})).await.unwrap();
    assert!(differences.is_none(), "{differences:?}");
    let status = running.projections.status().await.unwrap().listeners.remove(0);
    assert_eq!((status.version, status.generation, status.previous.unwrap().version), (1, 3, 2));
    world.end(running).await;
}

async fn with_version(world: &World, version: i32) -> Running {
    let mut parts = world.parts();
    parts.read_models = vec![Arc::new(Tally::new(version))];
    world.start_with(parts, world.settings(), Roles::ALL).await
}

async fn versions(world: &World, running: &Running, version: i32) {
    world.tally_is_exact().await;
    let other: i64 = sqlx::query_scalar("select count(*) from app.notes where version <> $1")
        .bind(version)
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert_eq!(other, 0, "no row of another version");
    assert_eq!(running.projections.status().await.unwrap().listeners[0].version, version);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_was_changed_by_hand_is_found() {
    let world = World::new().await;
    let running = world.start().await;
    let head = world.append(50).await;
    running.reached(head).await;
    sqlx::query("update app.notes set note = 'forged' where position = 7")
        .execute(&world.pool)
        .await
        .unwrap();
    sqlx::query("delete from app.notes where position = 9").execute(&world.pool).await.unwrap();
    let model = running.projections.read_model("tally").unwrap();
    let differences = running.projections.compare(model.clone()).await.unwrap();
    assert_eq!(differences.tables.len(), 1);
    let notes = &differences.tables[0];
    assert_eq!((notes.table.as_str(), notes.missing, notes.unexpected), ("app.notes", 2, 1));
    // A rebuild repairs the difference.
    running.projections.rebuild(model.clone(), Box::new(|_| {})).await.unwrap();
    assert!(running.projections.compare(model).await.unwrap().is_none());
    world.end(running).await;
}

/// Begins a rebuild whose switch waits for a reader of the live tables.
async fn rebuild_behind_a_reader(
    world: &World,
    projections: &Arc<ProjectionRuntime>,
) -> (Transaction<'static, Postgres>, JoinHandle<Result<RebuildResult, RebuildError>>) {
    let mut reading = world.pool.begin().await.unwrap();
    sqlx::query("select count(*) from app.notes").fetch_one(&mut *reading).await.unwrap();
    let (projections, model) = (projections.clone(), projections.read_model("tally").unwrap());
    let rebuilding = tokio::spawn(async move { projections.rebuild(model, Box::new(|_| {})).await });
    (reading, rebuilding)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_in_the_middle_of_something_only_delays_the_switch() {
    let world = World::new().await;
    let running = world.start().await;
    let head = world.append(10).await;
    running.reached(head).await;
    let (mut reading, rebuilding) = rebuild_behind_a_reader(&world, &running.projections).await;
    // O9: the status names who delays the switch.
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *reading).await.unwrap();
    eventually("the rebuild waits for the reader", async || {
        let status = running.projections.status().await.unwrap().listeners.remove(0);
        let said = status.rebuild.and_then(|rebuild| rebuild.error).unwrap_or_default();
        said.starts_with("waits for readers: ") && said.contains(&format!("{pid} "))
    })
    .await;
    // Other readers do not wait behind the switch for long.
    let read = sqlx::query("select count(*) from app.notes").fetch_one(&world.pool);
    tokio::time::timeout(Duration::from_secs(2), read).await.unwrap().unwrap();
    reading.commit().await.unwrap();
    rebuilding.await.unwrap().unwrap();
    world.tally_is_exact().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_event_fails_the_rebuild_and_leaves_the_tables() {
    let world = World::new().await;
    let running = world.start().await;
    let head = world.append(5).await;
    running.reached(head).await;
    world.append_note("poison").await;
    let model = running.projections.read_model("tally").unwrap();
    let failed = running.projections.rebuild(model, Box::new(|_| {})).await;
    assert!(matches!(failed, Err(RebuildError::Poison { position: Position(6), .. })), "{failed:?}");
    let rows: i64 =
        sqlx::query_scalar("select count(*) from app.notes").fetch_one(&world.pool).await.unwrap();
    assert_eq!(rows, 5);
    let status = running.projections.status().await.unwrap().listeners.remove(0);
    assert_eq!(status.rebuild.unwrap().state, "failed");
    world.end(running).await;
}

/// Rebuilds only while its gate is open.
struct Gated {
    tally: Tally,
    open: watch::Receiver<bool>,
}

#[async_trait]
impl ReadModel for Gated {
    fn name(&self) -> &'static str {
        self.tally.name()
    }

    fn version(&self) -> i32 {
        self.tally.version()
    }

    fn tables(&self) -> &'static [&'static str] {
        self.tally.tables()
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        self.tally.handles(aggregate_type)
    }

    async fn apply(&self, rows: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        self.tally.apply(rows, events).await
    }

    async fn apply_in_rebuild(
        &self,
        rows: &mut PgConnection,
        events: &[RecordedEvent],
        _: Timestamp,
    ) -> Result<(), ApplyError> {
        self.open.clone().wait_for(|open| *open).await.unwrap();
        self.tally.apply(rows, events).await
    }
}

/// A deployment: the older process goes on applying until the newer one has switched.
#[tokio::test(flavor = "multi_thread")]
async fn the_tables_stay_fresh_while_a_newer_version_is_rebuilt_beside_them() {
    let world = World::new().await;
    let older = world.start().await;
    let head = world.append(100).await;
    older.reached(head).await;
    let (gate, open) = watch::channel(false);
    let mut parts = world.parts();
    parts.read_models = vec![Arc::new(Gated { tally: Tally::new(2), open })];
    let newer = world.start_with(parts, world.settings(), Roles::ALL).await;
    eventually("the newer version rebuilds", async || {
        let status = newer.projections.status().await.unwrap().listeners.remove(0);
        status.here == Some(LocalState::Rebuilding)
    })
    .await;
    for _ in 0..3 {
        let head = world.append(10).await;
        older.reached(head).await;
        world.tally_is_exact().await;
    }
    gate.send_replace(true);
    eventually("the newer version has switched", async || {
        newer.projections.status().await.unwrap().listeners[0].version == 2
    })
    .await;
    let head = world.append(10).await;
    newer.reached(head).await;
    versions(&world, &newer, 2).await;
    older.end().await;
    world.end(newer).await;
}

/// While a reader blocks the switch, the new tables follow the log, so that nothing is lost by waiting.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_any_length_does_not_throw_a_finished_rebuild_away() {
    let world = World::new().await;
    let running = world.start().await;
    let head = world.append(10).await;
    running.reached(head).await;
    let (reading, rebuilding) = rebuild_behind_a_reader(&world, &running.projections).await;
    for _ in 0..3 {
        let head = world.append(5).await;
        eventually("the new tables follow the log", async || {
            let rows = "select count(*) from next_tally.notes";
            let rows: Result<i64, _> = sqlx::query_scalar(rows).fetch_one(&world.pool).await;
            rows.is_ok_and(|rows| rows == head.to_bigint())
        })
        .await;
    }
    reading.commit().await.unwrap();
    rebuilding.await.unwrap().unwrap();
    world.tally_is_exact().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_a_killed_rebuild_are_deleted() {
    let world = World::new().await;
    let running = world.start().await;
    let head = world.append(10).await;
    running.reached(head).await;
    running.end().await;
    for schema in ["next_tally", "scratch_tally"] {
        let left = format!("create schema {schema}; create table {schema}.notes (note text)");
        sqlx::raw_sql(&left).execute(&world.pool).await.unwrap();
    }
    let running = world.start().await;
    eventually("what was left is deleted", async || {
        let left = "select count(*) = 0 from pg_namespace where nspname in ('next_tally', 'scratch_tally')";
        sqlx::query_scalar(left).fetch_one(&world.pool).await.unwrap()
    })
    .await;
    world.end(running).await;
}
