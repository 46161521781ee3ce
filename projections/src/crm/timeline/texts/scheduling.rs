//! Sentences for scheduling events, in Russian and English, for teachers and students.

use domain::Vocabulary;
use domain::accounts::Locale;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use translations::term_label;

use super::{BothLanguages, both, with_reason};

/// Returns the sentence, or `None` if the event is not one of scheduling.
pub(super) fn event_text(event_type: &str, params: &Value) -> Option<BothLanguages> {
    let text = |key: &str| params[key].as_str().unwrap_or_default();
    let is_teacher = text("part") == "teacher";
    let (ru, en) = match event_type {
        "SlotOpened" => both("Предложено время для урока", "Lesson time offered"),
        "SlotChanged" => changed_fields_text(params),
        "SlotWithdrawn" => both("Время для урока снято", "Lesson time withdrawn"),
        "SeatHeld" if params["offered"] == true => {
            both("Место предложено из очереди", "Seat offered to the line")
        }
        "SeatHeld" => both("Место придержано", "Seat held"),
        "HoldReleased" => match text("cause") {
            "expired" => both("Придержанное место освободилось по сроку", "Hold expired"),
            _ => both("Придержанное место отпущено", "Hold released"),
        },
        "SeatBooked" => booking_text(text("booked_by"), is_teacher),
        "BookingCancelled" => cancellation_text(params, "Запись отменена", "Booking cancelled"),
        "LessonCancelled" => cancellation_text(params, "Урок отменён", "Lesson cancelled"),
        "RescheduleProposed" => {
            let (by_ru, by_en) = party_name(text("by"));
            (format!("Предложен перенос урока ({by_ru})"), format!("Another time proposed by {by_en}"))
        }
        "RescheduleAccepted" => {
            let (by_ru, by_en) = party_name(text("by"));
            (format!("Согласие на перенос урока ({by_ru})"), format!("Another time accepted by {by_en}"))
        }
        "RescheduleDeclined" => {
            let (by_ru, by_en) = party_name(text("by"));
            (format!("Перенос урока отклонён ({by_ru})"), format!("Another time declined by {by_en}"))
        }
        "RescheduleExpired" => {
            both("Предложение о переносе больше не действует", "Proposal of another time ended")
        }
        "LessonMoved" => both("Урок перенесён", "Lesson moved"),
        "BookingMovedOut" => both("Запись ушла на другой урок", "Booking moved to another lesson"),
        "BookingMovedIn" => both("Запись пришла с другого урока", "Booking moved from another lesson"),
        "LessonStarted" => both("Урок начат", "Lesson started"),
        "LessonCompleted" => both("Урок проведён", "Lesson completed"),
        "NoShowRecorded" if text("absent") == "teacher" => {
            both("Преподаватель не пришёл на урок", "The teacher did not come")
        }
        "NoShowRecorded" => both("Ученик не пришёл на урок", "The student did not come"),
        "LessonReported" => both("Отчёт об уроке написан", "Lesson reported"),
        "LessonReviewed" => {
            let rating = params["rating"].as_u64().unwrap_or_default();
            (format!("Отзыв об уроке: {rating} из 5"), format!("Lesson reviewed: {rating} of 5"))
        }
        "ReminderSent" => match text("lead") {
            "day" => both("Напоминание за сутки до урока", "Reminded a day before the lesson"),
            _ => both("Напоминание за час до урока", "Reminded an hour before the lesson"),
        },
        "WaitlistEntered" => both("Ученик в очереди на место", "A student waits for a seat"),
        "WaitlistRemoved" => both("Ученик больше не в очереди", "A student no longer waits"),
        "WaitlistJoined" => {
            let place = params["place"].as_u64().unwrap_or_default();
            (format!("В очереди на место, номер {place}"), format!("Waits for a seat, place {place}"))
        }
        "SeatOffered" => both("Предложено место из очереди", "Seat offered from the line"),
        "OfferAccepted" => both("Предложенное место принято", "Offered seat accepted"),
        "OfferDeclined" => both("Предложенное место отклонено", "Offered seat declined"),
        "OfferExpired" => both("Предложенное место не принято вовремя", "Offered seat not accepted in time"),
        "WaitlistLeft" if params["closed"] == true => both("Очередь на место закрыта", "The line was closed"),
        "WaitlistLeft" => both("Выход из очереди на место", "Left the line for a seat"),
        "LessonRequested" => both("Заявка на урок", "Lesson requested"),
        "RequestMatched" => {
            let count = |key: &str| params[key].as_u64().unwrap_or_default();
            let (offered, considered) = (count("offered"), count("considered"));
            (
                format!("Подбор преподавателей по заявке: {offered} из {considered}"),
                format!("Teachers found for the request: {offered} of {considered}"),
            )
        }
        "RequestOffered" => both("Заявка предложена преподавателю", "Request offered to the teacher"),
        "RequestDeclined" => both("Преподаватель отклонил заявку", "The teacher declined the request"),
        "RequestAccepted" if params["lost"] == true => {
            both("Заявку принял другой преподаватель", "Another teacher accepted the request")
        }
        "RequestAccepted" => both("Заявка принята", "Request accepted"),
        "RequestCancelled" => both("Заявка отменена", "Request cancelled"),
        "RequestExpired" => both("Срок заявки истёк", "Request expired"),
        "ClassCreated" => both("Группа создана", "Class created"),
        "ClassRenamed" => both("Группа переименована", "Class renamed"),
        "ClassChanged" => both("Группа изменена", "Class changed"),
        "StudentAdded" => both("Ученик принят в группу", "Student added to the class"),
        "StudentRemoved" => both("Ученик исключён из группы", "Student removed from the class"),
        "ClassClosed" => both("Группа закрыта", "Class closed"),
        "SeriesDefined" => both("Задано расписание", "Series of times defined"),
        "SeriesChanged" => with_date(params, "Расписание изменено с", "Series of times changed from"),
        "SeriesExceptionAdded" => with_date(params, "Исключение в расписании:", "No time on"),
        "SeriesEnded" => with_date(params, "Расписание окончено с", "Series of times ended from"),
        "SeriesExtended" => {
            let (ru, en) =
                with_date(params, "Время открыто по расписанию до", "Times opened by the series up to");
            let count = |key: &str| params[key].as_u64().unwrap_or_default();
            let (opened, skipped) = (count("opened"), count("skipped"));
            (
                format!("{ru}: открыто {opened}, пропущено {skipped}"),
                format!("{en}: {opened} opened, {skipped} skipped"),
            )
        }
        _ => return None,
    };
    let (about_ru, about_en) = lesson_text(params);
    Some(with_reason(params, ru + &about_ru, en + &about_en))
}

/// Returns the subject, the time and the other person of a lesson.
fn lesson_text(params: &Value) -> BothLanguages {
    let (mut ru, mut en) = (String::new(), String::new());
    if let Some(code) = params["subject"].as_str() {
        let label = |locale| term_label(Vocabulary::Subjects, code, locale);
        let (in_ru, in_en) = (label(Locale::Ru), label(Locale::En));
        ru = format!(": {in_ru}");
        en = format!(": {in_en}");
    }
    let zone = params["zone"].as_str().unwrap_or("UTC");
    if let Some((in_ru, in_en)) = local_time(&params["starts_at"], zone) {
        ru += &format!(", {in_ru}");
        en += &format!(", {in_en}");
        if let Some((in_ru, in_en)) = local_time(&params["to"], zone) {
            ru += &format!(" → {in_ru}");
            en += &format!(" → {in_en}");
        }
        ru += &format!(" ({zone})");
        en += &format!(" ({zone})");
    }
    if let Some(name) = params["with_name"].as_str() {
        let (who_ru, who_en) = match params["part"].as_str() {
            Some("teacher") => ("ученик", "student"),
            _ => ("преподаватель", "teacher"),
        };
        ru += &format!("; {who_ru}: {name}");
        en += &format!("; {who_en}: {name}");
    }
    (ru, en)
}

/// Returns the local time in the zone in which the teacher offered the lesson.
fn local_time(value: &Value, zone: &str) -> Option<BothLanguages> {
    let at: Timestamp = value.as_str()?.parse().ok()?;
    let local = at.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    Some((local.strftime("%d.%m.%Y %H:%M").to_string(), local.strftime("%-d %b %Y, %H:%M").to_string()))
}

fn booking_text(booked_by: &str, is_teacher: bool) -> BothLanguages {
    let (how_ru, how_en) = match booked_by {
        "teacher" => (" преподавателем", " by the teacher"),
        "request" => (" по заявке", " by a request"),
        "waitlist" => (" из очереди", " from the line"),
        "class" => (" вместе с группой", " with the class"),
        _ => ("", ""),
    };
    match is_teacher {
        true => (format!("Ученик записан на урок{how_ru}"), format!("A student was booked{how_en}")),
        false => (format!("Запись на урок{how_ru}"), format!("Lesson booked{how_en}")),
    }
}

fn cancellation_text(params: &Value, ru: &str, en: &str) -> BothLanguages {
    let (by_ru, by_en) = party_name(params["by"].as_str().unwrap_or_default());
    let (mut ru, mut en) = (format!("{ru} ({by_ru}"), format!("{en} by {by_en}"));
    if params["late"] == true {
        ru += ", поздно";
        en += ", late";
    }
    ru += ")";
    if params["fee"]["amount"].as_i64().is_some_and(|amount| amount > 0) {
        ru += ", с удержанием";
        en += ", at a charge";
    }
    (ru, en)
}

fn party_name(party: &str) -> (&str, &str) {
    match party {
        "student" => ("ученик", "the student"),
        "teacher" => ("преподаватель", "the teacher"),
        "system" => ("система", "the system"),
        other => (other, other),
    }
}

fn with_date(params: &Value, ru: &str, en: &str) -> BothLanguages {
    let date = params["date"].as_str().unwrap_or_default();
    (format!("{ru} {date}"), format!("{en} {date}"))
}

fn changed_fields_text(params: &Value) -> BothLanguages {
    let names: Vec<(&str, &str)> =
        params["fields"].as_array().into_iter().flatten().filter_map(Value::as_str).map(field_name).collect();
    let list = |of: fn(&(&str, &str)) -> String| names.iter().map(of).collect::<Vec<_>>().join(", ");
    (
        format!("Условия урока изменены ({})", list(|name| name.0.to_owned())),
        format!("Lesson changed ({})", list(|name| name.1.to_owned())),
    )
}

fn field_name(code: &str) -> (&str, &str) {
    match code {
        "time" => ("время", "time"),
        "subject" => ("предмет", "subject"),
        "lesson_type" => ("вид урока", "lesson type"),
        "format" => ("формат", "format"),
        "price" => ("цена", "price"),
        "capacity" => ("число мест", "seats"),
        "min_participants" => ("наименьшее число участников", "least number of students"),
        "goals" => ("цели", "goals"),
        "grades" => ("классы", "grades"),
        "place" => ("место", "place"),
        other => (other, other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_booking_tells_each_side_which_lesson_when_and_with_whom() {
        let params = json!({
            "part": "student", "subject": "physics", "starts_at": "2026-12-01T13:00:00Z",
            "zone": "Europe/Moscow", "booked_by": "teacher", "with_name": "Анна",
        });
        let (ru, en) = event_text("SeatBooked", &params).unwrap();
        assert_eq!(
            ru,
            "Запись на урок преподавателем: Физика, 01.12.2026 16:00 (Europe/Moscow); преподаватель: Анна"
        );
        assert_eq!(
            en,
            "Lesson booked by the teacher: Physics, 1 Dec 2026, 16:00 (Europe/Moscow); teacher: Анна"
        );
    }

    #[test]
    fn a_late_cancellation_tells_who_why_and_that_it_costs() {
        let params = json!({
            "part": "teacher", "by": "student", "late": true, "reason": "ill",
            "fee": { "amount": 75_000, "currency": "RUB" },
        });
        let (_, en) = event_text("BookingCancelled", &params).unwrap();
        assert_eq!(en, "Booking cancelled by the student, late, at a charge. Reason: ill");
    }

    #[test]
    fn a_moved_lesson_tells_both_times_on_the_same_clock() {
        let params = json!({
            "starts_at": "2026-03-28T15:00:00Z", "to": "2026-03-29T15:00:00Z", "zone": "Europe/Berlin",
        });
        let (ru, _) = event_text("LessonMoved", &params).unwrap();
        assert_eq!(ru, "Урок перенесён, 28.03.2026 16:00 → 29.03.2026 17:00 (Europe/Berlin)");
    }
}
