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
///
/// # Example
/// A list of names that can be closed. `CONTRIBUTING.md` has the steps that an aggregate of the product needs
/// besides.
///
/// ```
/// use std::sync::Arc;
///
/// use cqrs_es::event_sink::EventSink;
/// use cqrs_es::{Aggregate, DomainEvent};
/// use domain::{
///     ClaimRefused, Clock, Decider, Decision, EventEffects, Refusal, RefusalError, RefusalKind,
/// };
/// use jiff::Timestamp;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone)]
/// enum SignUpCommand {
///     AddName { name: String },
///     Close {},
/// }
///
/// /// Facts, in the past tense; the log stores them.
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// enum SignUpEvent {
///     NameAdded { name: String },
///     SignUpClosed {},
/// }
///
/// impl DomainEvent for SignUpEvent {
///     fn event_type(&self) -> String {
///         match self {
///             SignUpEvent::NameAdded { .. } => "NameAdded".to_owned(),
///             SignUpEvent::SignUpClosed {} => "SignUpClosed".to_owned(),
///         }
///     }
///
///     fn event_version(&self) -> String {
///         "1.0".to_owned()
///     }
/// }
///
/// impl EventEffects for SignUpEvent {}
///
/// #[derive(Debug, PartialEq, thiserror::Error)]
/// enum SignUpError {
///     #[error("the list is closed")]
///     Closed,
/// }
///
/// impl RefusalError for SignUpError {
///     fn refusal(&self) -> Refusal {
///         Refusal::new("sign_up_closed", RefusalKind::Conflict, self.to_string())
///     }
///
///     fn claim_refused(claim: ClaimRefused) -> Refusal {
///         Refusal::conflict("claim_taken", format!("{claim:?}"))
///     }
/// }
///
/// /// State: no more than the rules read.
/// #[derive(Clone, Default, Serialize, Deserialize)]
/// struct SignUp {
///     names: Vec<String>,
///     closed: bool,
/// }
///
/// impl Decider for SignUp {
///     const SNAPSHOT_VERSION: i32 = 1;
///
///     fn decide(&self, command: &SignUpCommand, _now: Timestamp) -> Decision<Self> {
///         match command {
///             SignUpCommand::AddName { .. } if self.closed => Err(SignUpError::Closed),
///             // The state is already so: nothing happens.
///             SignUpCommand::AddName { name } if self.names.contains(name) => Ok(vec![]),
///             SignUpCommand::AddName { name } => Ok(vec![SignUpEvent::NameAdded { name: name.clone() }]),
///             SignUpCommand::Close {} if self.closed => Ok(vec![]),
///             SignUpCommand::Close {} => Ok(vec![SignUpEvent::SignUpClosed {}]),
///         }
///     }
/// }
///
/// impl Aggregate for SignUp {
///     const TYPE: &'static str = "SignUp";
///     type Command = SignUpCommand;
///     type Event = SignUpEvent;
///     type Error = SignUpError;
///     type Services = Arc<dyn Clock>;
///
///     async fn handle(
///         &mut self,
///         command: SignUpCommand,
///         clock: &Arc<dyn Clock>,
///         sink: &EventSink<Self>,
///     ) -> Result<(), SignUpError> {
///         for event in self.decide(&command, clock.now())? {
///             sink.write(event, self).await;
///         }
///         Ok(())
///     }
///
///     fn apply(&mut self, event: SignUpEvent) {
///         match event {
///             SignUpEvent::NameAdded { name } => self.names.push(name),
///             SignUpEvent::SignUpClosed {} => self.closed = true,
///         }
///     }
/// }
///
/// // Given these events, when this command comes, then this follows.
/// let mut list = SignUp::default();
/// let add = |name: &str| SignUpCommand::AddName { name: name.to_owned() };
/// let events = list.decide(&add("Анна"), Timestamp::UNIX_EPOCH).unwrap();
/// assert_eq!(events, [SignUpEvent::NameAdded { name: "Анна".to_owned() }]);
///
/// list.apply(events[0].clone());
/// assert_eq!(list.decide(&add("Анна"), Timestamp::UNIX_EPOCH), Ok(vec![]));
///
/// list.apply(SignUpEvent::SignUpClosed {});
/// assert_eq!(list.decide(&add("Борис"), Timestamp::UNIX_EPOCH), Err(SignUpError::Closed));
/// ```
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
