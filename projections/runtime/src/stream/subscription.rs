//! Subscription of one event handler: every event after a position, once, in order, as soon as possible.
//!
//! The subscription reads PostgreSQL in batches up to the end of the log. Then it gets events from the shared
//! consumer of this OS process. After a gap, silence or an overflow there, it reads the next events from
//! PostgreSQL again. The stream makes a handler faster; correctness does not depend on it.

use std::sync::Arc;
use std::time::Duration;

use domain::{EventLog, LogError, Position, SealedEvent};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};
use tokio::time::sleep;

use super::batch_reader::{BatchReader, EventBatch, EventFilter, open_batch};
use super::consumer::SharedConsumer;

/// Time that the stream has to deliver an event that is known to be committed.
const GRACE: Duration = Duration::from_millis(20);

/// Ordered delivery of all events to one event handler.
pub(crate) struct Subscription {
    log: Arc<dyn EventLog>,
    filter: EventFilter,
    committed: watch::Receiver<Position>,
    /// Maximum number of events in one batch.
    limit: usize,
    /// Interval of polls of the log, in case `committed` misses a change.
    poll_interval: Duration,
    /// Position of the last event that was delivered.
    position: Position,
    batch_reader: Option<BatchReader>,
    /// Events from the stream; `None` without a stream.
    received: Option<broadcast::Receiver<Arc<SealedEvent>>>,
    /// True if the stream has delivered the last committed events in time.
    trusted: bool,
    /// Events that are received and not yet delivered.
    buffer: Vec<SealedEvent>,
}

enum NextInput {
    Event(Arc<SealedEvent>),
    /// Nothing was received; the subscription must check again.
    Recheck,
    /// The subscription must read the log.
    ReadLog,
}

impl Subscription {
    pub(crate) fn new(
        log: Arc<dyn EventLog>,
        filter: EventFilter,
        committed: watch::Receiver<Position>,
        consumer: Option<&SharedConsumer>,
        after: Position,
        limit: usize,
        poll_interval: Duration,
    ) -> Self {
        let batch_reader = Some(BatchReader::new(log.clone(), filter.clone(), after, limit));
        let received = consumer.map(SharedConsumer::subscribe);
        Self {
            log,
            filter,
            committed,
            limit,
            poll_interval,
            position: after,
            batch_reader,
            received,
            trusted: false,
            buffer: Vec::new(),
        }
    }

    /// Waits for events and returns them.
    ///
    /// The future is cancel-safe: no event is lost between two calls.
    ///
    /// # Errors
    /// [`LogError`] if the log cannot be read. A later call retries.
    pub(crate) async fn next_batch(&mut self) -> Result<EventBatch, LogError> {
        loop {
            if let Some(batch_reader) = &mut self.batch_reader {
                if let Some(batch) = batch_reader.next_batch().await? {
                    self.position = batch.last;
                    return Ok(batch);
                }
                self.batch_reader = None;
                if *self.committed.borrow() > self.position {
                    // The position was committed and is missing: the log was restored to an earlier point.
                    sleep(GRACE).await;
                }
            }
            if !self.buffer.is_empty() {
                return self.open_buffered().await;
            }
            match self.wait_for_next().await {
                NextInput::Recheck => {}
                NextInput::Event(event) => self.buffer_event(&event),
                NextInput::ReadLog => {
                    // If no event is known to be missing, this is only the regular poll.
                    self.trusted &= *self.committed.borrow() <= self.position;
                    self.batch_reader = Some(self.read_log());
                }
            }
        }
    }

    async fn open_buffered(&mut self) -> Result<EventBatch, LogError> {
        // All events that have already arrived go into the same batch.
        while self.buffer.len() < self.limit {
            let Some(Ok(event)) = self.received.as_mut().map(broadcast::Receiver::try_recv) else { break };
            self.buffer_event(&event);
        }
        // Decrypting may be cancelled: the buffer is cleared only after it.
        let batch = open_batch(&*self.log, &self.filter, self.position, self.buffer.clone()).await?;
        self.buffer.clear();
        self.position = batch.last;
        Ok(batch)
    }

    /// Waits for the next event, or until the log must be read.
    async fn wait_for_next(&mut self) -> NextInput {
        match self.received.as_mut().map(broadcast::Receiver::try_recv) {
            Some(Ok(event)) => return NextInput::Event(event),
            // If a lagged event was new, the next event shows a gap and the log is read.
            Some(Err(TryRecvError::Lagged(_))) => return NextInput::Recheck,
            Some(Err(TryRecvError::Empty | TryRecvError::Closed)) | None => {}
        }
        let behind = *self.committed.borrow_and_update() > self.position;
        let patience = match (behind, self.trusted) {
            (true, true) => GRACE,
            (true, false) => return NextInput::ReadLog,
            (false, _) => self.poll_interval,
        };
        tokio::select! {
            biased;
            received = next_event(self.received.as_mut()) => received,
            // The next round waits for the event that is committed now, with a new timeout.
            Ok(()) = self.committed.changed(), if !behind => NextInput::Recheck,
            () = sleep(patience) => NextInput::ReadLog,
        }
    }

    fn buffer_event(&mut self, event: &SealedEvent) {
        let expected = self.buffer.last().map_or(self.position, |event| event.position).next();
        if event.position == expected {
            self.trusted = true;
            self.buffer.push(event.clone());
        } else if event.position.next() == expected {
            // The stream has caught up with the events read from the log.
            self.trusted = true;
        } else if event.position > expected && self.buffer.is_empty() {
            self.batch_reader = Some(self.read_log());
        }
    }

    fn read_log(&self) -> BatchReader {
        BatchReader::new(self.log.clone(), self.filter.clone(), self.position, self.limit)
    }
}

async fn next_event(received: Option<&mut broadcast::Receiver<Arc<SealedEvent>>>) -> NextInput {
    let Some(received) = received else { return std::future::pending().await };
    match received.recv().await {
        Ok(event) => NextInput::Event(event),
        Err(RecvError::Lagged(_)) => NextInput::Recheck,
        // No further events will arrive.
        Err(RecvError::Closed) => std::future::pending().await,
    }
}
