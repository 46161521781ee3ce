//! The log as one listener wants it: every event after a position, once, in order, as soon as it is there.
//!
//! Postgres is read in bulk until the end is reached, then events come from the shared consumer of this process. Whatever is
//! odd there (a gap, silence, more than it keeps) only means that the next events are read from Postgres again: the
//! stream can make a listener faster, never wrong.

use std::sync::Arc;
use std::time::Duration;

use domain::{EventLog, LogError, SealedEvent};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};
use tokio::time::sleep;

use super::batch_reader::{BatchReader, EventBatch, EventFilter, open_batch};
use super::consumer::SharedConsumer;

/// So long the stream may be silent about an event that is known to be committed.
const GRACE: Duration = Duration::from_millis(20);

pub(crate) struct Subscription {
    log: Arc<dyn EventLog>,
    filter: EventFilter,
    committed: watch::Receiver<u64>,
    /// Most events in one batch.
    limit: usize,
    /// Safety net under `committed`.
    poll_interval: Duration,
    /// Everything up to here has been handed out.
    position: u64,
    batch_reader: Option<BatchReader>,
    /// What comes from the stream; none without one.
    received: Option<broadcast::Receiver<Arc<SealedEvent>>>,
    /// Whether the stream has lately brought what was committed, and in time.
    trusted: bool,
    /// Heard, not yet handed out.
    buffer: Vec<SealedEvent>,
}

enum NextInput {
    Event(Arc<SealedEvent>),
    /// Look again.
    Recheck,
    /// The log has to be asked.
    ReadLog,
}

impl Subscription {
    pub(crate) fn new(
        log: Arc<dyn EventLog>,
        filter: EventFilter,
        committed: watch::Receiver<u64>,
        consumer: Option<&SharedConsumer>,
        after: u64,
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

    /// Waits for events and gives them. Safe to drop: nothing is lost between two calls.
    ///
    /// # Errors
    /// The log can not be read; ask again.
    pub(crate) async fn next_batch(&mut self) -> Result<EventBatch, LogError> {
        loop {
            if let Some(batch_reader) = &mut self.batch_reader {
                if let Some(batch) = batch_reader.next_batch().await? {
                    self.position = batch.last;
                    return Ok(batch);
                }
                self.batch_reader = None;
                if *self.committed.borrow() > self.position {
                    // Promised, and not there: the log was restored to an earlier point.
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
                    // Without a sign that something is missing this is only the slow poll.
                    self.trusted &= *self.committed.borrow() <= self.position;
                    self.batch_reader = Some(self.read_log());
                }
            }
        }
    }

    async fn open_buffered(&mut self) -> Result<EventBatch, LogError> {
        // Whatever else has already come goes into the same batch.
        while self.buffer.len() < self.limit {
            let Some(Ok(event)) = self.received.as_mut().map(broadcast::Receiver::try_recv) else { break };
            self.buffer_event(&event);
        }
        // Opening may be dropped half-way: the buffer is emptied only after it.
        let batch = open_batch(&*self.log, &self.filter, self.position, self.buffer.clone()).await?;
        self.buffer.clear();
        self.position = batch.last;
        Ok(batch)
    }

    /// Waits for the next event, or until the log has to be asked.
    async fn wait_for_next(&mut self) -> NextInput {
        match self.received.as_mut().map(broadcast::Receiver::try_recv) {
            Some(Ok(event)) => return NextInput::Event(event),
            // What was missed, if it was not known, is a gap before the next.
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
            // What is committed now is heard of in the next round, with its own patience.
            Ok(()) = self.committed.changed(), if !behind => NextInput::Recheck,
            () = sleep(patience) => NextInput::ReadLog,
        }
    }

    fn buffer_event(&mut self, event: &SealedEvent) {
        let expected = self.buffer.last().map_or(self.position, |event| event.position) + 1;
        if event.position == expected {
            self.trusted = true;
            self.buffer.push(event.clone());
        } else if event.position + 1 == expected {
            // The stream has caught up with what was read from the log.
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
        // Nothing comes any more.
        Err(RecvError::Closed) => std::future::pending().await,
    }
}
