//! The log as one listener wants it: every event after a position, once, in order, as soon as it is there.
//!
//! Postgres is read in bulk until the end is reached, then events come from the ear of this process. Whatever is
//! odd there (a gap, silence, more than it keeps) only means that the next events are read from Postgres again: the
//! stream can make a listener faster, never wrong.

use std::sync::Arc;
use std::time::Duration;

use domain::{EventLog, LogError, SealedEvent};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};
use tokio::time::sleep;

use super::consumer::Ear;
use super::log_reader::{Batch, Bulk, Filter, open};

/// So long the stream may be silent about an event that is known to be committed.
const GRACE: Duration = Duration::from_millis(20);

pub(crate) struct Subscription {
    log: Arc<dyn EventLog>,
    filter: Filter,
    committed: watch::Receiver<u64>,
    /// Most events in one batch.
    limit: usize,
    /// Safety net under `committed`.
    poll: Duration,
    /// Everything up to here has been handed out.
    position: u64,
    bulk: Option<Bulk>,
    /// What comes from the stream; none without one.
    heard: Option<broadcast::Receiver<Arc<SealedEvent>>>,
    /// Whether the stream has lately brought what was committed, and in time.
    trusted: bool,
    /// Heard, not yet handed out.
    buffer: Vec<SealedEvent>,
}

enum Heard {
    Event(Arc<SealedEvent>),
    /// Look again.
    Nudge,
    /// The log has to be asked.
    Due,
}

impl Subscription {
    pub(crate) fn new(
        log: Arc<dyn EventLog>,
        filter: Filter,
        committed: watch::Receiver<u64>,
        ear: Option<&Ear>,
        after: u64,
        limit: usize,
        poll: Duration,
    ) -> Self {
        let bulk = Some(Bulk::new(log.clone(), filter.clone(), after, limit));
        let heard = ear.map(Ear::listen);
        Self {
            log,
            filter,
            committed,
            limit,
            poll,
            position: after,
            bulk,
            heard,
            trusted: false,
            buffer: Vec::new(),
        }
    }

    /// Waits for events and gives them. Safe to drop: nothing is lost between two calls.
    ///
    /// # Errors
    /// The log can not be read; ask again.
    pub(crate) async fn next(&mut self) -> Result<Batch, LogError> {
        loop {
            if let Some(bulk) = &mut self.bulk {
                if let Some(batch) = bulk.next().await? {
                    self.position = batch.last;
                    return Ok(batch);
                }
                self.bulk = None;
                if *self.committed.borrow() > self.position {
                    // Promised, and not there: the log was restored to an earlier point.
                    sleep(GRACE).await;
                }
            }
            if !self.buffer.is_empty() {
                return self.hand_out().await;
            }
            match self.listen().await {
                Heard::Nudge => {}
                Heard::Event(event) => self.take(&event),
                Heard::Due => {
                    // Without a sign that something is missing this is only the slow poll.
                    self.trusted &= *self.committed.borrow() <= self.position;
                    self.bulk = Some(self.read_log());
                }
            }
        }
    }

    async fn hand_out(&mut self) -> Result<Batch, LogError> {
        // Whatever else has already come goes into the same batch.
        while self.buffer.len() < self.limit {
            let Some(Ok(event)) = self.heard.as_mut().map(broadcast::Receiver::try_recv) else { break };
            self.take(&event);
        }
        // Opening may be dropped half-way: the buffer is emptied only after it.
        let batch = open(&*self.log, &self.filter, self.position, self.buffer.clone()).await?;
        self.buffer.clear();
        self.position = batch.last;
        Ok(batch)
    }

    /// Waits for the next event, or until the log has to be asked.
    async fn listen(&mut self) -> Heard {
        match self.heard.as_mut().map(broadcast::Receiver::try_recv) {
            Some(Ok(event)) => return Heard::Event(event),
            // What was missed, if it was not known, is a gap before the next.
            Some(Err(TryRecvError::Lagged(_))) => return Heard::Nudge,
            Some(Err(TryRecvError::Empty | TryRecvError::Closed)) | None => {}
        }
        let behind = *self.committed.borrow_and_update() > self.position;
        let patience = match (behind, self.trusted) {
            (true, true) => GRACE,
            (true, false) => return Heard::Due,
            (false, _) => self.poll,
        };
        tokio::select! {
            biased;
            heard = next_event(self.heard.as_mut()) => heard,
            // What is committed now is heard of in the next round, with its own patience.
            Ok(()) = self.committed.changed(), if !behind => Heard::Nudge,
            () = sleep(patience) => Heard::Due,
        }
    }

    fn take(&mut self, event: &SealedEvent) {
        let expected = self.buffer.last().map_or(self.position, |event| event.position) + 1;
        if event.position == expected {
            self.trusted = true;
            self.buffer.push(event.clone());
        } else if event.position + 1 == expected {
            // The stream has caught up with what was read from the log.
            self.trusted = true;
        } else if event.position > expected && self.buffer.is_empty() {
            self.bulk = Some(self.read_log());
        }
    }

    fn read_log(&self) -> Bulk {
        Bulk::new(self.log.clone(), self.filter.clone(), self.position, self.limit)
    }
}

async fn next_event(heard: Option<&mut broadcast::Receiver<Arc<SealedEvent>>>) -> Heard {
    let Some(heard) = heard else { return std::future::pending().await };
    match heard.recv().await {
        Ok(event) => Heard::Event(event),
        Err(RecvError::Lagged(_)) => Heard::Nudge,
        // Nothing comes any more.
        Err(RecvError::Closed) => std::future::pending().await,
    }
}
