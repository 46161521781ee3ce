//! Texts of refusals about tickets.

use super::{Text, text};

pub(super) const PROBLEMS: &[Text] = &[
    text(
        "ticket_already_opened",
        ("Ticket already open", "This ticket is already open."),
        ("Обращение уже открыто", "Это обращение уже открыто."),
    ),
    text(
        "title_missing",
        ("Title missing", "A ticket has a title."),
        ("Нет заголовка", "У обращения должен быть заголовок."),
    ),
    text(
        "ticket_not_found",
        ("No such ticket", "There is no such ticket, or it is not yours to see."),
        ("Нет такого обращения", "Такого обращения нет, или оно вам не видно."),
    ),
    text(
        "ticket_closed",
        (
            "The ticket is closed",
            "Nothing is added to a closed ticket: open a new one, or let an agent reopen it.",
        ),
        (
            "Обращение закрыто",
            "К закрытому обращению ничего не добавить: откройте новое или попросите открыть это снова.",
        ),
    ),
    text(
        "ticket_merged",
        ("The ticket was merged", "This ticket goes on in another one."),
        ("Обращение объединено", "Это обращение продолжается в другом."),
    ),
    text(
        "status_out_of_order",
        (
            "Not from this status",
            "The ticket does not go from its status to this one; the reasons say where it may go.",
        ),
        (
            "Не из этого состояния",
            "Из нынешнего состояния обращение сюда не переходит; причины говорят, куда может.",
        ),
    ),
    text(
        "no_agent_available",
        ("Nobody can take it", "No agent is there who could take the ticket by turn."),
        ("Некому взять", "Нет сотрудника, который мог бы взять обращение по очереди."),
    ),
    text(
        "merge_into_itself",
        ("The same ticket", "A ticket is no duplicate of itself."),
        ("То же обращение", "Обращение нельзя объединить с самим собой."),
    ),
    text(
        "ticket_not_merged",
        ("Not merged", "The ticket is on its own; there is nothing to separate."),
        ("Не объединено", "Обращение и так отдельное: отделять нечего."),
    ),
    text(
        "ticket_not_resolved",
        ("Not resolved yet", "A ticket is rated when it is resolved or closed."),
        ("Ещё не решено", "Обращение оценивают, когда оно решено или закрыто."),
    ),
    text(
        "already_rated",
        ("Rated already", "This ticket was rated."),
        ("Уже оценено", "Это обращение уже оценено."),
    ),
];
