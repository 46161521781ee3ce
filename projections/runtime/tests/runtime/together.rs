//! Several read models from one read of the log: each has the same result as alone.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use domain::{Position, RecordedEvent};
use projection_runtime::{ApplyError, ReadModel, RebuildError, rebuild, rebuild_all};
use sqlx::PgConnection;

use crate::fixture::{Tally, World};

/// Stores the positions of handled events in a table of its own.
struct Positions {
    name: &'static str,
    tables: &'static [&'static str],
    handles: &'static [&'static str],
    /// Seconds that the first summing up takes.
    sums_for_seconds: AtomicU64,
}

impl Positions {
    async fn of_accounts(world: &World) -> Arc<Self> {
        Self::new("of_accounts", &["app.of_accounts"], &["Account"], world).await
    }

    async fn of_all(world: &World) -> Arc<Self> {
        Self::new("of_all", &["app.of_all"], &["Account", "CrmLink"], world).await
    }

    async fn new(
        name: &'static str,
        tables: &'static [&'static str],
        handles: &'static [&'static str],
        world: &World,
    ) -> Arc<Self> {
        let sql = format!("create table app.{name} (position bigint primary key)");
        sqlx::query(&sql).execute(&world.pool).await.unwrap();
        Arc::new(Self { name, tables, handles, sums_for_seconds: AtomicU64::new(0) })
    }

    async fn kept(&self, world: &World) -> Vec<i64> {
        let sql = format!("select position from app.{} order by position", self.name);
        sqlx::query_scalar(&sql).fetch_all(&world.pool).await.unwrap()
    }
}

#[async_trait]
impl ReadModel for Positions {
    fn name(&self) -> &'static str {
        self.name
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        self.tables
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        self.handles.contains(&aggregate_type)
    }

    async fn apply(&self, rows: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let positions: Vec<i64> = events.iter().map(|event| event.position.to_bigint()).collect();
        let sql = format!("insert into {} select unnest($1::bigint[])", self.name);
        sqlx::query(&sql).bind(positions).execute(rows).await?;
        Ok(())
    }

    async fn refresh_aggregates(&self, rows: &mut PgConnection) -> Result<(), ApplyError> {
        let seconds = self.sums_for_seconds.swap(0, Ordering::Relaxed);
        sqlx::query("select pg_sleep($1)").bind(seconds as f64).execute(rows).await?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_model_gets_its_own_events_and_all_of_them() {
    let world = World::new().await;
    let (accounts, all) = (Positions::of_accounts(&world).await, Positions::of_all(&world).await);
    world.append(2_500).await;
    world.append_note("foreign").await;
    // The end of the log is the end of a piece.
    let head = world.append(5_499).await;
    assert_eq!(head, Position(8_000));
    let shown = Arc::new(AtomicU64::new(0));
    let last = shown.clone();
    let models: Vec<Arc<dyn ReadModel>> = vec![Arc::new(Tally::new(1)), accounts.clone(), all.clone()];
    let progress = Box::new(move |at: projection_runtime::RebuildProgress| {
        last.fetch_max(at.position.0, Ordering::Relaxed);
    });
    let ended = rebuild_all(&world.pool, world.log.clone(), models, progress).await;
    let names: Vec<_> = ended.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["tally", "of_accounts", "of_all"]);
    for (name, ended) in ended {
        assert_eq!(ended.unwrap().position, head, "{name}");
    }
    assert_eq!(shown.load(Ordering::Relaxed), head.0);
    assert_eq!(accounts.kept(&world).await, [2_501]);
    assert_eq!(all.kept(&world).await, (1..=8_000).collect::<Vec<_>>());
    let notes: i64 =
        sqlx::query_scalar("select count(*) from app.notes").fetch_one(&world.pool).await.unwrap();
    assert_eq!(notes, 7_999);
    world.drop_all().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_cannot_be_read_stops_only_those_whom_it_concerns() {
    let world = World::new().await;
    let (accounts, all) = (Positions::of_accounts(&world).await, Positions::of_all(&world).await);
    world.append(1_200).await;
    let broken = world.append_note("broken").await;
    world.append(9_000).await;
    let head = world.append_note("foreign").await;
    sqlx::query(
        "insert into projection.skips (name, position, actor, reason) values ('of_all', $1, 'admin', 'told')",
    )
    .bind(broken)
    .execute(&world.pool)
    .await
    .unwrap();
    let models: Vec<Arc<dyn ReadModel>> = vec![Arc::new(Tally::new(1)), accounts.clone(), all.clone()];
    let mut ended = rebuild_all(&world.pool, world.log.clone(), models, Box::new(|_| {})).await.into_iter();
    let (_, tally) = ended.next().unwrap();
    assert!(matches!(tally, Err(RebuildError::Poison { position, .. }) if position == broken), "{tally:?}");
    for (name, ended) in ended {
        assert_eq!(ended.unwrap().position, head, "{name}");
    }
    assert_eq!(accounts.kept(&world).await, [head.to_bigint()]);
    let but_one = (1..=head.to_bigint()).filter(|position| *position != broken.to_bigint());
    assert_eq!(all.kept(&world).await, but_one.collect::<Vec<_>>());
    world.drop_all().await;
}

/// Indexes for queries exist again after every rebuild.
#[tokio::test(flavor = "multi_thread")]
async fn indexes_for_readers_are_there_after_a_rebuild() {
    let world = World::new().await;
    world.append(10).await;
    let indexes = async || -> Vec<String> {
        let sql = "select regexp_replace(indexdef, '^CREATE (UNIQUE )?INDEX [^ ]+ ', '\\1') from pg_indexes
                   where schemaname = 'app' and tablename in ('notes', 'tally') order by 1";
        sqlx::query_scalar(sql).fetch_all(&world.pool).await.unwrap()
    };
    let before = indexes().await;
    assert!(before.iter().any(|index| index.ends_with("(account)") && index.contains("notes")), "{before:?}");
    for _ in 0..3 {
        let models: Vec<Arc<dyn ReadModel>> = vec![Arc::new(Tally::new(1))];
        let ended = rebuild_all(&world.pool, world.log.clone(), models, Box::new(|_| {})).await;
        ended.into_iter().for_each(|(_, ended)| assert!(ended.is_ok()));
        assert_eq!(indexes().await, before);
    }
    world.drop_all().await;
}

/// Without a sign of life the rebuild would look interrupted.
#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_says_that_it_goes_on_while_it_sums_up() {
    let world = World::new().await;
    let all = Positions::of_all(&world).await;
    all.sums_for_seconds.store(5, Ordering::Relaxed);
    world.append(10).await;
    let (pool, log) = (world.pool.clone(), world.log.clone());
    let rebuilding = tokio::spawn(async move { rebuild(&pool, log, all, Box::new(|_| {})).await });
    let mut said = BTreeSet::new();
    while !rebuilding.is_finished() {
        let at = sqlx::query_scalar::<_, String>(
            "select updated_at::text from projection.rebuilds where state = 'running'",
        );
        said.extend(at.fetch_optional(&world.pool).await.unwrap());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    rebuilding.await.unwrap().unwrap();
    // At the beginning or at the last position, and twice in five seconds.
    assert!(said.len() >= 3, "{said:?}");
    world.drop_all().await;
}
