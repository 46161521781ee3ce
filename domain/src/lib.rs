//! Domain: the commands, the events and the rules between them; pure, no I/O.

pub mod accounts;
pub mod crm;
pub mod messaging;
pub mod notifications;
pub mod scheduling;
pub mod support;
pub mod video;

mod actor;
mod catalogue;
mod claims;
mod clock;
mod code_enum;
mod context;
mod countries;
mod decider;
mod dictionary;
mod dispatch;
mod event;
mod event_types;
mod field_problem;
mod ids;
mod log;
mod money;
mod personal;
mod position;
#[cfg(test)]
mod property_testing;
mod recorded;
mod refusal;
mod upcast;

pub use actor::{Actor, Role, Source};
pub use catalogue::{CatalogueEntry, catalogue, catalogue_markdown};
pub use claims::{Claim, ClaimRefused};
pub use clock::{Clock, FixedClock, Ids, RandomIds, SystemClock};
pub use code_enum::{CodeEnum, UnknownCode};
pub use context::{CommandContext, Metadata};
pub use countries::is_country;
pub use decider::{Decider, Decision, EventEffects, RefusalError};
pub use dictionary::{DURATIONS_MINUTES, Vocabulary};
pub use dispatch::{Command, Dispatch, DispatchError, Receipt, VersionedStream};
pub use event::{ContextName, DecodeError, Event};
pub use field_problem::FieldProblem;
pub use ids::{
    AccountId, BookingId, ClassId, CommandId, ConnectionId, ConversationId, HoldId, MessageId, NoteId,
    NotificationId, ObjectId, ProposalId, ReplyId, RequestId, RoomId, SeriesId, SessionId, SlotId, StreamId,
    StreamIdError, TicketId, WaitlistEntryId,
};
pub use log::{EventLog, LogError, SealedEvent};
pub use money::{Currency, Money};
pub use personal::{PERSONAL_MARK, Personal};
pub use position::{Position, StreamVersion};
pub use recorded::{RecordedEvent, event_id, fold_events};
pub use refusal::{Reason, Refusal, RefusalKind};
pub use upcast::{upcast, upcasters};
