//! The shape of an aggregate: decide (pure, may refuse), then apply (cannot fail).

use std::sync::Arc;

use cqrs_es::{Aggregate, DomainEvent};
use jiff::Timestamp;

use crate::claims::{Claim, ClaimRefused};
use crate::clock::Clock;
use crate::ids::AccountId;
use crate::refusal::Refusal;

/// A domain event with what follows from it beside its stream.
pub trait EventEffects: DomainEvent {
    /// What this event reserves or frees across aggregates.
    fn claims(&self) -> Vec<Claim> {
        Vec::new()
    }

    /// The person whose key is destroyed in the transaction that appends this event.
    fn erases(&self) -> Option<AccountId> {
        None
    }
}

/// An error by which an aggregate says no.
pub trait RefusalError: std::error::Error {
    /// The refusal as the outside world reads it.
    fn refusal(&self) -> Refusal;

    /// The refusal when an event's claim is held by another.
    fn claim_refused(claim: ClaimRefused) -> Refusal;
}

/// Result of a command: the events to append, or the refusal.
pub type Decision<A> = Result<Vec<<A as Aggregate>::Event>, <A as Aggregate>::Error>;

/// An aggregate that decides synchronously and purely.
///
/// `handle` of cqrs-es is the four-line shell around [`Decider::decide`].
pub trait Decider:
    Aggregate<
        Command: Clone + Send + Sync,
        Event: EventEffects,
        Error: RefusalError + Send + Sync,
        Services = Arc<dyn Clock>,
    > + Clone
    + 'static
{
    /// Counts up whenever the serialised state changes its shape: older snapshots are ignored.
    const SNAPSHOT_VERSION: i32;
    /// A stream gets a snapshot whenever its version passes a multiple of this: at most so many events
    /// are folded by who knows nothing of it yet.
    const SNAPSHOT_EVERY: u64 = 100;

    /// The events that follow from a command in this state; none when it is already so.
    fn decide(&self, command: &Self::Command, now: Timestamp) -> Decision<Self>;
}
