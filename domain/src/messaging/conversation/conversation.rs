//! State of a conversation: participants, number of messages, and read positions.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::events::{ConversationContext, ConversationKind};
use crate::ids::AccountId;

/// Conversation: not yet started, or started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Conversation {
    #[default]
    Unstarted,
    Started(Box<ConversationState>),
}

/// Started conversation. Its size does not grow with the number of its messages; their texts are in the
/// log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConversationState {
    pub kind: ConversationKind,
    pub context: Option<ConversationContext>,
    /// All present and former participants.
    pub participants: BTreeMap<AccountId, Participant>,
    /// Number of the last message; 0 before the first.
    pub head: u64,
    /// Numbers of the deleted messages.
    pub deleted: BTreeSet<u64>,
}

/// Participant's own state in a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    pub left: bool,
    /// Number of the last message that was read; later messages are unread.
    pub read_up_to: u64,
    /// Messages up to this number are hidden from the participant.
    pub cleared_up_to: u64,
    pub archived: bool,
    pub hidden: bool,
    /// The other participant blocks messages from this person.
    pub blocked: bool,
}

impl Conversation {
    /// Returns the started conversation; `None` before the start.
    pub fn thread(&self) -> Option<&ConversationState> {
        match self {
            Conversation::Unstarted => None,
            Conversation::Started(thread) => Some(thread),
        }
    }
}

impl ConversationState {
    /// Returns the state of a present participant.
    pub fn participant(&self, person: AccountId) -> Option<&Participant> {
        self.participants.get(&person).filter(|participant| !participant.left)
    }

    /// Returns the other participant of a direct conversation.
    pub fn other(&self, person: AccountId) -> Option<(AccountId, &Participant)> {
        let mut others = self.participants.iter().filter(|(who, _)| **who != person);
        let direct = self.kind == ConversationKind::Direct;
        others.next().filter(|_| direct).map(|(who, participant)| (*who, participant))
    }

    /// Returns the number of messages after the read position.
    pub fn unread(&self, person: AccountId) -> u64 {
        self.participant(person).map_or(0, |participant| self.head - participant.read_up_to)
    }
}
