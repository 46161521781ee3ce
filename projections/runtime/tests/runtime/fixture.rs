//! A small log in a table, a read model that counts, a process manager, and a connection that can be cut.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::table_log::TableLog;
use async_trait::async_trait;
use domain::{Clock, Event, EventLog, Position, RecordedEvent, SystemClock};
use fixtures::{TestDatabase, environment_variable};
use jiff_sqlx::ToSqlx;
use projection_runtime::{
    ApplyError, Components, ProcessManager, ProjectionRuntime, ReadModel, Roles, RuntimeSettings,
    StreamSettings, TaskHandler,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection, PgExecutor, PgPool};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// A database and a stream of its own.
pub struct World {
    pub pool: PgPool,
    pub log: Arc<TableLog>,
    pub committed: watch::Sender<Position>,
    pub stream: StreamSettings,
    pub options: PgConnectOptions,
    name: String,
}

impl World {
    pub async fn new() -> Self {
        let TestDatabase { options, pool } =
            TestDatabase::create_with(PgPoolOptions::new().max_connections(20)).await;
        let name = options.get_database().unwrap().to_owned();
        pool.execute(include_str!("fixture.sql")).await.unwrap();
        let mut stream = StreamSettings::at(environment_variable("NATS_URL"));
        stream.name.clone_from(&name);
        stream.prefix.clone_from(&name);
        let log = Arc::new(TableLog { pool: pool.clone(), away: AtomicBool::new(false) });
        Self { pool, log, committed: watch::Sender::new(Position::START), stream, options, name }
    }

    /// Appends so many notes and announces the committed position.
    pub async fn append(&self, notes: u64) -> Position {
        let head = append(&self.pool, notes, "note").await;
        self.committed.send_replace(head);
        head
    }

    pub async fn append_note(&self, note: &str) -> Position {
        let head = append(&self.pool, 1, note).await;
        self.committed.send_replace(head);
        head
    }

    /// A connection outside of all pools.
    pub async fn apart(&self) -> PgConnection {
        PgConnection::connect_with(&self.options).await.unwrap()
    }

    pub async fn append_apart(&self, connection: &mut PgConnection, notes: u64) {
        let head = append(connection, notes, "note").await;
        self.committed.send_replace(head);
    }

    pub fn settings(&self) -> RuntimeSettings {
        RuntimeSettings {
            stream: Some(self.stream.clone()),
            poll_interval: Duration::from_millis(300),
            task_lease: Duration::from_millis(600),
            task_poll_interval: Duration::from_millis(200),
            drain_timeout: Duration::from_millis(200),
            ..RuntimeSettings::default()
        }
    }

    pub fn parts(&self) -> Components {
        Components {
            pool: self.pool.clone(),
            log: self.log.clone(),
            committed: self.committed.subscribe(),
            clock: Arc::new(SystemClock),
            read_models: vec![Arc::new(Tally::new(1))],
            process_managers: Vec::new(),
            task_handlers: Vec::new(),
        }
    }

    pub async fn start(&self) -> Running {
        self.start_with(self.parts(), self.settings(), Roles::ALL).await
    }

    pub async fn start_with(&self, parts: Components, settings: RuntimeSettings, roles: Roles) -> Running {
        let cancel = CancellationToken::new();
        let projections = ProjectionRuntime::start(parts, settings, roles, cancel.clone()).await.unwrap();
        Running { projections, cancel }
    }

    /// Starts everything in a separate async runtime, which [`Victim::kill`] ends in the middle.
    pub fn start_victim(
        &self,
        process_managers: Vec<Arc<dyn ProcessManager>>,
        task_handlers: Vec<Arc<dyn TaskHandler>>,
    ) -> Victim {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (options, committed, settings) =
            (self.options.clone(), self.committed.subscribe(), self.settings());
        runtime.spawn(async move {
            let pool = PgPoolOptions::new().max_connections(10).connect_with(options).await.unwrap();
            let log = Arc::new(TableLog { pool: pool.clone(), away: AtomicBool::new(false) });
            let parts = Components {
                pool,
                log,
                committed,
                clock: Arc::new(SystemClock),
                read_models: vec![Arc::new(Tally::new(1))],
                process_managers,
                task_handlers,
            };
            let running = ProjectionRuntime::start(parts, settings, Roles::ALL, CancellationToken::new())
                .await
                .unwrap();
            std::future::pending::<()>().await;
            drop(running);
        });
        Victim(Some(runtime))
    }

    pub async fn jetstream(&self) -> async_nats::jetstream::Context {
        async_nats::jetstream::new(projection_runtime::connect(&self.stream).await.unwrap())
    }

    /// Asserts that every note is counted exactly once.
    pub async fn tally_is_exact(&self) {
        let head = self.log.head().await.unwrap();
        let (rows, sum): (i64, i64) = sqlx::query_as(
            "select (select count(*) from app.notes), (select coalesce(sum(seen), 0)::bigint from app.tally)",
        )
        .fetch_one(&self.pool)
        .await
        .unwrap();
        assert_eq!((rows, sum), (head.to_bigint(), head.to_bigint()));
    }

    pub async fn end(self, running: Running) {
        running.end().await;
        self.drop_all().await;
    }

    /// Ends a world whose stream cannot be reached.
    pub async fn end_without_stream(self, running: Running) {
        running.end().await;
        self.drop_database().await;
    }

    pub async fn drop_all(self) {
        let _ = self.jetstream().await.delete_stream(&self.name).await;
        self.drop_database().await;
    }

    async fn drop_database(self) {
        self.pool.close().await;
        let mut admin = PgConnection::connect_with(&self.options.clone().database("postgres")).await.unwrap();
        let _ = admin.execute(format!("drop database {} with (force)", self.name).as_str()).await;
    }
}

pub struct Running {
    pub projections: Arc<ProjectionRuntime>,
    pub cancel: CancellationToken,
}

impl Running {
    pub async fn reached(&self, position: Position) {
        self.projections.wait_for("tally", position, Duration::from_secs(30)).await.unwrap();
    }

    pub async fn end(self) {
        self.cancel.cancel();
        tokio::time::timeout(Duration::from_secs(10), self.projections.wait_until_ended())
            .await
            .expect("the runtime stops on request");
    }
}

pub struct Victim(Option<tokio::runtime::Runtime>);

impl Victim {
    /// Ends the async runtime; for the database and NATS this looks like `kill -9`.
    pub fn kill(mut self) {
        self.0.take().unwrap().shutdown_background();
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

async fn append(db: impl PgExecutor<'_>, notes: u64, note: &str) -> Position {
    sqlx::query_scalar(include_str!("append.sql"))
        .bind(notes.cast_signed())
        .bind(note)
        .bind(SystemClock.now().to_sqlx())
        .fetch_one(db)
        .await
        .unwrap()
}

/// Counts notes per account, and stores each.
pub struct Tally {
    version: i32,
    name: &'static str,
}

impl Tally {
    pub fn new(version: i32) -> Self {
        Self { version, name: "tally" }
    }
}

#[async_trait]
impl ReadModel for Tally {
    fn name(&self) -> &'static str {
        self.name
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.tally", "app.notes"]
    }

    fn read_indexes(&self) -> &'static [&'static str] {
        &["notes (account)"]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == "CrmLink"
    }

    async fn apply(&self, rows: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let positions: Vec<i64> = events.iter().map(|event| event.position.to_bigint()).collect();
        let accounts: Vec<&str> = events.iter().map(|event| event.stream.aggregate_id.as_str()).collect();
        let notes: Vec<String> = events.iter().map(note_of).collect();
        assert!(!notes.iter().any(|note| note == "panic"), "told to");
        for note in &notes {
            let statements = match note.as_str() {
                "damaged" => "do $$ begin raise 'told to' using errcode = 'XX002'; end $$",
                "endless" => "set local statement_timeout = 20; select pg_sleep(600)",
                "slow" => "select pg_sleep(1)",
                _ => continue,
            };
            rows.execute(statements).await?;
        }
        sqlx::query(
            "insert into notes (position, account, note, version)
             select p, a, n, $4 from unnest($1::bigint[], $2::text[], $3::text[]) as t (p, a, n)",
        )
        .bind(&positions)
        .bind(&accounts)
        .bind(&notes)
        .bind(self.version)
        .execute(&mut *rows)
        .await?;
        sqlx::query(
            "insert into tally (account, seen)
             select a, count(*) from unnest($1::text[]) as t (a) group by a
             on conflict (account) do update set seen = tally.seen + excluded.seen",
        )
        .bind(&accounts)
        .execute(rows)
        .await?;
        Ok(())
    }
}

/// Text of a note, the only event of these tests.
pub fn note_of(event: &RecordedEvent) -> String {
    match &event.event {
        Event::CrmLink(domain::crm::CrmLinkEvent::CrmUserLinked { external_id }) => external_id.clone(),
        other => format!("{other:?}"),
    }
}
