//! State of a conversation: participants, length, and how far each has read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::events::{ConversationContext, ConversationKind};
use crate::ids::AccountId;

/// A conversation: not there yet, or started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Conversation {
    #[default]
    Unstarted,
    Started(Box<Thread>),
}

/// A conversation that was started. Its size does not grow with the number of its messages: what was
/// said is in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    pub kind: ConversationKind,
    pub context: Option<ConversationContext>,
    /// Everybody who ever took part.
    pub participants: BTreeMap<AccountId, Participant>,
    /// The number of the last message; 0 before the first.
    pub head: u64,
    /// Numbers of the messages that were deleted.
    pub deleted: BTreeSet<u64>,
}

/// One person's own view of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    pub left: bool,
    /// The last message that was read; unread are those after it.
    pub read_up_to: u64,
    /// Messages up to this one are shown no more.
    pub cleared_up_to: u64,
    pub archived: bool,
    pub hidden: bool,
    /// The other wants no messages from this person.
    pub blocked: bool,
}

impl Conversation {
    /// What was started, if it was.
    pub fn thread(&self) -> Option<&Thread> {
        match self {
            Conversation::Unstarted => None,
            Conversation::Started(thread) => Some(thread),
        }
    }
}

impl Thread {
    /// The view of somebody who takes part now.
    pub fn participant(&self, person: AccountId) -> Option<&Participant> {
        self.participants.get(&person).filter(|participant| !participant.left)
    }

    /// The other of a direct conversation.
    pub fn other(&self, person: AccountId) -> Option<(AccountId, &Participant)> {
        let mut others = self.participants.iter().filter(|(who, _)| **who != person);
        let direct = self.kind == ConversationKind::Direct;
        others.next().filter(|_| direct).map(|(who, participant)| (*who, participant))
    }

    /// Messages after the read position.
    pub fn unread(&self, person: AccountId) -> u64 {
        self.participant(person).map_or(0, |participant| self.head - participant.read_up_to)
    }
}
