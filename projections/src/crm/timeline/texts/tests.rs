//! Tests of the sentences.

use std::collections::BTreeSet;

use domain::accounts::ProfileField;
use domain::crm::FailureCause;
use domain::notifications::{Channel, DelayCause, NonDelivery, NotificationKind};
use domain::scheduling::Party;
use domain::support::{Priority, Status};
use serde_json::json;

use super::*;

const LOCALES: [Locale; 2] = [Locale::Ru, Locale::En];
/// Names of changed fields that the timeline keeps of a lesson.
const LESSON_FIELDS: [&str; 10] = [
    "time",
    "subject",
    "lesson_type",
    "format",
    "price",
    "capacity",
    "min_participants",
    "goals",
    "grades",
    "place",
];

fn texts(event_type: &str, params: &Value) -> [String; 2] {
    LOCALES.map(|locale| event_text(event_type, params, locale))
}

#[test]
fn every_event_and_code_has_its_text_and_no_text_is_unused() {
    let mut used: BTreeSet<String> =
        domain::catalogue().iter().map(|entry| entry.event_type.to_string()).collect();
    let mut list = |name: &str, codes: &[&str]| {
        used.extend(codes.iter().map(|code| format!("{name}-{code}")));
    };
    macro_rules! codes {
        ($kind:ty) => {
            &<$kind>::ALL.iter().map(|code| code.as_str()).collect::<Vec<&str>>()
        };
    }
    list("party", codes!(Party));
    list("crm_cause", codes!(FailureCause));
    list("crm_cause", &["unknown"]);
    list("drift", &["missing", "duplicated", "differs", "unknown"]);
    list("channel", codes!(Channel));
    list("delay", codes!(DelayCause));
    list("non_delivery", codes!(NonDelivery));
    list("notification", codes!(NotificationKind));
    list("ticket_priority", codes!(Priority));
    list("ticket_status", codes!(Status));
    list("profile_field", codes!(ProfileField));
    list("lesson_field", &LESSON_FIELDS);
    assert_eq!(TEXTS.compare_ids(&used), Vec::<String>::new());
}

/// A missing argument panics while a sentence is formatted.
#[test]
fn every_event_reads_like_a_sentence() {
    for entry in domain::catalogue() {
        let [ru, en] = texts(entry.event_type, &json!({ "fields": ["city"] }));
        assert!(!ru.is_ascii(), "{} reads {ru:?}", entry.event_type);
        assert!(!en.is_empty() && !en.contains(['{', '}', '$']), "{} reads {en:?}", entry.event_type);
    }
}

#[test]
fn an_unknown_event_keeps_its_name() {
    assert_eq!(event_text("StarsAligned", &Value::Null, Locale::Ru), "StarsAligned");
}

#[test]
fn a_suspension_tells_its_reason_in_both_languages() {
    let params = json!({ "reason": "спам" });
    assert_eq!(event_text("AccountSuspended", &params, Locale::Ru), "Доступ приостановлен. Причина: спам");
    assert_eq!(event_text("AccountSuspended", &json!({}), Locale::En), "Account suspended");
}

#[test]
fn a_failed_delivery_tells_why_and_how_often() {
    let params = json!({ "what": "ticket", "attempt": 3, "status": 503, "cause": "unavailable" });
    assert_eq!(
        event_text("CrmDeliveryFailed", &params, Locale::En),
        "Delivery to the CRM failed: ticket (the CRM has a fault, HTTP 503), attempt 3"
    );
    let params = json!({ "what": "user", "attempt": 1, "status": null, "cause": "bored" });
    assert_eq!(
        event_text("CrmDeliveryAbandoned", &params, Locale::Ru),
        "Передача в CRM прекращена: пользователь (причина неизвестна), попытка 1"
    );
}

#[test]
fn every_code_has_words_in_both_languages() {
    let statuses = Status::ALL.iter().map(|code| ("ticket_status", code.as_str()));
    let priorities = Priority::ALL.iter().map(|code| ("ticket_priority", code.as_str()));
    let fields = ProfileField::ALL.iter().map(|code| ("profile_field", code.as_str()));
    for (list, code) in statuses.chain(priorities).chain(fields) {
        let [ru, en] = LOCALES.map(|locale| TEXTS.label(locale, &format!("{list}-{code}")).unwrap());
        assert!(!ru.is_ascii() && en.is_ascii() && !en.contains('_'), "{code}: {ru}, {en}");
    }
}

#[test]
fn a_profile_change_names_the_fields() {
    let texts = |params| texts("ProfileUpdated", &params);
    assert_eq!(
        texts(json!({ "fields": ["city", "bio"], "cleared": ["age"] })),
        ["Профиль изменён: город, о себе; очищено: возраст", "Profile changed: city, about; emptied: age"]
    );
    assert_eq!(texts(json!({ "fields": [], "cleared": ["age"] })), ["очищено: возраст", "emptied: age"]);
}

#[test]
fn an_assignment_names_the_other_person() {
    let of_requester = json!({ "by": "round_robin", "with_name": "Ольга" });
    assert_eq!(texts("TicketAssigned", &of_requester)[0], "Обращение назначено по очереди (Ольга)");
    let of_agent = json!({ "by": "manual", "with_name": "Анна", "part": "agent" });
    assert_eq!(texts("TicketAssigned", &of_agent)[1], "Ticket assigned (requester: Анна)");
}

#[test]
fn a_change_tells_both_ends() {
    assert_eq!(
        texts("StatusChanged", &json!({ "from": "open", "to": "resolved" })),
        ["Состояние обращения: открыто → решено", "Status of the ticket: open → resolved"]
    );
}

#[test]
fn a_notification_tells_its_kind_and_its_channel() {
    let params = json!({ "kind": "message", "muted": ["email", "in_app"] });
    assert_eq!(texts("NotificationRaised", &params)[0], "Уведомление: новое сообщение (отключено)");
    let params = json!({ "channel": "email", "why": "muted" });
    assert_eq!(
        texts("NotificationNotDelivered", &params)[1],
        "Notification not delivered by e-mail: switched off"
    );
    let params = json!({ "kind": "review", "channel": "in_app", "on": true });
    assert_eq!(
        texts("PreferencesChanged", &params)[1],
        "Notifications in the app switched on: review of a lesson"
    );
    let params = json!({ "quiet_hours": { "from": "22:00", "to": "08:00" } });
    assert_eq!(texts("QuietHoursChanged", &params)[0], "Тихие часы: с 22:00 до 08:00");
    assert_eq!(texts("QuietHoursChanged", &json!({ "quiet_hours": null }))[0], "Тихие часы отменены");
}

#[test]
fn a_booking_tells_each_side_which_lesson_when_and_with_whom() {
    let params = json!({
        "part": "student", "subject": "physics", "starts_at": "2026-12-01T13:00:00Z",
        "zone": "Europe/Moscow", "booked_by": "teacher", "with_name": "Анна",
    });
    assert_eq!(
        texts("SeatBooked", &params),
        [
            "Запись на урок преподавателем: Физика, 01.12.2026 16:00 (Europe/Moscow); преподаватель: Анна",
            "Lesson booked by the teacher: Physics, 1 Dec 2026, 16:00 (Europe/Moscow); teacher: Анна"
        ]
    );
}

#[test]
fn a_late_cancellation_tells_who_why_and_that_it_costs() {
    let params = json!({
        "part": "teacher", "by": "student", "late": true, "reason": "ill",
        "fee": { "amount": 75_000, "currency": "RUB" },
    });
    assert_eq!(
        texts("BookingCancelled", &params),
        [
            "Запись отменена (ученик, поздно), с удержанием. Причина: ill",
            "Booking cancelled by the student, late, at a charge. Reason: ill"
        ]
    );
}

#[test]
fn a_moved_lesson_tells_both_times_on_the_same_clock() {
    let params = json!({
        "starts_at": "2026-03-28T15:00:00Z", "to": "2026-03-29T15:00:00Z", "zone": "Europe/Berlin",
    });
    assert_eq!(
        texts("LessonMoved", &params)[0],
        "Урок перенесён, 28.03.2026 16:00 → 29.03.2026 17:00 (Europe/Berlin)"
    );
}

#[test]
fn messages_and_requests_tell_their_numbers() {
    assert_eq!(texts("MessageSent", &json!({ "attachments": 0 }))[1], "Message sent");
    assert_eq!(texts("MessageSent", &json!({ "attachments": 2 }))[1], "Message sent, attachments: 2");
    assert_eq!(
        texts("RequestMatched", &json!({ "offered": 3, "considered": 7 }))[0],
        "Подбор преподавателей по заявке: 3 из 7"
    );
}
