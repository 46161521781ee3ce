//! The newest state of each busy stream, and who may decide on it next.
//!
//! Commands on one stream are decided one after another within a process, also on events that are
//! still on their way to the database; the states double as the cache of aggregates.

use std::sync::Arc;

use domain::{CommandId, StreamId};
use quick_cache::sync::Cache;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::log::AppendOutcome;
use crate::step::AnyState;

/// The streams whose state is in memory.
pub(crate) struct StreamCache {
    entries: Cache<StreamId, Arc<Mutex<CacheEntry>>>,
}

/// One stream in this process.
#[derive(Default)]
pub(crate) struct CacheEntry {
    pub cached: Option<CachedState>,
    /// Counts the states that were thrown away: an outcome of an older one changes nothing.
    pub generation: u64,
}

/// A state that includes every event that this process knows of, committed or on its way.
pub(crate) struct CachedState {
    pub state: AnyState,
    pub version: u64,
    /// Position of the last event that was read from the log.
    pub position: u64,
    /// The last append that is included, while it is on its way.
    pub in_flight: Option<InFlightAppend>,
}

impl StreamCache {
    pub fn new(capacity: usize) -> Self {
        Self { entries: Cache::new(capacity) }
    }

    /// Locks a stream: waits until no other command holds it.
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

    /// Throws a state away unless a newer one took its place.
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

/// An append that is included in a state before anybody knows what becomes of it.
#[derive(Clone)]
pub(crate) struct InFlightAppend {
    pub command_id: CommandId,
    pub outcome: watch::Receiver<Option<AppendOutcome>>,
}

impl CachedState {
    /// Position of the last committed event that is included.
    pub fn position(&self) -> u64 {
        match self.in_flight.as_ref().and_then(|append| append.outcome.borrow().clone()) {
            Some(Ok(done)) => done.last_position.max(self.position),
            _ => self.position,
        }
    }
}

impl CacheEntry {
    /// What is on its way, if anything still is.
    pub fn in_flight(&self) -> Option<InFlightAppend> {
        let in_flight = self.cached.as_ref()?.in_flight.as_ref()?;
        let committed = matches!(&*in_flight.outcome.borrow(), Some(Ok(done)) if !done.duplicate);
        (!committed).then(|| in_flight.clone())
    }

    /// Throws away a state that holds events that did not come to be. Whoever sent them does so too, but
    /// may be gone before the outcome is there: a deadline, a client that hung up.
    fn evict_if_failed(&mut self) {
        let Some(in_flight) = self.cached.as_ref().and_then(|cached| cached.in_flight.as_ref()) else {
            return;
        };
        let failed = match &*in_flight.outcome.borrow() {
            Some(Ok(done)) => done.duplicate,
            Some(Err(_)) => true,
            // Nobody will tell any more.
            None => in_flight.outcome.has_changed().is_err(),
        };
        if failed {
            self.cached = None;
            self.generation += 1;
        }
    }
}
