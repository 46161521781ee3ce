//! How far a rebuild is, here and for other processes.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};
use tokio::time::{Instant, timeout};

/// How far a rebuild is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RebuildProgress {
    pub position: u64,
    /// End of the log when it was last looked at.
    pub head: u64,
}

/// Is told now and then how far a rebuild is.
pub type OnProgress = Box<dyn Fn(RebuildProgress) + Send + Sync>;

/// How far one of several rebuilds is, of which the last is told.
pub(super) struct ProgressReporter {
    all: Arc<(OnProgress, Mutex<Vec<u64>>)>,
    own: usize,
}

impl ProgressReporter {
    pub(super) fn split(progress: OnProgress, count: usize) -> Vec<Self> {
        let all = Arc::new((progress, Mutex::new(vec![0; count])));
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

    /// Nobody waits for this one any more.
    pub(super) fn finish(&self) {
        self.all.1.lock().expect("no holder of this lock panics")[self.own] = u64::MAX;
    }
}

/// A rebuild as other processes see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RebuildState {
    pub version: i32,
    pub position: u64,
    pub head: u64,
    /// `running`, `done`, `failed`; `interrupted` when nobody has said anything for long.
    pub state: String,
    pub error: Option<String>,
    pub started_at: Timestamp,
    pub updated_at: Timestamp,
}

const WRITE_INTERVAL: Duration = Duration::from_millis(500);
/// Without a word for so long, a running rebuild was cut off.
const INTERRUPTED_AFTER_SECONDS: f64 = 15.0;

pub(super) struct RebuildRecord {
    name: &'static str,
    version: i32,
    progress: RebuildProgress,
    written_at: Option<Instant>,
}

impl RebuildRecord {
    pub(super) fn new(name: &'static str, version: i32) -> Self {
        Self { name, version, progress: RebuildProgress { position: 0, head: 0 }, written_at: None }
    }

    pub(super) async fn start(&mut self, pool: &PgPool, head: u64) -> Result<(), sqlx::Error> {
        self.progress.head = head;
        tracing::info!(name = self.name, version = self.version, head, "a rebuild begins");
        sqlx::query(
            "insert into projection.rebuilds (name, version, head, state) values ($1, $2, $3, 'running')
             on conflict (name) do update
             set version = excluded.version, position = 0, head = excluded.head, state = 'running',
                 error = null, started_at = now(), updated_at = now()",
        )
        .bind(self.name)
        .bind(self.version)
        .bind(head.cast_signed())
        .execute(pool)
        .await
        .map(|_| ())
    }

    /// Notes the position, and writes it down now and then.
    pub(super) async fn advance(&mut self, pool: &PgPool, position: u64) -> RebuildProgress {
        self.progress = RebuildProgress { position, head: self.progress.head.max(position) };
        metrics::gauge!("kafedra_rebuild_position", "name" => self.name).set(position as f64);
        if self.written_at.is_none_or(|at| at.elapsed() >= WRITE_INTERVAL) {
            self.written_at = Some(Instant::now());
            self.write(pool, "running", None).await;
        }
        self.progress
    }

    /// Work in which no position is reached: says now and then that it goes on.
    pub(super) async fn keep_alive<T>(&self, pool: &PgPool, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            match timeout(WRITE_INTERVAL * 4, &mut work).await {
                Ok(done) => return done,
                Err(_) => self.write(pool, "running", None).await,
            }
        }
    }

    pub(super) async fn finish(&self, pool: &PgPool, error: Option<String>) {
        match error {
            None => {
                tracing::info!(name = self.name, position = self.progress.position, "a rebuild is done");
                self.write(pool, "done", None).await;
            }
            Some(error) => {
                tracing::error!(name = self.name, error, "a rebuild failed");
                self.write(pool, "failed", Some(&error)).await;
            }
        }
    }

    async fn write(&self, pool: &PgPool, state: &str, error: Option<&str>) {
        let written = sqlx::query(
            "update projection.rebuilds
             set position = $2, head = $3, state = $4, error = $5, updated_at = now()
             where name = $1",
        )
        .bind(self.name)
        .bind(self.progress.position.cast_signed())
        .bind(self.progress.head.cast_signed())
        .bind(state)
        .bind(error)
        .execute(pool)
        .await;
        if let Err(error) = written {
            tracing::debug!(%error, "the progress of a rebuild is not written down");
        }
    }
}

/// The last rebuild of a model, if there was any.
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
            position: row.try_get::<i64, _>("position")?.cast_unsigned(),
            head: row.try_get::<i64, _>("head")?.cast_unsigned(),
            state: row.try_get("state")?,
            error: row.try_get("error")?,
            started_at: row.try_get::<jiff_sqlx::Timestamp, _>("started_at")?.to_jiff(),
            updated_at: row.try_get::<jiff_sqlx::Timestamp, _>("updated_at")?.to_jiff(),
        })
    })
    .transpose()
}
