//! Progress of a rebuild, in this OS process and stored for other OS processes.

use domain::Position;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};
use tokio::time::{Instant, timeout};

/// Progress of a rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RebuildProgress {
    /// Position of the last applied event.
    pub position: Position,
    /// Position of the last event of the log, as of the last look.
    pub head: Position,
}

/// Callback for the progress of a rebuild.
pub type OnProgress = Box<dyn Fn(RebuildProgress) + Send + Sync>;

/// Reporter of one of several rebuilds. The callback gets the progress of the slowest.
pub(super) struct ProgressReporter {
    all: Arc<(OnProgress, Mutex<Vec<Position>>)>,
    own: usize,
}

impl ProgressReporter {
    /// Returns `count` reporters that share one callback.
    pub(super) fn split(progress: OnProgress, count: usize) -> Vec<Self> {
        let all = Arc::new((progress, Mutex::new(vec![Position::START; count])));
        (0..count).map(|own| Self { all: all.clone(), own }).collect()
    }

    pub(super) fn report(&self, progress: RebuildProgress) {
        let (on_progress, positions) = &*self.all;
        let last = {
            let mut positions = positions.lock().expect("no holder of this lock panics");
            positions[self.own] = progress.position;
            positions.iter().copied().min().unwrap_or(progress.position)
        };
        on_progress(RebuildProgress { position: last.min(progress.head), head: progress.head });
    }

    /// Excludes this rebuild from the progress of the slowest.
    pub(super) fn finish(&self) {
        self.all.1.lock().expect("no holder of this lock panics")[self.own] = Position::MAX;
    }
}

/// State of a rebuild, as other OS processes see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RebuildState {
    pub version: i32,
    pub position: Position,
    pub head: Position,
    /// `running`, `done` or `failed`; `interrupted` if a running rebuild has written no progress for 15 s.
    pub state: String,
    /// Failure, or the readers whose open transactions delay the switch of a running rebuild.
    pub error: Option<String>,
    pub started_at: Timestamp,
    pub updated_at: Timestamp,
}

const WRITE_INTERVAL: Duration = Duration::from_millis(500);
/// Time without written progress after which a running rebuild counts as interrupted, in seconds.
const INTERRUPTED_AFTER_SECONDS: f64 = 15.0;

/// The row of a rebuild in `projection.rebuilds`.
pub(super) struct RebuildRecord {
    name: &'static str,
    version: i32,
    progress: RebuildProgress,
    written_at: Option<Instant>,
    /// The readers that were logged last.
    readers: String,
}

impl RebuildRecord {
    pub(super) fn new(name: &'static str, version: i32) -> Self {
        Self {
            name,
            version,
            progress: RebuildProgress { position: Position::START, head: Position::START },
            written_at: None,
            readers: String::new(),
        }
    }

    pub(super) async fn start(&mut self, pool: &PgPool, head: Position) -> Result<(), sqlx::Error> {
        self.progress.head = head;
        tracing::info!(name = self.name, version = self.version, head = head.0, "rebuild started");
        sqlx::query!(
            "insert into projection.rebuilds (name, version, head, state) values ($1, $2, $3, 'running')
             on conflict (name) do update
             set version = excluded.version, position = 0, head = excluded.head, state = 'running',
                 error = null, started_at = now(), updated_at = now()",
            self.name,
            self.version,
            head.to_bigint(),
        )
        .execute(pool)
        .await
        .map(|_| ())
    }

    /// Sets the position, and stores it at most every [`WRITE_INTERVAL`].
    pub(super) async fn advance(&mut self, pool: &PgPool, position: Position) -> RebuildProgress {
        self.progress = RebuildProgress { position, head: self.progress.head.max(position) };
        metrics::gauge!("kafedra_rebuild_position", "name" => self.name).set(position.0 as f64);
        if self.written_at.is_none_or(|at| at.elapsed() >= WRITE_INTERVAL) {
            self.written_at = Some(Instant::now());
            self.write(pool, "running", None).await;
        }
        self.progress
    }

    /// Runs work that reaches no new position. Stores every two seconds that the rebuild is still running.
    pub(super) async fn keep_alive<T>(&self, pool: &PgPool, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            match timeout(WRITE_INTERVAL * 4, &mut work).await {
                Ok(done) => return done,
                Err(_) => self.write(pool, "running", None).await,
            }
        }
    }

    /// Stores which readers delay the switch of tables, and logs them once.
    pub(super) async fn wait_for(&mut self, pool: &PgPool, readers: &str) {
        if self.readers != readers {
            tracing::warn!(name = self.name, readers, "readers delay the switch of tables");
            readers.clone_into(&mut self.readers);
        }
        self.write(pool, "running", Some(&format!("waits for readers: {readers}"))).await;
    }

    pub(super) async fn finish(&self, pool: &PgPool, error: Option<String>) {
        match error {
            None => {
                tracing::info!(name = self.name, position = self.progress.position.0, "rebuild done");
                self.write(pool, "done", None).await;
            }
            Some(error) => {
                tracing::error!(name = self.name, error, "rebuild failed");
                self.write(pool, "failed", Some(&error)).await;
            }
        }
    }

    async fn write(&self, pool: &PgPool, state: &str, error: Option<&str>) {
        let written = sqlx::query!(
            "update projection.rebuilds
             set position = $2, head = $3, state = $4, error = $5, updated_at = now()
             where name = $1",
            self.name,
            self.progress.position.to_bigint(),
            self.progress.head.to_bigint(),
            state,
            error,
        )
        .execute(pool)
        .await;
        if let Err(error) = written {
            tracing::debug!(%error, "cannot write the progress of a rebuild");
        }
    }
}

/// Loads the last rebuild of a model. Returns `None` if there was none.
pub(crate) async fn load_rebuild_state(
    pool: &PgPool,
    name: &str,
) -> Result<Option<RebuildState>, sqlx::Error> {
    let row = sqlx::query(
        "select version, position, head, error, started_at, updated_at,
                case when state = 'running' and extract(epoch from now() - updated_at)::float8 > $2
                     then 'interrupted' else state end as state
         from projection.rebuilds
         where name = $1",
    )
    .bind(name)
    .bind(INTERRUPTED_AFTER_SECONDS)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(RebuildState {
            version: row.try_get("version")?,
            position: row.try_get("position")?,
            head: row.try_get("head")?,
            state: row.try_get("state")?,
            error: row.try_get("error")?,
            started_at: row.try_get::<jiff_sqlx::Timestamp, _>("started_at")?.to_jiff(),
            updated_at: row.try_get::<jiff_sqlx::Timestamp, _>("updated_at")?.to_jiff(),
        })
    })
    .transpose()
}
