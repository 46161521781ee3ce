//! The newest state of each busy stream, with the lock under which a command decides on it.
//!
//! Within an OS process, commands on one stream are decided one after another. A command may decide on
//! events that are still in flight to the database. The states are also the cache of aggregates.

use std::sync::Arc;

use domain::{CommandId, Position, StreamId, StreamVersion};
use quick_cache::sync::Cache;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::log::AppendOutcome;
use crate::step::AnyState;

/// Streams whose state is in memory.
pub(crate) struct StreamCache {
    entries: Cache<StreamId, Arc<Mutex<CacheEntry>>>,
}

/// One stream in this OS process.
#[derive(Default)]
pub(crate) struct CacheEntry {
    /// `None` if the stream is not loaded, or while a command decides on it.
    pub cached: Option<CachedState>,
    /// Number of evicted states. An outcome that belongs to an earlier generation changes nothing.
    pub generation: u64,
}

/// A state that includes every event that this OS process knows of, committed or in flight.
pub(crate) struct CachedState {
    pub state: AnyState,
    pub version: StreamVersion,
    /// Position of the last event that was read from the log.
    pub position: Position,
    /// The last append that is included, while it is in flight.
    pub in_flight: Option<InFlightAppend>,
}

impl StreamCache {
    /// Makes an empty cache for at most `capacity` streams.
    pub fn new(capacity: usize) -> Self {
        Self { entries: Cache::new(capacity) }
    }

    /// Locks a stream. Waits until no other command holds the lock.
    pub async fn lock(&self, stream: &StreamId) -> OwnedMutexGuard<CacheEntry> {
        let entry = match self.entries.get(stream) {
            Some(entry) => entry,
            None => {
                let fresh = || Ok::<_, std::convert::Infallible>(Arc::default());
                let Ok(entry) = self.entries.get_or_insert_with(stream, fresh);
                entry
            }
        };
        let mut entry = entry.lock_owned().await;
        entry.evict_if_failed();
        entry
    }

    /// Evicts the state of a stream unless a newer generation has replaced it.
    pub async fn evict(&self, stream: &StreamId, generation: u64) {
        if let Some(entry) = self.entries.get(stream) {
            let mut entry = entry.lock().await;
            if entry.generation == generation {
                entry.cached = None;
                entry.generation += 1;
            }
        }
    }
}

/// An append that is included in a state before its outcome is known.
#[derive(Clone)]
pub(crate) struct InFlightAppend {
    pub command_id: CommandId,
    pub outcome: watch::Receiver<Option<AppendOutcome>>,
}

impl CachedState {
    /// Position of the last committed event that is included.
    pub fn position(&self) -> Position {
        match self.in_flight.as_ref().and_then(|append| append.outcome.borrow().clone()) {
            Some(Ok(done)) => done.last_position.max(self.position),
            _ => self.position,
        }
    }

    /// Returns the last append, if it is not known to be committed.
    pub fn in_flight(&self) -> Option<InFlightAppend> {
        let in_flight = self.in_flight.as_ref()?;
        let committed = matches!(&*in_flight.outcome.borrow(), Some(Ok(done)) if !done.duplicate);
        (!committed).then(|| in_flight.clone())
    }
}

impl CacheEntry {
    /// Returns the last append, if it is not known to be committed.
    pub fn in_flight(&self) -> Option<InFlightAppend> {
        self.cached.as_ref()?.in_flight()
    }

    /// Evicts a state that includes events of a failed append.
    ///
    /// The command that sent them evicts it too, unless it has ended before the outcome arrives: at a
    /// deadline, or because the client has closed the connection.
    fn evict_if_failed(&mut self) {
        let Some(in_flight) = self.cached.as_ref().and_then(|cached| cached.in_flight.as_ref()) else {
            return;
        };
        let failed = match &*in_flight.outcome.borrow() {
            Some(Ok(done)) => done.duplicate,
            Some(Err(_)) => true,
            // The sender is dropped: no outcome will arrive.
            None => in_flight.outcome.has_changed().is_err(),
        };
        if failed {
            self.cached = None;
            self.generation += 1;
        }
    }
}
