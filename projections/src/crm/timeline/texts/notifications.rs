//! Sentences for inbox events, in Russian and English.

use serde_json::Value;

use super::{BothLanguages, both};

/// Returns the sentence, or `None` if the event is not one of notifications.
pub(super) fn event_text(event_type: &str, params: &Value) -> Option<BothLanguages> {
    let text = |key: &str| params[key].as_str().unwrap_or_default();
    let (kind_ru, kind_en) = kind_name(text("kind"));
    let (by_ru, by_en) = channel_name(text("channel"));
    Some(match event_type {
        "NotificationRaised" => {
            let muted = params["muted"].as_array().is_some_and(|muted| muted.len() == 2);
            let (off_ru, off_en) =
                if muted { (" (отключено)", " (switched off)") } else { ("", "") };
            (format!("Уведомление: {kind_ru}{off_ru}"), format!("Notification: {kind_en}{off_en}"))
        }
        "NotificationDelivered" => {
            (format!("Уведомление доставлено {by_ru}"), format!("Notification delivered {by_en}"))
        }
        "NotificationDelayed" => {
            let (why_ru, why_en) = match text("cause") {
                "digest" => ("собираются сообщения", "messages are gathered"),
                "quiet_hours" => ("тихие часы", "quiet hours"),
                _ => ("почтовый сервер не принял", "the mail server did not take it"),
            };
            (
                format!("Доставка уведомления отложена: {why_ru}"),
                format!("Delivery of a notification delayed: {why_en}"),
            )
        }
        "NotificationNotDelivered" => {
            let (why_ru, why_en) = reason_text(text("why"));
            (
                format!("Уведомление не доставлено {by_ru}: {why_ru}"),
                format!("Notification not delivered {by_en}: {why_en}"),
            )
        }
        "NotificationsRead" => both("Уведомления прочитаны", "Notifications read"),
        "NotificationDismissed" => both("Уведомление удалено", "Notification dismissed"),
        "PreferencesChanged" => {
            let (turn_ru, turn_en) =
                if params["on"] == true { ("включены", "on") } else { ("отключены", "off") };
            (
                format!("Уведомления {by_ru} {turn_ru}: {kind_ru}"),
                format!("Notifications {by_en} switched {turn_en}: {kind_en}"),
            )
        }
        "QuietHoursChanged" => match (&params["quiet_hours"]["from"], &params["quiet_hours"]["to"]) {
            (Value::String(from), Value::String(to)) => {
                (format!("Тихие часы: с {from} до {to}"), format!("Quiet hours: from {from} to {to}"))
            }
            _ => both("Тихие часы отменены", "Quiet hours given up"),
        },
        _ => return None,
    })
}

fn channel_name(code: &str) -> (&'static str, &'static str) {
    match code {
        "email" => ("по почте", "by e-mail"),
        "in_app" => ("в приложении", "in the app"),
        _ => ("", ""),
    }
}

fn reason_text(code: &str) -> (&'static str, &'static str) {
    match code {
        "muted" => ("отключено", "switched off"),
        "quiet_hours" => ("тихие часы", "quiet hours"),
        "already_read" => ("уже прочитано", "read already"),
        "too_late" => ("слишком поздно", "too late"),
        "no_address" => ("нет адреса", "no address"),
        "suspended" => ("доступ приостановлен", "account suspended"),
        _ => ("почтовый сервер отказал", "the mail server refused"),
    }
}

fn kind_name(code: &str) -> (&str, &str) {
    match code {
        "lesson_booked" => ("запись на урок", "lesson booked"),
        "lesson_cancelled" => ("отмена урока", "lesson cancelled"),
        "lesson_moved" => ("перенос урока", "lesson moved"),
        "lesson_reminder" => ("напоминание об уроке", "lesson reminder"),
        "reschedule" => ("предложение перенести урок", "proposal to move a lesson"),
        "review" => ("отзыв об уроке", "review of a lesson"),
        "request_offered" => ("заявка ученика", "lesson request"),
        "request_matched" => ("подбор преподавателей", "search for teachers"),
        "request_declined" => ("отказ от заявки", "request declined"),
        "request_accepted" => ("заявка принята", "request accepted"),
        "request_expired" => ("заявка истекла", "request expired"),
        "waitlist_offer" => ("место из листа ожидания", "seat from the waitlist"),
        "message" => ("новое сообщение", "new message"),
        "ticket_reply" => ("ответ на обращение", "reply to a ticket"),
        "ticket_status" => ("статус обращения", "status of a ticket"),
        "crm_sync" => ("передача в CRM", "delivery to the CRM"),
        "security" => ("безопасность", "security"),
        other => (other, other),
    }
}
