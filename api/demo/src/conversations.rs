//! Conversations of demo people: a teacher and a student write about their lessons.

use domain::messaging::{
    ConversationCommand, ConversationKind, NewConversation, NewMessage, direct_conversation_id, message_id,
    send_command_id,
};
use domain::{AccountId, Command, CommandContext, Dispatch, Role};
use uuid::Uuid;

use super::{DemoError, dispatch_if_allowed, person_context};

/// Conversations, mostly in Russian: each line with the role of its sender.
const CONVERSATIONS: &[&[(Role, &str)]] = &[
    &[
        (Role::Student, "Здравствуйте! Записался к вам на урок, что взять с собой?"),
        (Role::Teacher, "Добрый день! Тетрадь и последнюю контрольную, разберём ошибки."),
        (Role::Student, "Хорошо, спасибо!"),
    ],
    &[
        (Role::Student, "Добрый вечер. Решила все задачи, кроме седьмой."),
        (Role::Teacher, "Отлично! В седьмой подсказка: проведите высоту из вершины прямого угла."),
        (Role::Student, "Получилось, ответ 24?"),
        (Role::Teacher, "Да, всё верно. Увидимся на уроке."),
    ],
    &[
        (Role::Teacher, "Здравствуйте! Напоминаю о домашнем задании: упражнения 3 и 4."),
        (Role::Student, "Помню, пришлю до вечера."),
        (Role::Teacher, "Жду, потом обсудим, что было трудно."),
    ],
    &[
        (Role::Student, "Можно перенести урок на час позже? Школа закончится в пять."),
        (Role::Teacher, "Да, предложите перенос в расписании, я подтвержу."),
    ],
    &[
        (Role::Student, "Hello! Could we spend some time on conditionals next lesson?"),
        (Role::Teacher, "Of course. Please read the text I sent and underline every “if”."),
        (Role::Student, "Done, there are eleven of them."),
    ],
];

/// The teacher and the student of a lesson.
#[derive(Clone, Copy)]
pub(super) struct LessonPair {
    pub teacher: AccountId,
    pub student: AccountId,
}

/// Sends one of the conversations. A repetition sends nothing again.
///
/// # Errors
/// [`DemoError`] if the log is unavailable.
pub(super) async fn send_conversation(bus: &dyn Dispatch, pair: LessonPair) -> Result<(), DemoError> {
    for (command, context) in conversation_commands(pair) {
        dispatch_if_allowed(bus, command, context).await?;
    }
    Ok(())
}

/// Returns the commands of one of the conversations, in order.
pub(super) fn conversation_commands(pair: LessonPair) -> Vec<(Command, CommandContext)> {
    let id = direct_conversation_id(pair.teacher, pair.student);
    let new = NewConversation {
        kind: ConversationKind::Direct,
        participants: vec![pair.teacher, pair.student],
        context: None,
    };
    let start = ConversationCommand::StartConversation(new);
    let context = person_context(pair.student, Role::Student, id.uuid(), "start");
    let mut commands = vec![(Command::Conversation(id, start), context)];
    let lines = CONVERSATIONS[usize::from(id.uuid().as_bytes()[15]) % CONVERSATIONS.len()];
    for (index, (role, body)) in lines.iter().enumerate() {
        let sender = if *role == Role::Teacher { pair.teacher } else { pair.student };
        let client_id = Uuid::new_v5(&id.uuid(), format!("demo-line-{index}").as_bytes());
        let draft = NewMessage {
            message_id: message_id(id, sender, client_id),
            sender,
            body: (*body).to_owned(),
            attachments: vec![],
            client_id,
        };
        let send = ConversationCommand::SendMessage(Box::new(draft));
        let context = CommandContext {
            command_id: send_command_id(id, sender, client_id),
            ..person_context(sender, *role, id.uuid(), "send")
        };
        commands.push((Command::Conversation(id, send), context));
    }
    commands
}
