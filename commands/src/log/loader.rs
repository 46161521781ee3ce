//! Streams loaded for commands: what waits at the same time goes into one query.

use std::sync::Arc;

use domain::StreamId;
use serde_json::Value;
use sqlx::{PgPool, Row};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::seal::{SealError, Sealer};
use super::subject_keys::KeyError;

/// At most this many streams are loaded by one query.
const BATCH_LIMIT: usize = 256;
/// So many queries may be under way at once.
const WORKERS: usize = 2;

/// A stream, and what of it is known already.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub stream: StreamId,
    /// Only events after this version are read.
    pub after_version: u64,
    /// A snapshot of this shape may stand for the events up to it; `None` reads events only.
    pub snapshot_version: Option<i32>,
}

/// The snapshot (if one was used) and the events after it, opened.
#[derive(Debug, Default)]
pub(crate) struct LoadedStream {
    pub snapshot: Option<LoadedSnapshot>,
    pub events: Vec<LoadedEvent>,
}

#[derive(Debug)]
pub(crate) struct LoadedSnapshot {
    pub version: u64,
    pub position: u64,
    pub state: Value,
}

#[derive(Debug)]
pub(crate) struct LoadedEvent {
    pub sequence: u64,
    pub position: u64,
    pub event_type: String,
    pub event_version: String,
    pub payload: Value,
}

/// Why a stream could not be loaded.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum LoadFailure {
    #[error("the log is not available: {0}")]
    Unavailable(String),
    #[error("the stream can not be read: {0}")]
    Unreadable(String),
}

type Answer = Result<LoadedStream, LoadFailure>;

/// Loads streams; waiting requests share queries.
pub(crate) struct Loader {
    waiting: mpsc::UnboundedSender<(Wanted, oneshot::Sender<Answer>)>,
}

impl Loader {
    /// Starts the workers; they end when the loader is dropped.
    pub fn start(pool: PgPool, sealer: Arc<Sealer>) -> Self {
        let (waiting, queue) = mpsc::unbounded_channel();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..WORKERS {
            let work = work(pool.clone(), Arc::clone(&sealer), Arc::clone(&queue));
            #[expect(clippy::disallowed_methods, reason = "a worker ends with the loader's channel")]
            tokio::spawn(work);
        }
        Self { waiting }
    }

    pub async fn load(&self, wanted: Wanted) -> Answer {
        let (answer, receiver) = oneshot::channel();
        let closed = || LoadFailure::Unavailable("the log is closing".to_owned());
        self.waiting.send((wanted, answer)).map_err(|_| closed())?;
        receiver.await.map_err(|_| closed())?
    }
}

type Queue = Mutex<mpsc::UnboundedReceiver<(Wanted, oneshot::Sender<Answer>)>>;

async fn work(pool: PgPool, sealer: Arc<Sealer>, queue: Arc<Queue>) {
    loop {
        let mut batch = Vec::new();
        if queue.lock().await.recv_many(&mut batch, BATCH_LIMIT).await == 0 {
            return;
        }
        let (wanted, answers): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        match load_all(&pool, &sealer, &wanted).await {
            Ok(streams) => {
                for (answer, stream) in answers.into_iter().zip(streams) {
                    let _ = answer.send(Ok(stream));
                }
            }
            // Which one is at fault shows when each is loaded alone.
            Err(LoadFailure::Unreadable(_)) if wanted.len() > 1 => {
                for (answer, wanted) in answers.into_iter().zip(&wanted) {
                    let alone = load_all(&pool, &sealer, std::slice::from_ref(wanted)).await;
                    let _ = answer.send(alone.map(|mut streams| streams.remove(0)));
                }
            }
            Err(failure) => {
                for answer in answers {
                    let _ = answer.send(Err(failure.clone()));
                }
            }
        }
    }
}

/// One query, one opening of what is personal, for all of them.
async fn load_all(
    pool: &PgPool,
    sealer: &Sealer,
    wanted: &[Wanted],
) -> Result<Vec<LoadedStream>, LoadFailure> {
    let mut streams =
        select(pool, wanted).await.map_err(|error| LoadFailure::Unavailable(error.to_string()))?;
    let mut trees: Vec<&mut Value> = Vec::new();
    for stream in &mut streams {
        trees.extend(stream.snapshot.as_mut().map(|snapshot| &mut snapshot.state));
        trees.extend(stream.events.iter_mut().map(|event| &mut event.payload));
    }
    sealer.open(&mut trees).await.map_err(|error| match error {
        SealError::Key(KeyError::Database(error)) => LoadFailure::Unavailable(error.to_string()),
        error => LoadFailure::Unreadable(error.to_string()),
    })?;
    Ok(streams)
}

async fn select(pool: &PgPool, wanted: &[Wanted]) -> Result<Vec<LoadedStream>, sqlx::Error> {
    let types: Vec<&str> = wanted.iter().map(|w| w.stream.aggregate_type.as_str()).collect();
    let ids: Vec<&str> = wanted.iter().map(|w| w.stream.aggregate_id.as_str()).collect();
    let after: Vec<i64> = wanted.iter().map(|w| w.after_version as i64).collect();
    let snapshots: Vec<Option<i32>> = wanted.iter().map(|w| w.snapshot_version).collect();
    let rows = sqlx::query(include_str!("load.sql"))
        .bind(types)
        .bind(ids)
        .bind(after)
        .bind(snapshots)
        .fetch_all(pool)
        .await?;
    let mut streams: Vec<LoadedStream> = wanted.iter().map(|_| LoadedStream::default()).collect();
    for row in rows {
        let stream = &mut streams[row.try_get::<i64, _>("ord")? as usize - 1];
        let sequence = row.try_get::<i64, _>("sequence")? as u64;
        let position = row.try_get::<i64, _>("position")? as u64;
        let body: Value = row.try_get("body")?;
        match row.try_get::<Option<String>, _>("event_type")? {
            None => stream.snapshot = Some(LoadedSnapshot { version: sequence, position, state: body }),
            Some(event_type) => stream.events.push(LoadedEvent {
                sequence,
                position,
                event_type,
                event_version: row.try_get("event_version")?,
                payload: body,
            }),
        }
    }
    Ok(streams)
}
