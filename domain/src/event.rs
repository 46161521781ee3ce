//! Events of all contexts, for event handlers that read the whole log.

use cqrs_es::{Aggregate, DomainEvent};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::accounts::{Account, AccountEvent};
use crate::claims::Claim;
use crate::code_enum;
use crate::crm::{CrmLink, CrmLinkEvent};
use crate::decider::EventEffects;
use crate::messaging::{Conversation, ConversationEvent};
use crate::notifications::{Inbox, InboxEvent};
use crate::scheduling::{
    AvailabilitySeries, Class, ClassEvent, LessonRequest, LessonRequestEvent, SeriesEvent, Slot, SlotEvent,
    WaitlistEntry, WaitlistEvent,
};
use crate::support::{Ticket, TicketEvent};
use crate::upcast;
use crate::video::{VideoSession, VideoSessionEvent};

/// Declares [`Event`] over the aggregates, each with its context.
macro_rules! events {
    ($( $variant:ident($aggregate:ident, $event:ident) in $context:ident ),+ $(,)?) => {
        /// Event of any context.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Event {
            $( $variant($event), )+
        }

        impl ContextName {
            /// Returns the context that owns an aggregate type; `None` for an unknown type.
            pub fn of_aggregate(aggregate_type: &str) -> Option<Self> {
                match aggregate_type {
                    $( $aggregate::TYPE => Some(ContextName::$context), )+
                    _ => None,
                }
            }
        }

        impl Event {
            /// All aggregate types that this version knows.
            pub const AGGREGATES: &[&str] = &[$( $aggregate::TYPE ),+];

            /// Reads a decrypted payload of any version that was ever written.
            ///
            /// # Errors
            /// [`DecodeError`] if the type is unknown or the payload does not have the shape of its version.
            pub fn decode(
                aggregate_type: &str,
                event_type: &str,
                event_version: &str,
                payload: Value,
            ) -> Result<Self, DecodeError> {
                match aggregate_type {
                    $( $aggregate::TYPE => {
                        read(aggregate_type, event_type, event_version, payload).map(Event::$variant)
                    } )+
                    other => Err(DecodeError::UnknownAggregate(other.to_owned())),
                }
            }

            pub fn event_type(&self) -> String {
                match self { $( Event::$variant(event) => event.event_type(), )+ }
            }

            /// Returns the version in which the present code writes this event.
            pub fn event_version(&self) -> String {
                match self { $( Event::$variant(event) => event.event_version(), )+ }
            }

            /// Returns the type of the aggregate that the event belongs to.
            pub fn aggregate_type(&self) -> &'static str {
                match self { $( Event::$variant(_) => $aggregate::TYPE, )+ }
            }

            /// Returns what the event reserves or releases across aggregates.
            pub fn claims(&self) -> Vec<Claim> {
                match self { $( Event::$variant(event) => event.claims(), )+ }
            }

            /// Returns the payload before it is sealed: `{"<EventType>":{…}}`, with personal values marked.
            pub fn payload(&self) -> Value {
                match self { $( Event::$variant(event) => serde_json::to_value(event), )+ }
                    .expect("events are plain data with text keys")
            }
        }

        $(
            /// Returns the event of this aggregate, or gives back the event of another aggregate.
            impl TryFrom<Event> for $event {
                type Error = Event;

                fn try_from(event: Event) -> Result<Self, Event> {
                    match event {
                        Event::$variant(event) => Ok(event),
                        other => Err(other),
                    }
                }
            }
        )+
    };
}

events! {
    Account(Account, AccountEvent) in Accounts,
    CrmLink(CrmLink, CrmLinkEvent) in Crm,
    Conversation(Conversation, ConversationEvent) in Messaging,
    Inbox(Inbox, InboxEvent) in Notifications,
    Slot(Slot, SlotEvent) in Scheduling,
    Series(AvailabilitySeries, SeriesEvent) in Scheduling,
    Request(LessonRequest, LessonRequestEvent) in Scheduling,
    Waitlist(WaitlistEntry, WaitlistEvent) in Scheduling,
    Class(Class, ClassEvent) in Scheduling,
    Ticket(Ticket, TicketEvent) in Support,
    Video(VideoSession, VideoSessionEvent) in Video,
}

fn read<E: DeserializeOwned>(
    aggregate_type: &str,
    event_type: &str,
    event_version: &str,
    payload: Value,
) -> Result<E, DecodeError> {
    let payload = upcast::upcast(aggregate_type, event_type, event_version, payload);
    serde_json::from_value(payload).map_err(redact_error).map_err(|source| DecodeError::Shape {
        aggregate_type: aggregate_type.to_owned(),
        event_type: event_type.to_owned(),
        event_version: event_version.to_owned(),
        source,
    })
}

code_enum!(
    /// Contexts in alphabetical order; each owns some aggregates.
    ContextName {
        Accounts = "accounts",
        Crm = "crm",
        Messaging = "messaging",
        Notifications = "notifications",
        Scheduling = "scheduling",
        Support = "support",
        Video = "video",
    }
);

/// Removes the text that an error quotes, because a misplaced text may be personal data.
fn redact_error(error: serde_json::Error) -> serde_json::Error {
    let message = error.to_string();
    match (message.find('"'), message.rfind('"')) {
        (Some(from), Some(to)) if from < to => {
            serde::de::Error::custom(format!("{}…{}", &message[..from], &message[to + 1..]))
        }
        _ => error,
    }
}

/// Reason why stored bytes are not an event that this version can read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("unknown aggregate type {0}")]
    UnknownAggregate(String),
    #[error("{aggregate_type}.{event_type} {event_version} has an unknown shape")]
    Shape {
        aggregate_type: String,
        event_type: String,
        event_version: String,
        #[source]
        source: serde_json::Error,
    },
}
