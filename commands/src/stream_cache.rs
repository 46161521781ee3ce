//! The newest state of each busy stream, and who may decide on it next.
//!
//! Commands on one stream are decided one after another within a process, also on events that are
//! still on their way to the database; the states double as the cache of warm aggregates.

use std::sync::Arc;

use domain::{CommandId, StreamId};
use quick_cache::sync::Cache;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::log::Outcome;
use crate::step::State;

/// The streams that are warm.
pub(crate) struct Lanes {
    lanes: Cache<StreamId, Arc<Mutex<Lane>>>,
}

/// One stream in this process.
#[derive(Default)]
pub(crate) struct Lane {
    pub warm: Option<Warm>,
    /// Counts the states that were thrown away: an outcome of an older one changes nothing.
    pub generation: u64,
}

/// A state that includes every event that this process knows of, committed or on its way.
pub(crate) struct Warm {
    pub state: State,
    pub version: u64,
    /// Position of the last event that was read from the log.
    pub position: u64,
    /// The last append that is included, while it is on its way.
    pub on_its_way: Option<OnItsWay>,
}

impl Lanes {
    pub fn new(capacity: usize) -> Self {
        Self { lanes: Cache::new(capacity) }
    }

    /// Waits for the turn on a stream.
    pub async fn enter(&self, stream: &StreamId) -> OwnedMutexGuard<Lane> {
        let lane = match self.lanes.get(stream) {
            Some(lane) => lane,
            None => {
                let fresh = || Ok::<_, std::convert::Infallible>(Arc::default());
                let Ok(lane) = self.lanes.get_or_insert_with(stream, fresh);
                lane
            }
        };
        let mut lane = lane.lock_owned().await;
        lane.forget_what_failed();
        lane
    }

    /// Throws a state away unless a newer one took its place.
    pub async fn discard(&self, stream: &StreamId, generation: u64) {
        if let Some(lane) = self.lanes.get(stream) {
            let mut lane = lane.lock().await;
            if lane.generation == generation {
                lane.warm = None;
                lane.generation += 1;
            }
        }
    }
}

/// An append that is included in a state before anybody knows what becomes of it.
#[derive(Clone)]
pub(crate) struct OnItsWay {
    pub command_id: CommandId,
    pub outcome: watch::Receiver<Option<Outcome>>,
}

impl Warm {
    /// Position of the last committed event that is included.
    pub fn position(&self) -> u64 {
        match self.on_its_way.as_ref().and_then(|append| append.outcome.borrow().clone()) {
            Some(Ok(done)) => done.last_position.max(self.position),
            _ => self.position,
        }
    }
}

impl Lane {
    /// What is on its way, if anything still is.
    pub fn pending(&self) -> Option<OnItsWay> {
        let on_its_way = self.warm.as_ref()?.on_its_way.as_ref()?;
        let landed = matches!(&*on_its_way.outcome.borrow(), Some(Ok(done)) if !done.duplicate);
        (!landed).then(|| on_its_way.clone())
    }

    /// Throws away a state that holds events that did not come to be. Whoever sent them does so too, but
    /// may be gone before the outcome is there: a deadline, a client that hung up.
    fn forget_what_failed(&mut self) {
        let Some(on_its_way) = self.warm.as_ref().and_then(|warm| warm.on_its_way.as_ref()) else { return };
        let failed = match &*on_its_way.outcome.borrow() {
            Some(Ok(done)) => done.duplicate,
            Some(Err(_)) => true,
            // Nobody will tell any more.
            None => on_its_way.outcome.has_changed().is_err(),
        };
        if failed {
            self.warm = None;
            self.generation += 1;
        }
    }
}
