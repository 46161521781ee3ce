//! Refusals of commands to a conversation.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::field_problem::FieldProblem;
use crate::refusal::{Reason, Refusal, RefusalKind};

/// Refusal by a conversation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConversationError {
    #[error("the conversation does not exist, or not for this person")]
    NotFound,
    #[error("the message does not exist, or not for this person")]
    MessageNotFound,
    #[error("a conversation has at least two different people")]
    BadParticipants,
    #[error("the conversation exists with other people")]
    AlreadyStarted,
    #[error("a person cannot join or leave a direct conversation")]
    DirectStays,
    #[error("only the sender may change a message")]
    NotAuthor,
    #[error("the message was deleted")]
    Deleted,
    #[error("a person cannot report their own message")]
    OwnMessage,
    #[error("the other participant blocks messages from this person")]
    Blocked,
    #[error("blocking is only possible in a direct conversation")]
    NotDirect,
    #[error("{} of the fields are invalid", .0.len())]
    InvalidFields(Vec<FieldProblem>),
}

impl RefusalError for ConversationError {
    fn refusal(&self) -> Refusal {
        use RefusalKind::{Conflict, Forbidden, Invalid, NotFound};
        let (code, kind) = match self {
            ConversationError::NotFound => ("conversation_not_found", NotFound),
            ConversationError::MessageNotFound => ("message_not_found", NotFound),
            ConversationError::BadParticipants => ("bad_participants", Invalid),
            ConversationError::AlreadyStarted => ("conversation_already_started", Conflict),
            ConversationError::DirectStays => ("direct_conversation", Conflict),
            ConversationError::NotAuthor => ("not_the_author", Forbidden),
            ConversationError::Deleted => ("message_deleted", Conflict),
            ConversationError::OwnMessage => ("own_message", Conflict),
            ConversationError::Blocked => ("blocked", Forbidden),
            ConversationError::NotDirect => ("not_a_direct_conversation", Conflict),
            ConversationError::InvalidFields(_) => ("invalid_fields", Invalid),
        };
        let refusal = Refusal::new(code, kind, self.to_string());
        match self {
            ConversationError::InvalidFields(problems) => {
                problems.iter().map(Reason::from).fold(refusal, Refusal::because)
            }
            ConversationError::BadParticipants => refusal.because(Reason::field("/participant_id", code)),
            _ => refusal.because(Reason::rule(code)),
        }
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        Refusal::conflict("claim_taken", format!("{claim:?}"))
    }
}
