//! Loads the committed state of a stream: from the cache, from a snapshot, and from the events after it.

use std::sync::Arc;

use domain::{Decider, DispatchError, Position, StreamId, StreamVersion};

use crate::execute::Executor;
use crate::locked_streams::{apply_loaded, empty_state};
use crate::log::{LoadError, LoadRequest, LoadedStream, wait_for_outcome};
use crate::step::{AnyState, ApplyStreamError, apply_stream, downcast, initial_state};
use crate::stream_cache::CachedState;

/// An aggregate with its version and position in the log.
#[derive(Clone, Debug)]
pub struct LoadedAggregate<A> {
    pub state: Arc<A>,
    pub version: StreamVersion,
    /// Position of its last event; [`Position::START`] if there is none.
    pub position: Position,
}

/// Applies a loaded stream to a state whose type it knows.
type ApplyStream<'a> = &'a (dyn Fn(&mut AnyState, LoadedStream) -> Result<(), ApplyStreamError> + Sync);

impl Executor {
    /// Loads the state of a stream with every committed event.
    pub async fn load<A: Decider>(&self, stream: &StreamId) -> Result<LoadedAggregate<A>, DispatchError> {
        let mut entry = self.cache.lock(stream).await;
        if let Some(in_flight) = entry.in_flight() {
            // A load returns committed events only.
            drop(entry);
            let _ = wait_for_outcome(&mut in_flight.outcome.clone()).await;
            entry = self.cache.lock(stream).await;
            if entry.in_flight().is_some() {
                // The stream is busy: load it without the cache.
                return self.load_uncached(stream).await;
            }
        }
        let mut cached = entry.cached.take().unwrap_or_else(|| empty_state(initial_state::<A>()));
        self.refresh(&mut cached, stream, Some(A::SNAPSHOT_VERSION), &apply_stream::<A>).await?;
        let aggregate = loaded_aggregate(&cached);
        entry.cached = Some(cached);
        Ok(aggregate)
    }

    async fn load_uncached<A: Decider>(
        &self,
        stream: &StreamId,
    ) -> Result<LoadedAggregate<A>, DispatchError> {
        let mut cached = empty_state(initial_state::<A>());
        self.refresh(&mut cached, stream, Some(A::SNAPSHOT_VERSION), &apply_stream::<A>).await?;
        Ok(loaded_aggregate(&cached))
    }

    /// Loads what a cached state lacks and applies it, from a snapshot of this version if there is one.
    /// A snapshot that cannot be read is passed over: it only saves time, and the events give the same state.
    ///
    /// # Errors
    /// [`DispatchError::Unavailable`] if the database fails. [`DispatchError::Fault`] if an event cannot be
    /// decrypted or decoded.
    pub async fn refresh(
        &self,
        cached: &mut CachedState,
        stream: &StreamId,
        snapshot_version: Option<i32>,
        apply_stream: ApplyStream<'_>,
    ) -> Result<(), DispatchError> {
        let after_version = cached.version;
        let request =
            |snapshot_version| LoadRequest { stream: stream.clone(), after_version, snapshot_version };
        match self.loader.load(request(snapshot_version)).await {
            Ok(loaded) => match apply_loaded(cached, loaded, apply_stream) {
                Err(ApplyStreamError::Snapshot(_)) => {}
                outcome => return outcome.map_err(apply_error),
            },
            Err(LoadError::Unreadable(_)) if snapshot_version.is_some() => {}
            Err(error) => return Err(load_error(error)),
        }
        // The error is not logged: it may quote personal data.
        tracing::warn!(%stream, ?snapshot_version, "cannot read the snapshot, loading all events");
        let loaded = self.loader.load(request(None)).await.map_err(load_error)?;
        apply_loaded(cached, loaded, apply_stream).map_err(apply_error)
    }
}

fn loaded_aggregate<A: Decider>(cached: &CachedState) -> LoadedAggregate<A> {
    LoadedAggregate {
        state: Arc::clone(downcast::<A>(&cached.state)),
        version: cached.version,
        position: cached.position(),
    }
}

fn load_error(error: LoadError) -> DispatchError {
    match error {
        LoadError::Unavailable(_) => DispatchError::Unavailable(Box::new(error)),
        LoadError::Unreadable(_) => DispatchError::Fault(Box::new(error)),
    }
}

fn apply_error(error: ApplyStreamError) -> DispatchError {
    DispatchError::Fault(Box::new(error))
}
