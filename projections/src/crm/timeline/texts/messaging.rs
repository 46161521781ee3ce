//! Sentences for conversation events, in Russian and English.

use serde_json::Value;

use super::{BothLanguages, both};

/// Returns the sentence, or `None` if the event is not one of messaging.
pub(super) fn event_text(event_type: &str, params: &Value) -> Option<BothLanguages> {
    Some(match event_type {
        "ConversationStarted" => match params["kind"].as_str().unwrap_or_default() {
            "class" => both("Начата беседа класса", "Conversation of a class started"),
            "lesson" => both("Начата беседа урока", "Conversation of a lesson started"),
            _ => both("Начата беседа", "Conversation started"),
        },
        "ParticipantJoined" => both("Вступление в беседу", "Joined a conversation"),
        "ParticipantLeft" => both("Выход из беседы", "Left a conversation"),
        "MessageSent" => match params["attachments"].as_u64().unwrap_or_default() {
            0 => both("Отправлено сообщение", "Message sent"),
            files => (
                format!("Отправлено сообщение, вложений: {files}"),
                format!("Message sent, attachments: {files}"),
            ),
        },
        "MessageEdited" => both("Сообщение изменено", "Message edited"),
        "MessageDeleted" => both("Сообщение удалено", "Message deleted"),
        "ConversationRead" => both("Сообщения прочитаны", "Messages read"),
        "ConversationArchived" => both("Беседа убрана в архив", "Conversation archived"),
        "ConversationUnarchived" => {
            both("Беседа возвращена из архива", "Conversation taken out of the archive")
        }
        "ConversationCleared" => both("Беседа очищена у себя", "Conversation cleared for oneself"),
        "ConversationHidden" => both("Беседа скрыта у себя", "Conversation hidden for oneself"),
        "MessageReported" => both("Жалоба на сообщение", "Message reported"),
        "ParticipantBlocked" => both("Собеседник заблокирован", "The other person blocked"),
        "ParticipantUnblocked" => both("Собеседник разблокирован", "The other person unblocked"),
        _ => return None,
    })
}
