//! Sentences for the events of a timeline, in Russian and English.

mod messaging;
mod notifications;
mod scheduling;
mod support;

use domain::accounts::Locale;
use serde_json::Value;

/// A text in Russian and in English.
type BothLanguages = (String, String);

/// Returns the sentence for an event of this type. The function is pure and accepts unknown types.
pub fn event_text(event_type: &str, params: &Value, locale: Locale) -> String {
    let text = |key: &str| params[key].as_str().unwrap_or_default();
    let (ru, en) = match event_type {
        "AccountRegistered" => {
            let (ru, en) = role_name(text("role"));
            (format!("Регистрация: {ru}"), format!("Registered as {en}"))
        }
        "EmailVerified" => both("Адрес почты подтверждён", "E-mail address confirmed"),
        "EmailChanged" => both("Адрес почты изменён", "E-mail address changed"),
        "PhoneChanged" if params["removed"] == true => both("Телефон удалён", "Phone number removed"),
        "PhoneChanged" => both("Телефон изменён", "Phone number changed"),
        "PasswordChanged" => both("Пароль изменён", "Password changed"),
        "ProfileUpdated" => profile_changes(params),
        "AvatarChanged" => both("Фотография изменена", "Picture changed"),
        "RoleGranted" => {
            let (ru, en) = role_name(text("role"));
            with_reason(params, format!("Назначена роль: {ru}"), format!("Role granted: {en}"))
        }
        "RoleRevoked" => {
            let (ru, en) = role_name(text("role"));
            with_reason(params, format!("Снята роль: {ru}"), format!("Role revoked: {en}"))
        }
        "AccountSuspended" => with_reason(params, "Доступ приостановлен".into(), "Account suspended".into()),
        "AccountReinstated" => with_reason(params, "Доступ восстановлен".into(), "Account reinstated".into()),
        "AccountErased" => both("Данные пользователя удалены", "Personal data erased"),
        "SignedIn" => both("Вход", "Signed in"),
        "SignedOut" => both("Выход", "Signed out"),
        "SessionRevoked" => both("Сеанс завершён", "Session ended"),
        "SignInFailed" => both("Неудачная попытка входа", "Failed attempt to sign in"),
        "CrmSyncRequested" => {
            with_subject(params, "Запрошена передача в CRM", "Delivery to the CRM requested")
        }
        "CrmUserLinked" => both("Пользователь передан в CRM", "User delivered to the CRM"),
        "CrmTicketLinked" => both("Обращение передано в CRM", "Ticket delivered to the CRM"),
        "CrmDeliveryFailed" => {
            delivery_failure(params, "Не удалось передать в CRM", "Delivery to the CRM failed")
        }
        "CrmDeliveryAbandoned" => {
            delivery_failure(params, "Передача в CRM прекращена", "Delivery to the CRM abandoned")
        }
        "CrmDriftFound" => drift_text(params, "Расхождение с CRM", "The CRM differs"),
        "CrmDriftHealed" => drift_text(params, "Исправлено расхождение с CRM", "The CRM was corrected"),
        // A newer version wrote an unknown event type. Its name is the best available text.
        other => scheduling::event_text(other, params)
            .or_else(|| messaging::event_text(other, params))
            .or_else(|| support::event_text(other, params))
            .or_else(|| notifications::event_text(other, params))
            .unwrap_or_else(|| both(other, other)),
    };
    match locale {
        Locale::Ru => ru,
        Locale::En => en,
    }
}

fn both(ru: &str, en: &str) -> BothLanguages {
    (ru.to_owned(), en.to_owned())
}

fn with_reason(params: &Value, ru: String, en: String) -> BothLanguages {
    match params["reason"].as_str().filter(|reason| !reason.trim().is_empty()) {
        Some(reason) => (format!("{ru}. Причина: {reason}"), format!("{en}. Reason: {reason}")),
        None => (ru, en),
    }
}

fn with_subject(params: &Value, ru: &str, en: &str) -> BothLanguages {
    if params["what"] == "ticket" {
        (format!("{ru}: обращение"), format!("{en}: ticket"))
    } else {
        (format!("{ru}: пользователь"), format!("{en}: user"))
    }
}

fn delivery_failure(params: &Value, ru: &str, en: &str) -> BothLanguages {
    let (ru, en) = with_subject(params, ru, en);
    let (why_ru, why_en) = match params["cause"].as_str().unwrap_or_default() {
        "timeout" => ("нет ответа вовремя", "no answer in time"),
        "connection" => ("нет связи", "no connection"),
        "refused" => ("отказ", "refused"),
        "throttled" => ("слишком много запросов", "too many requests"),
        "unavailable" => ("сбой на стороне CRM", "the CRM has a fault"),
        "unreadable" => ("ответ не читается", "unreadable answer"),
        "gone" => ("запись там удалена", "the record is gone there"),
        _ => ("причина неизвестна", "unknown cause"),
    };
    let attempt = params["attempt"].as_u64().unwrap_or_default();
    let status = params["status"].as_u64().map(|status| format!(", HTTP {status}")).unwrap_or_default();
    (
        format!("{ru} ({why_ru}{status}), попытка {attempt}"),
        format!("{en} ({why_en}{status}), attempt {attempt}"),
    )
}

fn drift_text(params: &Value, ru: &str, en: &str) -> BothLanguages {
    let (ru, en) = with_subject(params, ru, en);
    let (how_ru, how_en) = match params["drift"].as_str().unwrap_or_default() {
        "missing" => ("записи там не было", "the record was missing there"),
        "duplicated" => ("запись там была не одна", "there was more than one record there"),
        "differs" => ("поля отличались", "fields were different"),
        _ => ("как именно, неизвестно", "how is not known"),
    };
    (format!("{ru} ({how_ru})"), format!("{en} ({how_en})"))
}

fn role_name(code: &str) -> (&str, &str) {
    match code {
        "student" => ("ученик", "student"),
        "teacher" => ("преподаватель", "teacher"),
        "support" => ("поддержка", "support"),
        "analyst" => ("аналитик", "analyst"),
        "admin" => ("администратор", "admin"),
        "auditor" => ("аудитор", "auditor"),
        other => (other, other),
    }
}

fn profile_changes(params: &Value) -> BothLanguages {
    let named = |key: &str| -> Vec<(&str, &str)> {
        params[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(field_name).collect()
    };
    let (changed, cleared) = (named("fields"), named("cleared"));
    let list = |fields: &[(&str, &str)], of: fn(&(&str, &str)) -> String| -> String {
        fields.iter().map(of).collect::<Vec<_>>().join(", ")
    };
    let ru = |field: &(&str, &str)| field.0.to_owned();
    let en = |field: &(&str, &str)| field.1.to_owned();
    let parts = |verb: &str, emptied: &str, of: fn(&(&str, &str)) -> String| -> String {
        let mut parts = Vec::new();
        if !changed.is_empty() {
            parts.push(format!("{verb}: {}", list(&changed, of)));
        }
        if !cleared.is_empty() {
            parts.push(format!("{emptied}: {}", list(&cleared, of)));
        }
        parts.join("; ")
    };
    (parts("Профиль изменён", "очищено", ru), parts("Profile changed", "emptied", en))
}

fn field_name(code: &str) -> (&str, &str) {
    match code {
        "name" => ("имя", "name"),
        "nickname" => ("псевдоним", "nickname"),
        "locale" => ("язык", "language"),
        "time_zone" => ("часовой пояс", "time zone"),
        "subjects" => ("предметы", "subjects"),
        "goals" => ("цели", "goals"),
        "bio" => ("о себе", "about"),
        "age" => ("возраст", "age"),
        "city" => ("город", "city"),
        "grades" => ("классы", "grades"),
        "experience" => ("опыт", "experience"),
        "durations" => ("длительность уроков", "lesson lengths"),
        "formats" => ("форматы", "formats"),
        "lesson_types" => ("виды уроков", "lesson types"),
        "hourly_rate" => ("цена за час", "hourly rate"),
        "offline_available" => ("очные уроки", "lessons in person"),
        "country" => ("страна", "country"),
        "takes_requests" => ("приём заявок", "takes requests"),
        "teacher_type" => ("тип преподавателя", "kind of teacher"),
        "experience_years" => ("стаж", "years of teaching"),
        "education" => ("образование", "education"),
        "grade" => ("класс", "grade"),
        "school" => ("школа", "school"),
        "parent_name" => ("имя родителя", "parent's name"),
        "parent_phone" => ("телефон родителя", "parent's phone"),
        "interests" => ("интересы", "interests"),
        "learning_style" => ("стиль обучения", "learning style"),
        "preferred_formats" => ("желаемые форматы", "preferred formats"),
        "preferred_durations" => ("желаемая длительность", "preferred lesson lengths"),
        other => (other, other),
    }
}

#[cfg(test)]
mod tests {
    use domain::accounts::ProfileField;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_suspension_tells_its_reason_in_both_languages() {
        let params = json!({ "reason": "спам" });
        assert_eq!(
            event_text("AccountSuspended", &params, Locale::Ru),
            "Доступ приостановлен. Причина: спам"
        );
        assert_eq!(event_text("AccountSuspended", &json!({}), Locale::En), "Account suspended");
    }

    #[test]
    fn a_failed_delivery_tells_why_and_how_often() {
        let params = json!({ "what": "ticket", "attempt": 3, "status": 503, "cause": "unavailable" });
        assert_eq!(
            event_text("CrmDeliveryFailed", &params, Locale::En),
            "Delivery to the CRM failed: ticket (the CRM has a fault, HTTP 503), attempt 3"
        );
    }

    #[test]
    fn every_profile_field_has_a_name_for_people() {
        for name in ProfileField::ALL.iter().map(|field| field.as_str()) {
            assert!(!field_name(name).0.is_ascii(), "{name} has no Russian name");
        }
    }

    #[test]
    fn every_event_reads_like_a_sentence() {
        for entry in domain::catalogue() {
            let ru = event_text(entry.event_type, &json!({ "fields": ["city"] }), Locale::Ru);
            assert!(!ru.is_ascii(), "{} reads {ru:?}", entry.event_type);
        }
    }

    #[test]
    fn an_unknown_event_keeps_its_name() {
        assert_eq!(event_text("StarsAligned", &Value::Null, Locale::Ru), "StarsAligned");
    }
}
