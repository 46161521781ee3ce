//! Reads and decrypts the log once for all models that are rebuilt from it.

use std::sync::Arc;

use domain::{EventLog, LogError, Position};
use futures::future::join_all;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::BATCH_EVENTS;
use crate::error::error_chain;
use crate::stream::{BatchReader, EventBatch, EventFilter};

/// A batch for all receivers; `None` at the end of the log.
type ReadResult = Result<Option<Arc<EventBatch>>, LogError>;

/// Receiver of one model in a shared pass over the log.
pub(super) struct BatchReceiver {
    received: mpsc::Receiver<ReadResult>,
    log: Arc<dyn EventLog>,
    filter: EventFilter,
    /// The reading task; it ends with the last receiver.
    _reader: Arc<JoinSet<()>>,
}

/// Reads the events after `after` once. Returns one receiver per filter.
///
/// The slowest receiver sets the pace, so that few batches are in memory.
pub(super) fn read_shared(
    log: &Arc<dyn EventLog>,
    after: Position,
    filters: Vec<EventFilter>,
) -> Vec<BatchReceiver> {
    let (senders, received): (Vec<_>, Vec<_>) = filters.iter().map(|_| mpsc::channel(1)).unzip();
    let mut reader = JoinSet::new();
    reader.spawn(run_reader(log.clone(), after, EventFilter::union(&filters), senders));
    let reader = Arc::new(reader);
    let to_receiver =
        |(received, filter)| BatchReceiver { received, log: log.clone(), filter, _reader: reader.clone() };
    received.into_iter().zip(filters).map(to_receiver).collect()
}

async fn run_reader(
    log: Arc<dyn EventLog>,
    mut after: Position,
    mut filter: EventFilter,
    mut senders: Vec<mpsc::Sender<ReadResult>>,
) {
    let mut batch_reader = BatchReader::new(log.clone(), filter.clone(), after, BATCH_EVENTS);
    while !senders.is_empty() {
        let batch = match batch_reader.next_batch().await {
            Ok(Some(batch)) => Arc::new(batch),
            Ok(None) => {
                send_all(&mut senders, || Ok(None)).await;
                return;
            }
            Err(error) => {
                send_all(&mut senders, || Err(LogError::Unavailable(error_chain(&error).into()))).await;
                return;
            }
        };
        send_all(&mut senders, || Ok(Some(batch.clone()))).await;
        let is_short = batch.last.since(after) < BATCH_EVENTS as u64;
        after = batch.last;
        if let Some((position, _)) = batch.poison {
            // The poison event stops the models that handle it. The others continue after it.
            filter = filter.excluding(position);
            batch_reader = BatchReader::new(log.clone(), filter.clone(), after, BATCH_EVENTS);
        } else if is_short {
            send_all(&mut senders, || Ok(None)).await;
            return;
        }
    }
}

/// Sends a result to all receivers, and drops the senders whose receiver has ended.
async fn send_all(senders: &mut Vec<mpsc::Sender<ReadResult>>, what: impl Fn() -> ReadResult) {
    let sent = join_all(senders.iter().map(|sender| sender.send(what()))).await;
    let mut sent = sent.iter().map(Result::is_ok);
    senders.retain(|_| sent.next().unwrap_or(false));
}

impl BatchReceiver {
    /// Returns the events of the next batch that this model handles; `None` at the end of the log.
    ///
    /// # Errors
    /// [`LogError::Unavailable`] if the log cannot be read or the reading task has ended.
    pub(super) async fn next_batch(&mut self) -> Result<Option<EventBatch>, LogError> {
        let received = self.received.recv().await;
        match received.unwrap_or_else(|| Err(LogError::Unavailable("the shared reader has ended".into())))? {
            Some(batch) => self.select_own(&batch).await.map(Some),
            None => Ok(None),
        }
    }

    async fn select_own(&self, batch: &EventBatch) -> Result<EventBatch, LogError> {
        let poison = match &batch.poison {
            Some((position, _)) if !self.matches(*position).await? => None,
            poison => poison.clone(),
        };
        let wanted = batch.events.iter().filter(|event| self.filter.matches(&event.stream, event.position));
        Ok(EventBatch {
            after: batch.after,
            last: batch.last,
            last_recorded_at: batch.last_recorded_at,
            events: wanted.cloned().collect(),
            poison,
        })
    }

    async fn matches(&self, position: Position) -> Result<bool, LogError> {
        let found = self.log.read(position.previous(), 1).await?;
        Ok(found.iter().any(|event| self.filter.matches(&event.stream, event.position)))
    }
}
