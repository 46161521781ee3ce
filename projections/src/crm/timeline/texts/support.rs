//! Sentences for ticket events, in Russian and English.

use serde_json::Value;

use super::{BothLanguages, both};

/// Returns the sentence, or `None` if the event is not one of support.
pub(super) fn event_text(event_type: &str, params: &Value) -> Option<BothLanguages> {
    let text = |key: &str| params[key].as_str().unwrap_or_default();
    Some(match event_type {
        "TicketOpened" => {
            let (ru, en) = priority_name(text("priority"));
            (format!("Открыто обращение, приоритет: {ru}"), format!("Ticket opened, priority: {en}"))
        }
        "TicketAssigned" if text("by") == "round_robin" => {
            with_person(params, "Обращение назначено по очереди", "Ticket assigned by turn")
        }
        "TicketAssigned" => with_person(params, "Обращение назначено", "Ticket assigned"),
        "TicketUnassigned" => with_person(params, "Назначение обращения снято", "Ticket unassigned"),
        "PriorityChanged" => {
            changed_text(params, "Приоритет обращения", "Priority of the ticket", priority_name)
        }
        "CategoryChanged" => both("Категория обращения изменена", "Category of the ticket changed"),
        "TagsChanged" => both("Метки обращения изменены", "Tags of the ticket changed"),
        "ReplyAdded" if params["own"] == true => {
            both("Ответ заявителя в обращении", "The requester replied in the ticket")
        }
        "ReplyAdded" => with_person(params, "Ответ поддержки в обращении", "Support replied in the ticket"),
        "InternalNoteAdded" => {
            with_person(params, "Внутренняя заметка в обращении", "Internal note in the ticket")
        }
        "StatusChanged" => changed_text(params, "Состояние обращения", "Status of the ticket", status_name),
        "TicketReopened" if text("cause") == "reply" => {
            both("Обращение снова открыто ответом заявителя", "Ticket reopened by a reply of the requester")
        }
        "TicketReopened" => both("Обращение снова открыто", "Ticket reopened"),
        "TicketMerged" => both("Обращение объединено с другим", "Ticket merged into another"),
        "TicketUnmerged" => both("Обращение отделено обратно", "Ticket separated again"),
        "DuplicateReceived" => {
            both("К обращению присоединено повторное", "A duplicate was merged into the ticket")
        }
        "DuplicateReturned" => {
            both("Повторное обращение отделено", "A duplicate was separated from the ticket")
        }
        "FirstResponseBreached" => {
            both("Просрочен первый ответ на обращение", "First response to the ticket overdue")
        }
        "ResolutionBreached" => both("Просрочено решение обращения", "Resolution of the ticket overdue"),
        "SatisfactionRated" => {
            let rating = params["rating"].as_u64().unwrap_or_default();
            with_person(
                params,
                &format!("Оценка работы поддержки: {rating} из 5"),
                &format!("Support rated: {rating} of 5"),
            )
        }
        _ => return None,
    })
}

/// Returns a sentence with the name of the other person. For the requester, that is the agent.
fn with_person(params: &Value, ru: &str, en: &str) -> BothLanguages {
    let Some(name) = params["with_name"].as_str() else { return both(ru, en) };
    if params["part"] == "agent" {
        (format!("{ru} (заявитель: {name})"), format!("{en} (requester: {name})"))
    } else {
        (format!("{ru} ({name})"), format!("{en} ({name})"))
    }
}

fn changed_text(params: &Value, ru: &str, en: &str, name: fn(&str) -> (&str, &str)) -> BothLanguages {
    let (from_ru, from_en) = name(params["from"].as_str().unwrap_or_default());
    let (to_ru, to_en) = name(params["to"].as_str().unwrap_or_default());
    (format!("{ru}: {from_ru} → {to_ru}"), format!("{en}: {from_en} → {to_en}"))
}

fn priority_name(code: &str) -> (&str, &str) {
    match code {
        "low" => ("низкий", "low"),
        "medium" => ("средний", "medium"),
        "high" => ("высокий", "high"),
        "urgent" => ("срочный", "urgent"),
        other => (other, other),
    }
}

fn status_name(code: &str) -> (&str, &str) {
    match code {
        "open" => ("открыто", "open"),
        "in_progress" => ("в работе", "in progress"),
        "waiting" => ("ждёт ответа заявителя", "waiting for the requester"),
        "resolved" => ("решено", "resolved"),
        "closed" => ("закрыто", "closed"),
        other => (other, other),
    }
}

#[cfg(test)]
mod tests {
    use domain::support::{Priority, Status};
    use serde_json::json;

    use super::*;

    #[test]
    fn every_code_has_words_in_both_languages() {
        for (code, (ru, en)) in Status::ALL
            .iter()
            .map(|known| (known.as_str(), status_name(known.as_str())))
            .chain(Priority::ALL.iter().map(|known| (known.as_str(), priority_name(known.as_str()))))
        {
            assert!(!ru.is_ascii() && en.is_ascii() && !en.contains('_'), "{code}: {ru}, {en}");
        }
    }

    #[test]
    fn an_assignment_names_the_other_person() {
        let of_requester = json!({ "by": "round_robin", "with_name": "Ольга" });
        let (ru, _) = event_text("TicketAssigned", &of_requester).unwrap();
        assert_eq!(ru, "Обращение назначено по очереди (Ольга)");
        let of_agent = json!({ "by": "manual", "with_name": "Анна", "part": "agent" });
        let (_, en) = event_text("TicketAssigned", &of_agent).unwrap();
        assert_eq!(en, "Ticket assigned (requester: Анна)");
    }

    #[test]
    fn a_change_tells_both_ends() {
        let (ru, en) = event_text("StatusChanged", &json!({ "from": "open", "to": "resolved" })).unwrap();
        assert_eq!(
            (ru.as_str(), en.as_str()),
            ("Состояние обращения: открыто → решено", "Status of the ticket: open → resolved")
        );
    }
}
