//! The turn of one command on its streams: what it sees, and what it leaves to the next.

use domain::{DispatchError, StreamId};
use tokio::sync::OwnedMutexGuard;

use crate::log::LoadedStream;
use crate::step::State;
use crate::stream_cache::{Lane, OnItsWay, Warm};

/// The streams that this command may decide on now.
pub(crate) struct Turn {
    pub lanes: Vec<(StreamId, OwnedMutexGuard<Lane>)>,
}

impl Turn {
    pub fn index_of(&self, stream: &StreamId) -> usize {
        self.lanes.iter().position(|(held, _)| held == stream).expect("every step's stream was entered")
    }

    pub fn version_of(&self, stream: &StreamId) -> u64 {
        warm(&self.lanes[self.index_of(stream)].1).version
    }

    /// Throws away the states into which a part of the steps was folded before one refused.
    pub fn undo(&mut self, before: &[u64]) {
        for ((_, lane), version) in self.lanes.iter_mut().zip(before) {
            if warm(lane).version != *version {
                lane.warm = None;
                lane.generation += 1;
            }
        }
    }

    pub fn discard(mut self) {
        for (_, lane) in &mut self.lanes {
            lane.warm = None;
            lane.generation += 1;
        }
    }

    /// Lets the next command decide on the new states; gives stream, generation and version of each.
    /// Where nothing changed since `before`, nothing more is on its way.
    pub fn leave(&mut self, append: &OnItsWay, before: &[u64]) -> Vec<(StreamId, u64, u64)> {
        self.lanes
            .drain(..)
            .zip(before)
            .map(|((stream, mut lane), before)| {
                let generation = lane.generation;
                let warm = warm_mut(&mut lane);
                if warm.version != *before {
                    warm.on_its_way = Some(append.clone());
                }
                (stream, generation, warm.version)
            })
            .collect()
    }
}

pub(crate) fn warm(lane: &Lane) -> &Warm {
    lane.warm.as_ref().expect("a lane in turn was loaded")
}

pub(crate) fn warm_mut(lane: &mut Lane) -> &mut Warm {
    lane.warm.as_mut().expect("a lane in turn was loaded")
}

pub(crate) fn cold(state: State) -> Warm {
    Warm { state, version: 0, position: 0, on_its_way: None }
}

/// Folds what was loaded into a state and notes how far it reaches.
pub(crate) fn absorb(
    warm: &mut Warm,
    loaded: LoadedStream,
    fold: impl FnOnce(&mut State, LoadedStream) -> Result<(), serde_json::Error>,
) -> Result<(), DispatchError> {
    let snapshot = loaded.snapshot.as_ref().map(|snapshot| (snapshot.version, snapshot.position));
    let last = loaded.events.last().map(|event| (event.sequence, event.position)).or(snapshot);
    fold(&mut warm.state, loaded).map_err(|error| DispatchError::Fault(Box::new(error)))?;
    if let Some((version, position)) = last {
        warm.version = version;
        warm.position = position;
        warm.on_its_way = None;
    }
    Ok(())
}
