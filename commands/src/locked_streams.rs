//! The streams that one command has locked, and their release to the next command.

use domain::{Position, StreamId, StreamVersion};
use tokio::sync::OwnedMutexGuard;

use crate::log::LoadedStream;
use crate::step::{AnyState, ApplyStreamError};
use crate::stream_cache::{CacheEntry, CachedState, InFlightAppend};

/// Streams that this command may decide on now.
pub(crate) struct LockedStreams {
    pub entries: Vec<(StreamId, OwnedMutexGuard<CacheEntry>)>,
}

impl LockedStreams {
    /// Returns the index of a locked stream in `entries`.
    pub fn index_of(&self, stream: &StreamId) -> usize {
        self.entries.iter().position(|(held, _)| held == stream).expect("the stream of every step is locked")
    }

    /// Returns the version of a locked stream.
    pub fn version_of(&self, stream: &StreamId) -> StreamVersion {
        cached_state(&self.entries[self.index_of(stream)].1).version
    }

    /// Evicts the states that earlier steps changed before a step refused. `before` has their versions
    /// before.
    pub fn evict_changed(&mut self, before: &[StreamVersion]) {
        for ((_, entry), version) in self.entries.iter_mut().zip(before) {
            if cached_state(entry).version != *version {
                entry.cached = None;
                entry.generation += 1;
            }
        }
    }

    /// Evicts the states of all locked streams.
    pub fn evict_all(mut self) {
        for (_, entry) in &mut self.entries {
            entry.cached = None;
            entry.generation += 1;
        }
    }

    /// Unlocks the streams, so that the next command decides on the new states.
    ///
    /// Returns stream, generation and version of each. `append` is in flight for the streams whose version
    /// changed since `before`.
    pub fn release_with_in_flight(
        &mut self,
        append: &InFlightAppend,
        before: &[StreamVersion],
    ) -> Vec<(StreamId, u64, StreamVersion)> {
        self.entries
            .drain(..)
            .zip(before)
            .map(|((stream, mut entry), before)| {
                let generation = entry.generation;
                let cached = cached_state_mut(&mut entry);
                if cached.version != *before {
                    cached.in_flight = Some(append.clone());
                }
                (stream, generation, cached.version)
            })
            .collect()
    }
}

pub(crate) fn cached_state(entry: &CacheEntry) -> &CachedState {
    entry.cached.as_ref().expect("a locked stream was loaded")
}

pub(crate) fn cached_state_mut(entry: &mut CacheEntry) -> &mut CachedState {
    entry.cached.as_mut().expect("a locked stream was loaded")
}

pub(crate) fn empty_state(state: AnyState) -> CachedState {
    CachedState { state, version: StreamVersion::START, position: Position::START, in_flight: None }
}

/// Applies a loaded stream to a state, and sets the version and position of the state.
///
/// # Errors
/// [`ApplyStreamError`] if a snapshot or an event cannot be decoded.
pub(crate) fn apply_loaded(
    cached: &mut CachedState,
    loaded: LoadedStream,
    apply_stream: impl FnOnce(&mut AnyState, LoadedStream) -> Result<(), ApplyStreamError>,
) -> Result<(), ApplyStreamError> {
    let snapshot = loaded.snapshot.as_ref().map(|snapshot| (snapshot.version, snapshot.position));
    let last = loaded.events.last().map(|event| (event.sequence, event.position)).or(snapshot);
    apply_stream(&mut cached.state, loaded)?;
    if let Some((version, position)) = last {
        cached.version = version;
        cached.position = position;
        cached.in_flight = None;
    }
    Ok(())
}
