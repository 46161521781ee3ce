//! Applies one event to a conversation, a participant and a message.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::messaging::ConversationEvent;
use domain::{AccountId, ConversationId, MessageId, Position, RecordedEvent};
use uuid::Uuid;

use super::rows::{AttachmentRow, ConversationRow, EditRow, MessageRow, ParticipantRow, ReportRow};

/// Rows of a batch.
#[derive(Default)]
pub(super) struct ConversationRows {
    pub(super) conversations: HashMap<ConversationId, ConversationRow>,
    pub(super) participants: HashMap<(ConversationId, AccountId), ParticipantRow>,
    pub(super) messages: HashMap<MessageId, MessageRow>,
    /// Rows in the order of the log.
    pub(super) edits: Vec<EditRow>,
    pub(super) reports: BTreeMap<Position, ReportRow>,
    /// Deleted messages, whose former texts are deleted too.
    pub(super) deleted: HashSet<Uuid>,
}

impl ConversationRows {
    pub(super) fn apply(&mut self, id: ConversationId, event: &ConversationEvent, recorded: &RecordedEvent) {
        let position = recorded.position;
        if let ConversationEvent::ConversationStarted { kind, participants, context } = event {
            let row = ConversationRow {
                conversation_id: id,
                kind: *kind,
                context: *context,
                head: 0,
                active_position: position,
                active_at: recorded.recorded_at,
                version: recorded.sequence,
            };
            self.conversations.insert(id, row);
            self.participants
                .extend(participants.iter().map(|who| ((id, *who), ParticipantRow::new(id, *who))));
            return;
        }
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        conversation.version = recorded.sequence;
        let head = conversation.head;
        match event {
            ConversationEvent::ConversationStarted { .. } => {}
            ConversationEvent::ParticipantJoined { participant } => {
                let new = || ParticipantRow::new(id, *participant);
                let row = self.participants.entry((id, *participant)).or_insert_with(new);
                row.gone = false;
                row.read_up_to = row.read_up_to.max(head);
            }
            ConversationEvent::ParticipantLeft { participant } => {
                self.update_participant(id, *participant, |row| row.gone = true);
            }
            ConversationEvent::MessageSent { sequence, sender, .. } => {
                conversation.head = *sequence;
                conversation.active_position = position;
                conversation.active_at = recorded.recorded_at;
                self.update_participant(id, *sender, |row| row.read_up_to = *sequence);
                self.insert_message(id, event, recorded);
            }
            ConversationEvent::MessageEdited { message_id, body, .. } => {
                let Some(row) = self.messages.get_mut(message_id) else { return };
                let written_at = row.edited_at.replace(recorded.recorded_at).unwrap_or(row.sent_at);
                if let Some(former) = std::mem::replace(&mut row.body, body.known().cloned()) {
                    let sender = row.sender;
                    self.edits.push(EditRow {
                        message_id: *message_id,
                        position,
                        sender,
                        body: former,
                        written_at,
                    });
                }
            }
            ConversationEvent::MessageDeleted { message_id, .. } => {
                if let Some(row) = self.messages.get_mut(message_id) {
                    row.deleted = true;
                    row.erase_content();
                }
                self.edits.retain(|edit| edit.message_id != *message_id);
                self.deleted.insert(message_id.uuid());
            }
            ConversationEvent::ConversationRead { participant, up_to } => {
                self.update_participant(id, *participant, |row| row.read_up_to = *up_to);
            }
            ConversationEvent::ConversationArchived { participant } => {
                self.update_participant(id, *participant, |row| row.archived = true);
            }
            ConversationEvent::ConversationUnarchived { participant } => {
                self.update_participant(id, *participant, |row| row.archived = false);
            }
            ConversationEvent::ConversationCleared { participant, up_to } => {
                self.update_participant(id, *participant, |row| {
                    row.cleared_up_to = *up_to;
                    row.read_up_to = row.read_up_to.max(*up_to);
                });
            }
            ConversationEvent::ConversationHidden { participant } => {
                self.update_participant(id, *participant, |row| row.hidden_up_to = Some(head));
            }
            ConversationEvent::MessageReported { message_id, sequence, by, reason } => {
                let Some(row) = self.messages.get(message_id) else { return };
                let report = ReportRow {
                    position,
                    conversation_id: id,
                    message_id: *message_id,
                    sequence: *sequence,
                    sender: row.sender,
                    body: row.body.clone(),
                    sent_at: row.sent_at,
                    reporter: *by,
                    reason: reason.known().cloned(),
                    reported_at: recorded.recorded_at,
                };
                self.reports.insert(position, report);
            }
            ConversationEvent::ParticipantBlocked { participant, .. } => {
                self.update_participant(id, *participant, |row| row.blocked = true);
            }
            ConversationEvent::ParticipantUnblocked { participant, .. } => {
                self.update_participant(id, *participant, |row| row.blocked = false);
            }
        }
    }

    fn insert_message(
        &mut self,
        conversation_id: ConversationId,
        event: &ConversationEvent,
        recorded: &RecordedEvent,
    ) {
        if let ConversationEvent::MessageSent { message_id, sequence, sender, body, attachments, client_id } =
            event
        {
            let row = MessageRow {
                message_id: *message_id,
                conversation_id,
                sequence: *sequence,
                sender: *sender,
                body: body.known().cloned(),
                sent_at: recorded.recorded_at,
                edited_at: None,
                deleted: false,
                client_id: *client_id,
                attachments: attachments.iter().filter_map(AttachmentRow::from_attachment).collect(),
                position: recorded.position,
            };
            self.messages.insert(*message_id, row);
        }
    }

    /// Removes the texts of an erased person, and the reasons of their reports.
    pub(super) fn erase_personal_data(&mut self, person: AccountId) {
        self.messages.values_mut().filter(|row| row.sender == person).for_each(MessageRow::erase_content);
        self.edits.retain(|edit| edit.sender != person);
        for report in self.reports.values_mut() {
            if report.sender == person {
                report.body = None;
            }
            if report.reporter == person {
                report.reason = None;
            }
        }
    }

    fn update_participant(
        &mut self,
        id: ConversationId,
        person: AccountId,
        change: impl FnOnce(&mut ParticipantRow),
    ) {
        if let Some(row) = self.participants.get_mut(&(id, person)) {
            change(row);
        }
    }
}
