//! Ids: each kind of id is a separate type. Outside of Rust an id is a UUIDv7 in its text form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares a newtype over a UUID that reads and writes as its hyphenated text.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Returns the id as a plain UUID, for SQL.
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    };
}

id!(
    /// A person's account; also the subject whose key seals personal data.
    AccountId
);
id!(
    /// A support ticket.
    TicketId
);
id!(
    /// A reply in a ticket; the requester sees it.
    ReplyId
);
id!(
    /// A note in a ticket; only agents see it.
    NoteId
);
id!(
    /// A session of an account. It is not the session token, which is a secret.
    SessionId
);
id!(
    /// An object outside the log, such as a picture.
    ObjectId
);
id!(
    /// A slot, and the lesson in it.
    SlotId
);
id!(
    /// A booking; its id stays the same when it moves to another slot.
    BookingId
);
id!(
    /// A hold of a seat.
    HoldId
);
id!(
    /// A proposal to move a lesson.
    ProposalId
);
id!(
    /// A series of slots.
    SeriesId
);
id!(
    /// A student's request for a lesson.
    RequestId
);
id!(
    /// A waitlist entry.
    WaitlistEntryId
);
id!(
    /// A class: a group of students.
    ClassId
);
id!(
    /// A conversation.
    ConversationId
);
id!(
    /// A message in a conversation.
    MessageId
);
id!(
    /// A notification in a person's inbox.
    NotificationId
);
id!(
    /// A lesson room: opened by one node, closed once.
    RoomId
);
id!(
    /// A person's connection to a lesson room.
    ConnectionId
);
id!(
    /// A command; its id is the idempotency key.
    CommandId
);

impl CommandId {
    /// Returns the id of a command that follows from `cause`, so that a retry after a crash uses the same id.
    /// The same cause and purpose always give the same id (UUIDv5, RFC 9562).
    pub fn derived(cause: Uuid, purpose: &str) -> Self {
        Self(Uuid::new_v5(&cause, purpose.as_bytes()))
    }
}

/// Stream id: the type of an aggregate and the id of one instance.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct StreamId {
    #[serde(rename = "type")]
    pub aggregate_type: String,
    #[serde(rename = "id")]
    pub aggregate_id: String,
}

impl StreamId {
    /// Returns the stream of one instance of an aggregate.
    pub fn of<A: cqrs_es::Aggregate>(id: impl fmt::Display) -> Self {
        Self { aggregate_type: A::TYPE.to_owned(), aggregate_id: id.to_string() }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.aggregate_type, self.aggregate_id)
    }
}

/// Parses `TYPE/ID`, as used on the command line.
impl FromStr for StreamId {
    type Err = StreamIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('/') {
            Some((kind, id)) if !kind.is_empty() && !id.is_empty() => {
                Ok(Self { aggregate_type: kind.to_owned(), aggregate_id: id.to_owned() })
            }
            _ => Err(StreamIdError),
        }
    }
}

/// Error for a text that is not `TYPE/ID`.
#[derive(Debug, thiserror::Error)]
#[error("a stream is written as TYPE/ID, for example Account/0198…")]
pub struct StreamIdError;
