//! The streams that one command has locked, and their release to the next command.

use domain::{Position, StreamId, StreamVersion};
use tokio::sync::OwnedMutexGuard;

use crate::log::LoadedStream;
use crate::step::{AnyState, ApplyStreamError};
use crate::stream_cache::{CacheEntry, CachedState, InFlightAppend};

/// Streams that this command may decide on now.
///
/// Their states are taken out of the cache. Only the release functions put them back: a command that is
/// dropped or panics leaves no state, so the next command loads the stream from the log.
pub(crate) struct LockedStreams {
    pub streams: Vec<LockedStream>,
}

/// One locked stream and its state.
pub(crate) struct LockedStream {
    pub stream: StreamId,
    pub cached: CachedState,
    entry: OwnedMutexGuard<CacheEntry>,
}

impl LockedStream {
    /// Joins a state with the lock of its stream.
    pub fn new(stream: StreamId, cached: CachedState, entry: OwnedMutexGuard<CacheEntry>) -> Self {
        Self { stream, cached, entry }
    }

    /// Puts the state back into the cache and unlocks the stream.
    fn release(mut self) {
        self.entry.cached = Some(self.cached);
    }
}

impl LockedStreams {
    /// Returns the index of a locked stream in `streams`.
    pub fn index_of(&self, stream: &StreamId) -> usize {
        let found = self.streams.iter().position(|locked| locked.stream == *stream);
        found.expect("the stream of every step is locked")
    }

    /// Returns the version of a locked stream.
    pub fn version_of(&self, stream: &StreamId) -> StreamVersion {
        self.streams[self.index_of(stream)].cached.version
    }

    /// Unlocks the streams with states that include committed events only, or events of earlier commands.
    pub fn release_unchanged(self) {
        self.streams.into_iter().for_each(LockedStream::release);
    }

    /// Unlocks the streams, so that the next command decides on the new states.
    ///
    /// Returns stream, generation and version of each. `append` is in flight for the streams whose version
    /// changed since `before`.
    pub fn release_with_in_flight(
        self,
        append: &InFlightAppend,
        before: &[StreamVersion],
    ) -> Vec<(StreamId, u64, StreamVersion)> {
        let released = self.streams.into_iter().zip(before).map(|(mut locked, before)| {
            if locked.cached.version != *before {
                locked.cached.in_flight = Some(append.clone());
            }
            let released = (locked.stream.clone(), locked.entry.generation, locked.cached.version);
            locked.release();
            released
        });
        released.collect()
    }
}

pub(crate) fn empty_state(state: AnyState) -> CachedState {
    CachedState { state, version: StreamVersion::START, position: Position::START, in_flight: None }
}

/// Applies a loaded stream to a state, and sets the version and position of the state.
///
/// After an error the state may include a part of the events and must be dropped, unless the variant says
/// that it is unchanged.
///
/// # Errors
/// [`ApplyStreamError::NotContiguous`] if an event is missing, repeated or out of order. The other variants if
/// a snapshot or an event cannot be decoded.
pub(crate) fn apply_loaded(
    cached: &mut CachedState,
    loaded: LoadedStream,
    apply_stream: impl FnOnce(&mut AnyState, LoadedStream) -> Result<(), ApplyStreamError>,
) -> Result<(), ApplyStreamError> {
    let snapshot = loaded.snapshot.as_ref().map(|snapshot| (snapshot.version, snapshot.position));
    let mut version = snapshot.map_or(cached.version, |(version, _)| version);
    for event in &loaded.events {
        version = version + 1;
        if event.sequence != version {
            return Err(ApplyStreamError::NotContiguous { expected: version, found: event.sequence });
        }
    }
    let last = loaded.events.last().map(|event| (event.sequence, event.position)).or(snapshot);
    apply_stream(&mut cached.state, loaded)?;
    if let Some((version, position)) = last {
        cached.version = version;
        cached.position = position;
        cached.in_flight = None;
    }
    Ok(())
}
