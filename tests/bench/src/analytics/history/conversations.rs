//! Conversations of a student and a teacher.

use commands::BackfillError;
use domain::messaging::{
    Conversation, ConversationCommand, ConversationKind, NewConversation, NewMessage, direct_conversation_id,
    message_id,
};
use domain::{Command, ConversationId};
use jiff::{SignedDuration, Timestamp};

use super::{HistoryGenerator, Member};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

impl HistoryGenerator {
    /// Runs at most once per pair.
    pub(super) fn add_conversation(
        &mut self,
        teacher: Member,
        student: Member,
        begun: Timestamp,
    ) -> Result<(), BackfillError> {
        let id = direct_conversation_id(teacher.id, student.id);
        if !self.talked.insert(id) {
            return Ok(());
        }
        let participants = vec![teacher.id, student.id];
        let new = NewConversation { kind: ConversationKind::Direct, participants, context: None };
        let mut at = begun;
        self.record_conversation(at, student, id, ConversationCommand::StartConversation(new))?;
        let count = 2 + self.rng.below(6);
        for number in 0..count {
            at = self.between(at + MINUTE, at + MINUTE * 90);
            let (sender, reader) = if number % 2 == 0 { (student, teacher) } else { (teacher, student) };
            if !self.send_message(at, sender, id)? {
                break;
            }
            let read = ConversationCommand::MarkRead { by: reader.id, up_to: number as u64 + 1 };
            at += MINUTE;
            self.record_conversation(at, reader, id, read)?;
        }
        self.past.drop_stream::<Conversation>(id);
        Ok(())
    }

    fn send_message(
        &mut self,
        at: Timestamp,
        sender: Member,
        id: ConversationId,
    ) -> Result<bool, BackfillError> {
        let client_id = self.id(at);
        let draft = NewMessage {
            message_id: message_id(id, sender.id, client_id),
            sender: sender.id,
            body: "Решили третью задачу? У меня получилось сорок два.".to_owned(),
            attachments: Vec::new(),
            client_id,
        };
        self.record_conversation(at, sender, id, ConversationCommand::SendMessage(Box::new(draft)))
    }

    fn record_conversation(
        &mut self,
        at: Timestamp,
        who: Member,
        id: ConversationId,
        command: ConversationCommand,
    ) -> Result<bool, BackfillError> {
        self.record(at, who, vec![Command::Conversation(id, command)])
    }
}
