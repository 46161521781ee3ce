//! One command on one stream, with the type of its aggregate hidden from the executor.

use std::any::Any;
use std::sync::Arc;

use cqrs_es::DomainEvent;
use domain::{ClaimRefused, Decider, Fact, Refusal, Refuses, StreamId};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::log::{EncodedEvent, LoadedStream};

/// A folded state whose type only its step knows.
pub(crate) type State = Box<dyn Any + Send + Sync>;

/// What the executor needs to know of a command and its aggregate.
pub(crate) trait Step: Send + Sync {
    fn stream(&self) -> &StreamId;
    fn snapshot_version(&self) -> i32;
    fn snapshot_every(&self) -> u64;
    fn unborn(&self) -> State;
    /// Folds what was loaded into the state.
    fn fold(&self, state: &mut State, loaded: LoadedStream) -> Result<(), serde_json::Error>;
    /// Decides; the events are already folded into the state when this returns.
    fn decide(&self, state: &mut State, now: Timestamp) -> Result<Vec<Decided>, Refusal>;
    fn refused_claim(&self, claim: ClaimRefused) -> Refusal;
    fn snapshot(&self, state: &State) -> Result<Value, serde_json::Error>;
}

/// An event that was decided, clear: not sealed yet, without metadata.
pub(crate) struct Decided {
    pub event_type: String,
    pub event_version: String,
    pub payload: Value,
    pub claims: Vec<domain::Claim>,
    pub erases: Option<domain::AccountId>,
}

impl Decided {
    /// The stored form; `payload` was sealed in the meantime.
    pub fn encode(self, metadata: &str, metadata_sha256: &str) -> EncodedEvent {
        let payload = self.payload.to_string();
        EncodedEvent {
            event_type: self.event_type,
            event_version: self.event_version,
            payload_sha256: text_sha256(&payload),
            payload,
            metadata: metadata.to_owned(),
            metadata_sha256: metadata_sha256.to_owned(),
            claims: self.claims,
            erases: self.erases,
        }
    }
}

/// SHA-256 of a text, in hex.
pub(crate) fn text_sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// The step of an aggregate of type `A`.
pub(crate) struct On<A: Decider> {
    stream: StreamId,
    command: A::Command,
}

impl<A: Decider> On<A> {
    pub fn new(id: impl std::fmt::Display, command: A::Command) -> Self {
        Self { stream: StreamId::of::<A>(id), command }
    }
}

impl<A: Decider> Step for On<A> {
    fn stream(&self) -> &StreamId {
        &self.stream
    }

    fn snapshot_version(&self) -> i32 {
        A::SNAPSHOT_VERSION
    }

    fn snapshot_every(&self) -> u64 {
        A::SNAPSHOT_EVERY
    }

    fn unborn(&self) -> State {
        unborn::<A>()
    }

    fn fold(&self, state: &mut State, loaded: LoadedStream) -> Result<(), serde_json::Error> {
        fold::<A>(state, loaded)
    }

    fn decide(&self, state: &mut State, now: Timestamp) -> Result<Vec<Decided>, Refusal> {
        let state = typed_mut::<A>(state);
        let events = state.decide(&self.command, now).map_err(|error| error.refusal())?;
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let decided = events.iter().map(decided).collect();
        let state = Arc::make_mut(state);
        for event in events {
            state.apply(event);
        }
        Ok(decided)
    }

    fn refused_claim(&self, claim: ClaimRefused) -> Refusal {
        A::Error::claim_refused(claim)
    }

    fn snapshot(&self, state: &State) -> Result<Value, serde_json::Error> {
        serde_json::to_value(&**typed::<A>(state))
    }
}

fn decided<E: Fact>(event: &E) -> Decided {
    Decided {
        event_type: DomainEvent::event_type(event),
        event_version: DomainEvent::event_version(event),
        payload: serde_json::to_value(event).expect("events serialise to JSON"),
        claims: event.claims(),
        erases: event.erases(),
    }
}

/// The state before the first event.
pub(crate) fn unborn<A: Decider>() -> State {
    Box::new(Arc::new(A::default()))
}

/// Folds a snapshot and events into a state.
pub(crate) fn fold<A: Decider>(state: &mut State, loaded: LoadedStream) -> Result<(), serde_json::Error> {
    if let Some(snapshot) = loaded.snapshot {
        *state = Box::new(Arc::new(serde_json::from_value::<A>(snapshot.state)?));
    }
    if loaded.events.is_empty() {
        return Ok(());
    }
    let aggregate = Arc::make_mut(typed_mut::<A>(state));
    for event in loaded.events {
        let payload = domain::lift(A::TYPE, &event.event_type, &event.event_version, event.payload);
        aggregate.apply(serde_json::from_value(payload)?);
    }
    Ok(())
}

pub(crate) fn typed<A: Decider>(state: &State) -> &Arc<A> {
    state.downcast_ref().expect("a stream's type names its aggregate")
}

fn typed_mut<A: Decider>(state: &mut State) -> &mut Arc<A> {
    state.downcast_mut().expect("a stream's type names its aggregate")
}
