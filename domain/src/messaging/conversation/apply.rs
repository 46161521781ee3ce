//! Applies events to a conversation; cannot fail and holds no rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::commands::ConversationCommand;
use super::conversation::{Conversation, ConversationState, Participant};
use super::error::ConversationError;
use super::events::ConversationEvent;
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::AccountId;

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
                let thread =
                    ConversationState { kind, context, participants, head: 0, deleted: BTreeSet::new() };
                *self = Conversation::Started(Box::new(thread));
            }
            (Conversation::Started(thread), event) => thread.apply(&event),
            (Conversation::Unstarted, _) => {}
        }
    }
}

impl ConversationState {
    fn apply(&mut self, event: &ConversationEvent) {
        match event {
            ConversationEvent::ConversationStarted { .. }
            | ConversationEvent::MessageEdited { .. }
            | ConversationEvent::MessageReported { .. } => {}
            ConversationEvent::ParticipantJoined { participant } => {
                // Earlier messages are not unread for a participant who joins later.
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
                // A sender has read all earlier messages.
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
