//! Why a command to a conversation is refused.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::field_problem::FieldProblem;
use crate::refusal::{Reason, Refusal, RefusalKind};

/// A refusal by a conversation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConversationError {
    #[error("there is no such conversation, or not for this person")]
    NotFound,
    #[error("there is no such message, or not for this person")]
    MessageNotFound,
    #[error("a conversation has at least two people, each of them once")]
    BadParticipants,
    #[error("the conversation is there with other people")]
    AlreadyStarted,
    #[error("nobody joins or leaves a conversation of two")]
    DirectStays,
    #[error("only who wrote a message changes it")]
    NotAuthor,
    #[error("the message was deleted")]
    Deleted,
    #[error("nobody reports their own message")]
    OwnMessage,
    #[error("the other does not want messages from this person")]
    Blocked,
    #[error("only a conversation of two knows blocking")]
    NotDirect,
    #[error("{} of the fields are not acceptable", .0.len())]
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
