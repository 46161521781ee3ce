//! The log, read and opened once for all tables that are filled from it.

use std::sync::Arc;

use domain::{EventLog, LogError};
use futures::future::join_all;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::BATCH_EVENTS;
use crate::error::error_chain;
use crate::stream::{BatchReader, EventBatch, EventFilter};

/// What everybody is given; `None` at the end of the log.
type ReadResult = Result<Option<Arc<EventBatch>>, LogError>;

/// One listener's part in a reading.
pub(super) struct BatchReceiver {
    received: mpsc::Receiver<ReadResult>,
    log: Arc<dyn EventLog>,
    filter: EventFilter,
    /// Ends with the last of them.
    _reader: Arc<JoinSet<()>>,
}

/// Reads the log behind `after` once, for all of these. The slowest sets the pace, so that little of it is in memory.
pub(super) fn read_shared(
    log: &Arc<dyn EventLog>,
    after: u64,
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
    mut after: u64,
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
        let is_short = batch.last - after < BATCH_EVENTS as u64;
        after = batch.last;
        if let Some((position, _)) = batch.poison {
            // It stops those whom it concerns; the others go on behind it.
            filter = filter.excluding(position);
            batch_reader = BatchReader::new(log.clone(), filter.clone(), after, BATCH_EVENTS);
        } else if is_short {
            send_all(&mut senders, || Ok(None)).await;
            return;
        }
    }
}

/// Keeps those who are still there.
async fn send_all(senders: &mut Vec<mpsc::Sender<ReadResult>>, what: impl Fn() -> ReadResult) {
    let sent = join_all(senders.iter().map(|sender| sender.send(what()))).await;
    let mut sent = sent.iter().map(Result::is_ok);
    senders.retain(|_| sent.next().unwrap_or(false));
}

impl BatchReceiver {
    /// What of the next piece is this listener's; `None` at the end of the log.
    pub(super) async fn next_batch(&mut self) -> Result<Option<EventBatch>, LogError> {
        let received = self.received.recv().await;
        match received.unwrap_or_else(|| Err(LogError::Unavailable("the reading broke off".into())))? {
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

    async fn matches(&self, position: u64) -> Result<bool, LogError> {
        let found = self.log.read(position - 1, 1).await?;
        Ok(found.iter().any(|event| self.filter.matches(&event.stream, event.position)))
    }
}
