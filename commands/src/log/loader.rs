//! Loads streams for commands; requests that wait at the same time share one query.

use std::sync::Arc;

use domain::{Position, StreamId, StreamVersion};
use serde_json::Value;
use sqlx::{PgPool, Row};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::seal::{SealError, Sealer};
use super::subject_keys::KeyError;
use crate::database_pool::deadline;
use crate::supervise::supervise;

/// Maximum number of streams that one query loads.
const BATCH_LIMIT: usize = 256;
/// Number of queries that may run at once.
const WORKERS: usize = 2;

/// A stream to load, and the version that the caller already has.
#[derive(Clone, Debug)]
pub(crate) struct LoadRequest {
    pub stream: StreamId,
    /// Only events after this stream version are read; 0 reads from the first.
    pub after_version: StreamVersion,
    /// A snapshot of this format may replace the events up to it. `None` reads events only.
    pub snapshot_version: Option<i32>,
}

/// The snapshot (if one was used) and the events after it, decrypted.
#[derive(Debug, Default)]
pub(crate) struct LoadedStream {
    pub snapshot: Option<LoadedSnapshot>,
    pub events: Vec<LoadedEvent>,
}

#[derive(Debug)]
pub(crate) struct LoadedSnapshot {
    pub version: StreamVersion,
    pub position: Position,
    pub state: Value,
}

#[derive(Debug)]
pub(crate) struct LoadedEvent {
    pub sequence: StreamVersion,
    pub position: Position,
    pub event_type: String,
    pub event_version: String,
    pub payload: Value,
}

/// Reason why a stream could not be loaded.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("the log is not available: {0}")]
    Unavailable(String),
    #[error("the stream cannot be read: {0}")]
    Unreadable(String),
}

type LoadResult = Result<LoadedStream, LoadError>;

/// Loads streams; waiting requests share queries.
pub(crate) struct Loader {
    sender: mpsc::UnboundedSender<(LoadRequest, oneshot::Sender<LoadResult>)>,
}

impl Loader {
    /// Starts the workers. They end when the loader is dropped.
    pub fn start(pool: PgPool, sealer: Arc<Sealer>) -> Self {
        let (sender, queue) = mpsc::unbounded_channel();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..WORKERS {
            let (pool, sealer, queue) = (pool.clone(), Arc::clone(&sealer), Arc::clone(&queue));
            #[expect(clippy::disallowed_methods, reason = "a worker ends with the loader's channel")]
            tokio::spawn(async move { supervise("loader", || run_worker(&pool, &sealer, &queue)).await });
        }
        Self { sender }
    }

    /// Loads one stream.
    ///
    /// # Errors
    /// [`LoadError::Unavailable`] if the database fails or the loader is closing.
    /// [`LoadError::Unreadable`] if a payload cannot be decrypted.
    pub async fn load(&self, request: LoadRequest) -> LoadResult {
        let (reply, receiver) = oneshot::channel();
        let closed = || LoadError::Unavailable("the log is closing".to_owned());
        self.sender.send((request, reply)).map_err(|_| closed())?;
        receiver.await.map_err(|_| closed())?
    }
}

type LoadQueue = Mutex<mpsc::UnboundedReceiver<(LoadRequest, oneshot::Sender<LoadResult>)>>;

async fn run_worker(pool: &PgPool, sealer: &Sealer, queue: &LoadQueue) {
    loop {
        let mut batch = Vec::new();
        if queue.lock().await.recv_many(&mut batch, BATCH_LIMIT).await == 0 {
            return;
        }
        let (requests, replies): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        match load_all(pool, sealer, &requests).await {
            Ok(streams) => {
                for (reply, stream) in replies.into_iter().zip(streams) {
                    let _ = reply.send(Ok(stream));
                }
            }
            // One request of the batch is unreadable: load each alone to find it.
            Err(LoadError::Unreadable(_)) if requests.len() > 1 => {
                for (reply, request) in replies.into_iter().zip(&requests) {
                    let alone = load_all(pool, sealer, std::slice::from_ref(request)).await;
                    let _ = reply.send(alone.map(|mut streams| streams.remove(0)));
                }
            }
            Err(failure) => {
                for reply in replies {
                    let _ = reply.send(Err(failure.clone()));
                }
            }
        }
    }
}

/// Loads all requests with one query, and decrypts all payloads in one pass.
async fn load_all(
    pool: &PgPool,
    sealer: &Sealer,
    requests: &[LoadRequest],
) -> Result<Vec<LoadedStream>, LoadError> {
    let mut streams =
        select_streams(pool, requests).await.map_err(|error| LoadError::Unavailable(error.to_string()))?;
    let mut trees: Vec<&mut Value> = Vec::new();
    for stream in &mut streams {
        trees.extend(stream.snapshot.as_mut().map(|snapshot| &mut snapshot.state));
        trees.extend(stream.events.iter_mut().map(|event| &mut event.payload));
    }
    sealer.decrypt(&mut trees).await.map_err(|error| match error {
        SealError::Key(KeyError::Database(error)) => LoadError::Unavailable(error.to_string()),
        error => LoadError::Unreadable(error.to_string()),
    })?;
    Ok(streams)
}

async fn select_streams(pool: &PgPool, requests: &[LoadRequest]) -> Result<Vec<LoadedStream>, sqlx::Error> {
    let types: Vec<&str> = requests.iter().map(|request| request.stream.aggregate_type.as_str()).collect();
    let ids: Vec<&str> = requests.iter().map(|request| request.stream.aggregate_id.as_str()).collect();
    let after: Vec<i64> = requests.iter().map(|request| request.after_version.to_bigint()).collect();
    let snapshots: Vec<Option<i32>> = requests.iter().map(|request| request.snapshot_version).collect();
    let query = sqlx::query(include_str!("load.sql")).bind(types).bind(ids).bind(after).bind(snapshots);
    let rows = deadline(query.fetch_all(pool)).await?;
    let mut streams: Vec<LoadedStream> = requests.iter().map(|_| LoadedStream::default()).collect();
    for row in rows {
        let stream = &mut streams[row.try_get::<i64, _>("ord")? as usize - 1];
        let sequence = row.try_get("sequence")?;
        let position = row.try_get("position")?;
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
