//! The log, read and opened once for all tables that are filled from it.

use std::sync::Arc;

use domain::{EventLog, LogError};
use futures::future::join_all;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::BATCH;
use crate::stream::{Batch, Bulk, Filter, error_chain};

/// What everybody is given; `None` at the end of the log.
type Given = Result<Option<Arc<Batch>>, LogError>;

/// One listener's part in a reading.
pub(super) struct Pieces {
    given: mpsc::Receiver<Given>,
    log: Arc<dyn EventLog>,
    filter: Filter,
    /// Ends with the last of them.
    _reading: Arc<JoinSet<()>>,
}

/// Reads the log behind `after` once, for all of these. The slowest sets the pace, so that little of it is in memory.
pub(super) fn read_for(log: &Arc<dyn EventLog>, after: u64, filters: Vec<Filter>) -> Vec<Pieces> {
    let (takers, given): (Vec<_>, Vec<_>) = filters.iter().map(|_| mpsc::channel(1)).unzip();
    let mut reading = JoinSet::new();
    reading.spawn(read(log.clone(), after, Filter::of_any(&filters), takers));
    let reading = Arc::new(reading);
    let part = |(given, filter)| Pieces { given, log: log.clone(), filter, _reading: reading.clone() };
    given.into_iter().zip(filters).map(part).collect()
}

async fn read(
    log: Arc<dyn EventLog>,
    mut after: u64,
    mut filter: Filter,
    mut takers: Vec<mpsc::Sender<Given>>,
) {
    let mut bulk = Bulk::new(log.clone(), filter.clone(), after, BATCH);
    while !takers.is_empty() {
        let batch = match bulk.next().await {
            Ok(Some(batch)) => Arc::new(batch),
            Ok(None) => {
                give(&mut takers, || Ok(None)).await;
                return;
            }
            Err(error) => {
                give(&mut takers, || Err(LogError::Unavailable(error_chain(&error).into()))).await;
                return;
            }
        };
        give(&mut takers, || Ok(Some(batch.clone()))).await;
        let is_short = batch.last - after < BATCH as u64;
        after = batch.last;
        if let Some((position, _)) = batch.poison {
            // It stops those whom it concerns; the others go on behind it.
            filter = filter.without(position);
            bulk = Bulk::new(log.clone(), filter.clone(), after, BATCH);
        } else if is_short {
            give(&mut takers, || Ok(None)).await;
            return;
        }
    }
}

/// Keeps those who are still there.
async fn give(takers: &mut Vec<mpsc::Sender<Given>>, what: impl Fn() -> Given) {
    let taken = join_all(takers.iter().map(|taker| taker.send(what()))).await;
    let mut taken = taken.iter().map(Result::is_ok);
    takers.retain(|_| taken.next().unwrap_or(false));
}

impl Pieces {
    /// What of the next piece is this listener's; `None` at the end of the log.
    pub(super) async fn next(&mut self) -> Result<Option<Batch>, LogError> {
        let given = self.given.recv().await;
        match given.unwrap_or_else(|| Err(LogError::Unavailable("the reading broke off".into())))? {
            Some(piece) => self.own(&piece).await.map(Some),
            None => Ok(None),
        }
    }

    async fn own(&self, piece: &Batch) -> Result<Batch, LogError> {
        let poison = match &piece.poison {
            Some((position, _)) if !self.wants(*position).await? => None,
            poison => poison.clone(),
        };
        let wanted = piece.events.iter().filter(|event| self.filter.wants(&event.stream, event.position));
        Ok(Batch {
            after: piece.after,
            last: piece.last,
            last_recorded_at: piece.last_recorded_at,
            events: wanted.cloned().collect(),
            poison,
        })
    }

    async fn wants(&self, position: u64) -> Result<bool, LogError> {
        let found = self.log.read(position - 1, 1).await?;
        Ok(found.iter().any(|event| self.filter.wants(&event.stream, event.position)))
    }
}
