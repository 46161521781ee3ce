//! Decides commands to a conversation.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::commands::{ConversationCommand, NewConversation, NewMessage, SentMessage};
use super::conversation::{Conversation, ConversationState, Participant};
use super::error::ConversationError;
use super::events::{Attachment, ConversationEvent, ConversationKind};
use crate::accounts::{Lines, bounded_text};
use crate::decider::{Decider, Decision};
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::messaging::limits::{
    ATTACHMENTS_MAX, BODY_LIMIT, FILE_NAME_LIMIT, PARTICIPANTS_MAX, REPORT_REASON_LIMIT,
};
use crate::personal::Personal;

impl Decider for Conversation {
    const SNAPSHOT_VERSION: i32 = 2;
    /// Frequent, because the state is small however long the conversation is. So a command to a conversation
    /// of many people loads as few events as one of ten.
    const SNAPSHOT_EVERY: u64 = 20;

    fn decide(&self, command: &ConversationCommand, _now: Timestamp) -> Decision<Conversation> {
        match (self, command) {
            (Conversation::Unstarted, ConversationCommand::StartConversation(new)) => start(new),
            (Conversation::Unstarted, _) => Err(ConversationError::NotFound),
            (Conversation::Started(thread), command) => thread.decide(command),
        }
    }
}

pub(super) fn start(new: &NewConversation) -> Decision<Conversation> {
    let people: BTreeSet<_> = new.participants.iter().collect();
    let enough = match new.kind {
        ConversationKind::Direct => people.len() == 2,
        ConversationKind::Class | ConversationKind::Lesson => (1..=PARTICIPANTS_MAX).contains(&people.len()),
    };
    if !enough || people.len() != new.participants.len() {
        return Err(ConversationError::BadParticipants);
    }
    let NewConversation { kind, participants, context } = new.clone();
    Ok(vec![ConversationEvent::ConversationStarted { kind, participants, context }])
}

impl ConversationState {
    pub(super) fn decide(&self, command: &ConversationCommand) -> Decision<Conversation> {
        match command {
            ConversationCommand::StartConversation(new) => self.start_again(new),
            ConversationCommand::AddParticipant { participant } => self.add(*participant),
            ConversationCommand::RemoveParticipant { participant } => self.remove(*participant),
            ConversationCommand::SendMessage(draft) => self.send(draft),
            ConversationCommand::EditMessage { message, by, body } => self.edit(*message, *by, body),
            ConversationCommand::DeleteMessage { message, by } => self.delete(*message, *by),
            ConversationCommand::MarkRead { by, up_to } => self.mark_read(*by, *up_to),
            ConversationCommand::Archive { by } => {
                let event = ConversationEvent::ConversationArchived { participant: *by };
                self.once(*by, |participant| participant.archived, event)
            }
            ConversationCommand::Unarchive { by } => {
                let event = ConversationEvent::ConversationUnarchived { participant: *by };
                self.once(*by, |participant| !participant.archived, event)
            }
            ConversationCommand::Clear { by } => {
                let event = ConversationEvent::ConversationCleared { participant: *by, up_to: self.head };
                self.once(*by, |participant| participant.cleared_up_to == self.head, event)
            }
            ConversationCommand::Hide { by } => {
                let event = ConversationEvent::ConversationHidden { participant: *by };
                self.once(*by, |participant| participant.hidden, event)
            }
            ConversationCommand::ReportMessage { message, by, reason } => self.report(*message, *by, reason),
            ConversationCommand::BlockOther { by } => self.block(*by),
            ConversationCommand::UnblockOther { by } => self.unblock(*by),
        }
    }

    fn start_again(&self, new: &NewConversation) -> Decision<Conversation> {
        let same = self.kind == new.kind
            && self.context == new.context
            && (self.kind != ConversationKind::Direct
                || new.participants.iter().all(|who| self.participants.contains_key(who)));
        if same { Ok(vec![]) } else { Err(ConversationError::AlreadyStarted) }
    }

    fn add(&self, participant: AccountId) -> Decision<Conversation> {
        if self.kind == ConversationKind::Direct {
            return Err(ConversationError::DirectStays);
        }
        if self.participant(participant).is_some() {
            return Ok(vec![]);
        }
        if self.participants.values().filter(|participant| !participant.left).count() >= PARTICIPANTS_MAX {
            return Err(ConversationError::BadParticipants);
        }
        Ok(vec![ConversationEvent::ParticipantJoined { participant }])
    }

    fn remove(&self, participant: AccountId) -> Decision<Conversation> {
        if self.kind == ConversationKind::Direct {
            return Err(ConversationError::DirectStays);
        }
        Ok(match self.participant(participant) {
            Some(_) => vec![ConversationEvent::ParticipantLeft { participant }],
            None => vec![],
        })
    }

    fn send(&self, draft: &NewMessage) -> Decision<Conversation> {
        self.may_write(draft.sender)?;
        let mut problems = Vec::new();
        let body = match body(&draft.body, &draft.attachments) {
            Ok(body) => body,
            Err(problem) => {
                problems.push(problem);
                String::new()
            }
        };
        if draft.attachments.len() > ATTACHMENTS_MAX {
            problems.push(FieldProblem::of("attachments", "too_many"));
        }
        problems.extend(draft.attachments.iter().enumerate().filter_map(|(i, attachment)| {
            let name = attachment.name.known().map_or("", String::as_str);
            let error = bounded_text(name, FILE_NAME_LIMIT, Lines::Single).err()?;
            Some(FieldProblem::inside("attachments", i, error.code()))
        }));
        if !problems.is_empty() {
            return Err(ConversationError::InvalidFields(problems));
        }
        Ok(vec![ConversationEvent::MessageSent {
            message_id: draft.message_id,
            sequence: self.head + 1,
            sender: draft.sender,
            body: Personal::new(draft.sender, body),
            attachments: draft.attachments.clone(),
            client_id: draft.client_id,
        }])
    }

    fn edit(&self, message: SentMessage, by: AccountId, text: &str) -> Decision<Conversation> {
        self.author(message, by)?;
        // An edit can change the whole text, so the sender must still be allowed to write.
        self.may_write(by)?;
        if self.deleted.contains(&message.sequence) {
            return Err(ConversationError::Deleted);
        }
        let body = body(text, &[]).map_err(|problem| ConversationError::InvalidFields(vec![problem]))?;
        let SentMessage { message_id, sequence, .. } = message;
        Ok(vec![ConversationEvent::MessageEdited { message_id, sequence, body: Personal::new(by, body) }])
    }

    fn delete(&self, message: SentMessage, by: AccountId) -> Decision<Conversation> {
        self.author(message, by)?;
        if self.deleted.contains(&message.sequence) {
            return Ok(vec![]);
        }
        let SentMessage { message_id, sequence, .. } = message;
        Ok(vec![ConversationEvent::MessageDeleted { message_id, sequence, by }])
    }

    fn mark_read(&self, by: AccountId, up_to: u64) -> Decision<Conversation> {
        let participant = self.present(by)?;
        let up_to = up_to.min(self.head);
        if up_to <= participant.read_up_to {
            return Ok(vec![]);
        }
        Ok(vec![ConversationEvent::ConversationRead { participant: by, up_to }])
    }

    fn report(&self, message: SentMessage, by: AccountId, reason: &str) -> Decision<Conversation> {
        self.seen(message, by)?;
        if message.sender == by {
            return Err(ConversationError::OwnMessage);
        }
        let reason = bounded_text(reason, REPORT_REASON_LIMIT, Lines::Multi).map_err(|error| {
            ConversationError::InvalidFields(vec![FieldProblem::of("reason", error.code())])
        })?;
        let (SentMessage { message_id, sequence, .. }, reason) = (message, Personal::new(by, reason));
        Ok(vec![ConversationEvent::MessageReported { message_id, sequence, by, reason }])
    }

    fn block(&self, by: AccountId) -> Decision<Conversation> {
        let (participant, other) = self.other_in_direct(by)?;
        let event = ConversationEvent::ParticipantBlocked { participant, by };
        Ok(if other.blocked { vec![] } else { vec![event] })
    }

    fn unblock(&self, by: AccountId) -> Decision<Conversation> {
        let (participant, other) = self.other_in_direct(by)?;
        let event = ConversationEvent::ParticipantUnblocked { participant, by };
        Ok(if other.blocked { vec![event] } else { vec![] })
    }

    /// Returns the other participant of a direct conversation of this person.
    fn other_in_direct(&self, person: AccountId) -> Result<(AccountId, &Participant), ConversationError> {
        self.present(person)?;
        self.other(person).ok_or(ConversationError::NotDirect)
    }

    /// Returns the event, unless it would change nothing.
    fn once(
        &self,
        by: AccountId,
        is_so: impl FnOnce(&Participant) -> bool,
        event: ConversationEvent,
    ) -> Decision<Conversation> {
        Ok(if is_so(self.present(by)?) { vec![] } else { vec![event] })
    }

    /// Returns a present participant. Other people, also former participants, do not learn that the
    /// conversation exists.
    fn present(&self, person: AccountId) -> Result<&Participant, ConversationError> {
        self.participant(person).ok_or(ConversationError::NotFound)
    }

    fn may_write(&self, person: AccountId) -> Result<(), ConversationError> {
        if self.present(person)?.blocked { Err(ConversationError::Blocked) } else { Ok(()) }
    }

    /// Checks that the participant can see the message.
    fn seen(&self, message: SentMessage, by: AccountId) -> Result<(), ConversationError> {
        let participant = self.present(by)?;
        let shown = participant.cleared_up_to + 1..=self.head;
        if shown.contains(&message.sequence) { Ok(()) } else { Err(ConversationError::MessageNotFound) }
    }

    fn author(&self, message: SentMessage, by: AccountId) -> Result<(), ConversationError> {
        self.seen(message, by)?;
        if message.sender == by { Ok(()) } else { Err(ConversationError::NotAuthor) }
    }
}

/// Returns the checked text of a message; it may be empty if there is an attachment.
fn body(text: &str, attachments: &[Attachment]) -> Result<String, FieldProblem> {
    if text.trim().is_empty() && !attachments.is_empty() {
        return Ok(String::new());
    }
    bounded_text(text, BODY_LIMIT, Lines::Multi)
        .map_err(|error| FieldProblem::of_value("/body".to_owned(), error))
}
