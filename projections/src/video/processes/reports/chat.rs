//! Chat of a lesson room: each message is sent once to the conversation of the lesson.

use domain::messaging::{
    Conversation, ConversationCommand, NewMessage, class_conversation_id, direct_conversation_id,
    lesson_conversation_id, message_id, send_command_id,
};
use domain::scheduling::Lesson;
use domain::{
    AccountId, Actor, Command, CommandContext, ConversationId, DispatchError, SlotId, Source, StreamId,
    StreamVersion, fold_events,
};
use signaling::report::Report;
use uuid::Uuid;

use super::NAME;
use crate::handler_context::HandlerContext;

/// Chat message of a report.
pub(super) struct SentChat<'a> {
    pub report: &'a Report,
    pub message: Uuid,
    pub sender: AccountId,
    pub text: &'a str,
}

pub(super) enum ChatOutcome {
    Sent,
    /// No conversation of the lesson takes the message.
    Refused(String),
}

/// Sends a message to the conversation of the lesson. The sender's message id makes it arrive once.
///
/// # Errors
/// [`DispatchError`] if the log is unavailable.
pub(super) async fn send(
    context: &HandlerContext,
    lesson: &Lesson,
    chat: SentChat<'_>,
) -> Result<ChatOutcome, DispatchError> {
    for conversation_id in conversations_of(lesson, SlotId(chat.report.lesson), chat.sender) {
        if !has_participant(context, conversation_id, chat.sender).await? {
            continue;
        }
        let message = NewMessage {
            message_id: message_id(conversation_id, chat.sender, chat.message),
            sender: chat.sender,
            body: chat.text.to_owned(),
            attachments: Vec::new(),
            client_id: chat.message,
        };
        let command =
            Command::Conversation(conversation_id, ConversationCommand::SendMessage(Box::new(message)));
        let of_process = CommandContext::of_process(NAME, chat.report.id, chat.report.session, "chat");
        let context_of_message = CommandContext {
            actor: Actor::Account(chat.sender),
            source: Source::Signaling,
            command_id: send_command_id(conversation_id, chat.sender, chat.message),
            ..of_process
        };
        context.dispatch.dispatch(command, context_of_message).await?;
        return Ok(ChatOutcome::Sent);
    }
    Ok(ChatOutcome::Refused("no conversation of the lesson has the sender".to_owned()))
}

/// Returns the conversations that a message may belong to, the best one first: of the class or of the
/// lesson, and the direct one of the teacher and the only student.
fn conversations_of(lesson: &Lesson, slot_id: SlotId, sender: AccountId) -> Vec<ConversationId> {
    let of_group = match lesson.class_id {
        Some(class_id) => class_conversation_id(class_id),
        None => lesson_conversation_id(slot_id),
    };
    let students: Vec<AccountId> = lesson.seated().map(|booking| booking.student).collect();
    let direct = match students[..] {
        [student] if sender == student || sender == lesson.teacher => {
            Some(direct_conversation_id(lesson.teacher, student))
        }
        _ => None,
    };
    [of_group].into_iter().chain(direct).collect()
}

async fn has_participant(
    context: &HandlerContext,
    id: ConversationId,
    person: AccountId,
) -> Result<bool, DispatchError> {
    let stream = StreamId::of::<Conversation>(id);
    let read =
        async { context.log.decode(&context.log.read_stream(&stream, StreamVersion::START).await?).await };
    let events = read.await.map_err(|error| DispatchError::Unavailable(Box::new(error)))?;
    let conversation: Conversation = fold_events(events);
    let thread = conversation.thread();
    let participant = thread.and_then(|thread| thread.participants.get(&person));
    Ok(participant.is_some_and(|participant| !participant.left))
}
