//! The traits of an aggregate: decide (pure, may refuse), then apply (cannot fail).

use std::sync::Arc;

use cqrs_es::{Aggregate, DomainEvent};
use jiff::Timestamp;

use crate::claims::{Claim, ClaimRefused};
use crate::clock::Clock;
use crate::ids::AccountId;
use crate::refusal::Refusal;

/// Domain event with its effects outside its stream.
pub trait EventEffects: DomainEvent {
    /// Returns what this event reserves or releases across aggregates.
    fn claims(&self) -> Vec<Claim> {
        Vec::new()
    }

    /// Returns the person whose key is destroyed in the transaction that appends this event.
    fn erases(&self) -> Option<AccountId> {
        None
    }
}

/// Error by which an aggregate refuses a command.
pub trait RefusalError: std::error::Error {
    /// Returns the refusal that clients read.
    fn refusal(&self) -> Refusal;

    /// Returns the refusal for a claim that another owner holds.
    fn claim_refused(claim: ClaimRefused) -> Refusal;
}

/// Result of a command: the events to append, or the refusal.
pub type Decision<A> = Result<Vec<<A as Aggregate>::Event>, <A as Aggregate>::Error>;

/// Aggregate that decides synchronously and purely.
///
/// `handle` of cqrs-es is a short function that calls [`Decider::decide`].
pub trait Decider:
    Aggregate<
        Command: Clone + Send + Sync,
        Event: EventEffects,
        Error: RefusalError + Send + Sync,
        Services = Arc<dyn Clock>,
    > + Clone
    + 'static
{
    /// Version of the serialised state. A change of its shape raises it, and older snapshots are ignored.
    const SNAPSHOT_VERSION: i32;
    /// Number of versions between two snapshots of a stream. It bounds the number of events to apply when
    /// the state is not cached.
    const SNAPSHOT_EVERY: u64 = 100;

    /// Returns the events that follow from a command in this state; none if the command changes nothing.
    fn decide(&self, command: &Self::Command, now: Timestamp) -> Decision<Self>;
}
