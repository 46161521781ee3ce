//! Texts of refusals about conversations and messages.

use super::{Text, text};

pub(super) const PROBLEMS: &[Text] = &[
    text(
        "conversation_not_found",
        ("No such conversation", "There is no such conversation, or you take no part in it."),
        ("Нет такой беседы", "Такой беседы нет, или вы в ней не участвуете."),
    ),
    text(
        "message_not_found",
        ("No such message", "There is no such message, or it is not for you."),
        ("Нет такого сообщения", "Такого сообщения нет, или оно не для вас."),
    ),
    text(
        "bad_participants",
        ("Not with these people", "A conversation has at least two people, each of them once."),
        ("Не с этими людьми", "В беседе участвуют хотя бы двое, и каждый один раз."),
    ),
    text(
        "conversation_already_started",
        ("Started already", "The conversation is there already, with other people."),
        ("Беседа уже есть", "Эта беседа уже есть, с другими людьми."),
    ),
    text(
        "direct_conversation",
        ("A conversation of two", "Nobody joins or leaves a conversation of two."),
        ("Беседа двоих", "В беседу двоих никто не входит, и никто из неё не выходит."),
    ),
    text(
        "not_a_direct_conversation",
        ("A conversation of several", "Only the other of a conversation of two can be blocked."),
        ("Беседа нескольких", "Заблокировать можно только собеседника в беседе двоих."),
    ),
    text(
        "not_the_author",
        ("Not your message", "Only who wrote a message edits or deletes it."),
        ("Не ваше сообщение", "Изменить или удалить сообщение может только его автор."),
    ),
    text("message_deleted", ("Deleted", "The message was deleted."), ("Удалено", "Сообщение удалено.")),
    text(
        "own_message",
        ("Your own message", "Nobody reports their own message."),
        ("Ваше сообщение", "На собственное сообщение не жалуются."),
    ),
    text(
        "unsupported_file",
        (
            "Not this sort of file",
            "Send a picture, PDF, plain text, an office document without macros, MP3 or Ogg; the content counts, not the name.",
        ),
        (
            "Такие файлы не принимаются",
            "Отправьте картинку, PDF, простой текст, офисный документ без макросов, MP3 или Ogg; важно содержимое, а не имя.",
        ),
    ),
    text(
        "too_many_uploads",
        (
            "Too much waits to be sent",
            "Send what you have uploaded, or wait until it is forgotten after a day.",
        ),
        ("Слишком много неотправленного", "Отправьте загруженное или подождите день, пока оно забудется."),
    ),
    text(
        "blocked",
        ("Blocked", "The other does not want messages from you in this conversation."),
        ("Вы заблокированы", "Собеседник не хочет получать от вас сообщения в этой беседе."),
    ),
];
