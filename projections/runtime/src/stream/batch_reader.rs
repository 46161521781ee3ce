//! Reads the log from PostgreSQL in batches, ahead of the event handler.

use std::sync::Arc;

use domain::{EventLog, LogError, Position, RecordedEvent, SealedEvent, StreamId};
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};

use crate::error::error_chain;

/// Selection of the events that one event handler handles.
#[derive(Clone)]
pub(crate) struct EventFilter {
    pub(crate) handles: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    /// Positions that an admin has skipped.
    pub(crate) skipped: Arc<[Position]>,
}

/// A gapless range of the log, of which only the selected events are decrypted.
#[derive(Debug)]
pub(crate) struct EventBatch {
    /// Position before the first event of the range.
    pub(crate) after: Position,
    /// Position of the last event of the range; equal to `after` if the first event is poison.
    pub(crate) last: Position,
    pub(crate) last_recorded_at: Option<Timestamp>,
    pub(crate) events: Vec<RecordedEvent>,
    /// Position of the event after `last` that cannot be read, with the reason.
    pub(crate) poison: Option<(Position, String)>,
}

impl EventFilter {
    /// Returns true if the event at this position is selected.
    pub(crate) fn matches(&self, stream: &StreamId, position: Position) -> bool {
        (self.handles)(&stream.aggregate_type) && !self.skipped.contains(&position)
    }

    /// Returns a filter that selects what at least one of these filters selects by type and position.
    pub(crate) fn union(filters: &[EventFilter]) -> Self {
        let by_all = |position: &Position| filters.iter().all(|filter| filter.skipped.contains(position));
        let skipped =
            filters.iter().flat_map(|filter| filter.skipped.iter().copied()).filter(by_all).collect();
        let filters = filters.to_vec();
        let handles = Arc::new(move |kind: &str| filters.iter().any(|filter| (filter.handles)(kind)));
        Self { handles, skipped }
    }

    /// Returns the same filter without this position.
    pub(crate) fn excluding(&self, position: Position) -> Self {
        let skipped = self.skipped.iter().copied().chain([position]).collect();
        Self { handles: self.handles.clone(), skipped }
    }
}

/// Decrypts the selected events of a range. Stops before an event that cannot be read.
///
/// # Errors
/// [`LogError::Unavailable`] if the log is unavailable.
pub(crate) async fn open_batch(
    log: &dyn EventLog,
    filter: &EventFilter,
    after: Position,
    mut sealed: Vec<SealedEvent>,
) -> Result<EventBatch, LogError> {
    let mut last = sealed.last().map_or(after, |event| event.position);
    let mut last_recorded_at = sealed.last().map(|event| event.recorded_at);
    let mut poison = None;
    sealed.retain(|event| filter.matches(&event.stream, event.position));
    let events = loop {
        match log.decode(&sealed).await {
            Ok(events) => break events,
            Err(LogError::Unreadable { position, source }) => {
                // The events before it may be readable. Each round has fewer events.
                let before = sealed.len();
                sealed.retain(|event| event.position < position);
                if sealed.len() == before {
                    return Err(LogError::Unreadable { position, source });
                }
                last = position.previous();
                last_recorded_at = sealed.last().map(|event| event.recorded_at);
                poison = Some((position, error_chain(&*source)));
            }
            Err(unavailable @ LogError::Unavailable(_)) => return Err(unavailable),
        }
    };
    Ok(EventBatch { after, last, last_recorded_at, events, poison })
}

/// Reader with two batches ahead: while one is applied, the next is decrypted and the one after it is read.
pub(crate) struct BatchReader {
    log: Arc<dyn EventLog>,
    filter: EventFilter,
    limit: usize,
    after: Position,
    ahead: Option<ReadAhead>,
}

/// The reading and the decrypting task; they end when this is dropped.
struct ReadAhead {
    batches: mpsc::Receiver<Result<EventBatch, LogError>>,
    work: JoinSet<()>,
    /// True if at least one batch has arrived.
    found: bool,
}

impl BatchReader {
    pub(crate) fn new(log: Arc<dyn EventLog>, filter: EventFilter, after: Position, limit: usize) -> Self {
        Self { log, filter, limit, after, ahead: None }
    }

    /// Returns the next batch, or `None` at the end of the log. A later call continues if the log has grown.
    ///
    /// The future is cancel-safe.
    ///
    /// # Errors
    /// [`LogError`] if the log cannot be read. A later call retries.
    pub(crate) async fn next_batch(&mut self) -> Result<Option<EventBatch>, LogError> {
        loop {
            let Some(ahead) = &mut self.ahead else {
                self.ahead = Some(self.read_ahead());
                continue;
            };
            match ahead.batches.recv().await {
                Some(Ok(batch)) => {
                    ahead.found = true;
                    self.after = batch.last;
                    return Ok(Some(batch));
                }
                Some(Err(error)) => {
                    self.ahead = None;
                    return Err(error);
                }
                None => {
                    let (found, broken) = (ahead.found, ahead.find_panic().await);
                    self.ahead = None;
                    match broken {
                        Some(broken) => return Err(LogError::Unavailable(Box::new(broken))),
                        // The last batch was short: it was the end of the log when it was read.
                        None if found => {}
                        None => return Ok(None),
                    }
                }
            }
        }
    }

    /// Starts a task that reads and a task that decrypts.
    ///
    /// Each reserves its slot in the channel before it works. No more than three batches are thus in memory:
    /// one read, one decrypted, one applied.
    fn read_ahead(&self) -> ReadAhead {
        let (read, mut sealed) = mpsc::channel(1);
        let (opened, batches) = mpsc::channel(1);
        let mut work = JoinSet::new();
        let (log, limit, mut after) = (self.log.clone(), self.limit, self.after);
        work.spawn(async move {
            while let Ok(permit) = read.reserve().await {
                let piece = log.read(after, limit).await;
                // An empty or short batch is the end of the log.
                let goes_on = piece.as_ref().is_ok_and(|piece| piece.len() >= limit);
                if let Ok(piece) = &piece {
                    let Some(last) = piece.last() else { return };
                    after = last.position;
                }
                permit.send(piece);
                if !goes_on {
                    return;
                }
            }
        });
        let (log, filter, mut after) = (self.log.clone(), self.filter.clone(), self.after);
        work.spawn(async move {
            while let Ok(permit) = opened.reserve().await {
                let Some(piece) = sealed.recv().await else { return };
                let batch = match piece {
                    Ok(piece) => open_batch(&*log, &filter, after, piece).await,
                    Err(error) => Err(error),
                };
                // No batch follows a poison event.
                let goes_on = batch.as_ref().is_ok_and(|batch| batch.poison.is_none());
                after = batch.as_ref().map_or(after, |batch| batch.last);
                permit.send(batch);
                if !goes_on {
                    return;
                }
            }
        });
        ReadAhead { batches, work, found: false }
    }
}

impl ReadAhead {
    /// Waits for both tasks. Returns the error of a task that has panicked.
    async fn find_panic(&mut self) -> Option<JoinError> {
        while let Some(ended) = self.work.join_next().await {
            if let Err(broken) = ended {
                return Some(broken);
            }
        }
        None
    }
}
