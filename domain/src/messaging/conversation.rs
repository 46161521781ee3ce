//! A conversation as it stands: who takes part, how long it is, how far each has read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commands::ConversationCommand;
use super::error::ConversationError;
use super::events::{ConversationContext, ConversationEvent, ConversationKind};
use crate::clock::Clock;
use crate::decider::Decider;
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

    fn take(&mut self, event: &ConversationEvent) {
        match event {
            ConversationEvent::ConversationStarted { .. }
            | ConversationEvent::MessageEdited { .. }
            | ConversationEvent::MessageReported { .. } => {}
            ConversationEvent::ParticipantJoined { participant } => {
                // Who comes later finds nothing unread of what was said before.
                let head = self.head;
                let joined = self.participants.entry(*participant).or_default();
                joined.left = false;
                joined.read_up_to = joined.read_up_to.max(head);
            }
            ConversationEvent::ParticipantLeft { participant } => {
                self.change(*participant, |participant| participant.left = true);
            }
            ConversationEvent::MessageSent { sequence, sender, .. } => {
                self.head = *sequence;
                self.participants.values_mut().for_each(|participant| participant.hidden = false);
                // Who writes has read what is above.
                self.change(*sender, |participant| participant.read_up_to = *sequence);
            }
            ConversationEvent::MessageDeleted { sequence, .. } => {
                self.deleted.insert(*sequence);
            }
            ConversationEvent::ConversationRead { participant, up_to } => {
                self.change(*participant, |participant| participant.read_up_to = *up_to);
            }
            ConversationEvent::ConversationArchived { participant } => {
                self.change(*participant, |participant| participant.archived = true);
            }
            ConversationEvent::ConversationUnarchived { participant } => {
                self.change(*participant, |participant| participant.archived = false);
            }
            ConversationEvent::ConversationCleared { participant, up_to } => {
                self.change(*participant, |participant| {
                    participant.cleared_up_to = *up_to;
                    participant.read_up_to = participant.read_up_to.max(*up_to);
                });
            }
            ConversationEvent::ConversationHidden { participant } => {
                self.change(*participant, |participant| participant.hidden = true);
            }
            ConversationEvent::ParticipantBlocked { participant, .. } => {
                self.change(*participant, |participant| participant.blocked = true);
            }
            ConversationEvent::ParticipantUnblocked { participant, .. } => {
                self.change(*participant, |participant| participant.blocked = false);
            }
        }
    }

    fn change(&mut self, person: AccountId, change: impl FnOnce(&mut Participant)) {
        if let Some(participant) = self.participants.get_mut(&person) {
            change(participant);
        }
    }
}

impl Decider for Conversation {
    const SNAPSHOT_VERSION: i32 = 2;
    /// Small however long it is, so that often costs little: a message to many others loads what one to
    /// ten does.
    const SNAPSHOT_EVERY: u64 = 20;

    fn decide(
        &self,
        command: &ConversationCommand,
        _now: Timestamp,
    ) -> Result<Vec<ConversationEvent>, ConversationError> {
        match (self, command) {
            (Conversation::Unstarted, ConversationCommand::StartConversation(new)) => {
                super::deciding::start(new)
            }
            (Conversation::Unstarted, _) => Err(ConversationError::NotFound),
            (Conversation::Started(thread), command) => thread.decide(command),
        }
    }
}

impl Aggregate for Conversation {
    const TYPE: &'static str = "Conversation";
    type Command = ConversationCommand;
    type Event = ConversationEvent;
    type Error = ConversationError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: ConversationCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), ConversationError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ConversationEvent) {
        match (&mut *self, event) {
            (_, ConversationEvent::ConversationStarted { kind, participants, context }) => {
                let participants =
                    participants.into_iter().map(|who| (who, Participant::default())).collect();
                let thread = Thread { kind, context, participants, head: 0, deleted: BTreeSet::new() };
                *self = Conversation::Started(Box::new(thread));
            }
            (Conversation::Started(thread), event) => thread.take(&event),
            (Conversation::Unstarted, _) => {}
        }
    }
}
