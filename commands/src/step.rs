//! One command on one stream, with the aggregate type hidden from the executor.

use std::any::Any;
use std::sync::Arc;

use cqrs_es::DomainEvent;
use domain::{ClaimRefused, Decider, EventEffects, Refusal, RefusalError, StreamId, StreamVersion};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::log::{EncodedEvent, LoadedStream};

/// A state whose type only its step knows: `Arc<A>` of the aggregate type `A`.
pub(crate) type AnyState = Box<dyn Any + Send + Sync>;

/// A command and its aggregate, as the executor uses them.
pub(crate) trait CommandStep: Send + Sync {
    fn stream(&self) -> &StreamId;
    fn snapshot_version(&self) -> i32;
    fn snapshot_every(&self) -> u64;
    fn initial_state(&self) -> AnyState;
    /// Applies a loaded stream to the state.
    fn apply_stream(&self, state: &mut AnyState, loaded: LoadedStream) -> Result<(), ApplyStreamError>;
    /// Decides the command. Its events are already applied to the state when this returns.
    fn decide(&self, state: &mut AnyState, now: Timestamp) -> Result<Vec<NewEvent>, Refusal>;
    fn claim_refusal(&self, claim: ClaimRefused) -> Refusal;
    fn snapshot(&self, state: &AnyState) -> Result<Value, serde_json::Error>;
}

/// A decided event in clear text: not yet sealed, without metadata.
pub(crate) struct NewEvent {
    pub event_type: String,
    pub event_version: String,
    pub payload: Value,
    pub claims: Vec<domain::Claim>,
    pub erases: Option<domain::AccountId>,
}

impl NewEvent {
    /// Encodes the event in its stored form. `payload` must be sealed by now.
    pub fn encode(self, metadata: &str, metadata_sha256: &str) -> EncodedEvent {
        let payload = self.payload.to_string();
        EncodedEvent {
            event_type: self.event_type,
            event_version: self.event_version,
            payload_sha256: sha256_hex(&payload),
            payload,
            metadata: metadata.to_owned(),
            metadata_sha256: metadata_sha256.to_owned(),
            claims: self.claims,
            erases: self.erases,
        }
    }
}

/// Computes the SHA-256 of a text, in lower-case hex.
pub(crate) fn sha256_hex(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// Step of an aggregate of type `A`.
pub(crate) struct TypedStep<A: Decider> {
    stream: StreamId,
    command: A::Command,
}

impl<A: Decider> TypedStep<A> {
    pub fn new(id: impl std::fmt::Display, command: A::Command) -> Self {
        Self { stream: StreamId::of::<A>(id), command }
    }
}

impl<A: Decider> CommandStep for TypedStep<A> {
    fn stream(&self) -> &StreamId {
        &self.stream
    }

    fn snapshot_version(&self) -> i32 {
        A::SNAPSHOT_VERSION
    }

    fn snapshot_every(&self) -> u64 {
        A::SNAPSHOT_EVERY
    }

    fn initial_state(&self) -> AnyState {
        initial_state::<A>()
    }

    fn apply_stream(&self, state: &mut AnyState, loaded: LoadedStream) -> Result<(), ApplyStreamError> {
        apply_stream::<A>(state, loaded)
    }

    fn decide(&self, state: &mut AnyState, now: Timestamp) -> Result<Vec<NewEvent>, Refusal> {
        let state = downcast_mut::<A>(state);
        let events = state.decide(&self.command, now).map_err(|error| error.refusal())?;
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let new_events = events.iter().map(new_event).collect();
        let state = Arc::make_mut(state);
        for event in events {
            state.apply(event);
        }
        Ok(new_events)
    }

    fn claim_refusal(&self, claim: ClaimRefused) -> Refusal {
        A::Error::claim_refused(claim)
    }

    fn snapshot(&self, state: &AnyState) -> Result<Value, serde_json::Error> {
        serde_json::to_value(&**downcast::<A>(state))
    }
}

fn new_event<E: EventEffects>(event: &E) -> NewEvent {
    NewEvent {
        event_type: DomainEvent::event_type(event),
        event_version: DomainEvent::event_version(event),
        payload: serde_json::to_value(event).expect("events can be serialised to JSON"),
        claims: event.claims(),
        erases: event.erases(),
    }
}

/// Returns the state before the first event.
pub(crate) fn initial_state<A: Decider>() -> AnyState {
    Box::new(Arc::new(A::default()))
}

/// Reason why a loaded stream could not be applied to a state.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApplyStreamError {
    /// The snapshot has another shape; the state is unchanged.
    #[error("a snapshot has another shape")]
    Snapshot(#[source] serde_json::Error),
    #[error("an event has another shape")]
    Event(#[source] serde_json::Error),
    /// The state is unchanged.
    #[error("event {found} was loaded where event {expected} follows")]
    NotContiguous { expected: StreamVersion, found: StreamVersion },
}

/// Applies a snapshot and events to a state.
pub(crate) fn apply_stream<A: Decider>(
    state: &mut AnyState,
    loaded: LoadedStream,
) -> Result<(), ApplyStreamError> {
    if let Some(snapshot) = loaded.snapshot {
        let snapshot = serde_json::from_value::<A>(snapshot.state).map_err(ApplyStreamError::Snapshot)?;
        *state = Box::new(Arc::new(snapshot));
    }
    if loaded.events.is_empty() {
        return Ok(());
    }
    let aggregate = Arc::make_mut(downcast_mut::<A>(state));
    for event in loaded.events {
        let payload = domain::upcast(A::TYPE, &event.event_type, &event.event_version, event.payload);
        aggregate.apply(serde_json::from_value(payload).map_err(ApplyStreamError::Event)?);
    }
    Ok(())
}

/// Returns the typed state; panics if it belongs to another aggregate type.
pub(crate) fn downcast<A: Decider>(state: &AnyState) -> &Arc<A> {
    state.downcast_ref().expect("a stream's type names its aggregate")
}

fn downcast_mut<A: Decider>(state: &mut AnyState) -> &mut Arc<A> {
    state.downcast_mut().expect("a stream's type names its aggregate")
}
