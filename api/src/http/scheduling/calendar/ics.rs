//! iCalendar file of lessons.
//!
//! Times are in UTC: a calendar program shows them in the zone of its owner and needs no zone rules. The
//! library escapes texts and folds lines.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use domain::Vocabulary;
use domain::accounts::Locale;
use domain::scheduling::{LessonFormat, LessonType};
use icalendar::{Calendar, Component, Event, EventLike, Property};
use jiff::Timestamp;
use projections::scheduling::CalendarLesson;
use translations::term_label;

const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// Renders a calendar of these lessons in a language. `stamp` is the time of creation.
pub fn render_calendar(lessons: &[CalendarLesson], locale: Locale, stamp: Timestamp) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//Kafedra//Lessons//RU"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    calendar.name(match locale {
        Locale::Ru => "Кафедра: занятия",
        Locale::En => "Kafedra: lessons",
    });
    calendar.append_property(
        Property::new("REFRESH-INTERVAL", "PT1H").append_parameter(("VALUE", "DURATION")).done(),
    );
    for lesson in lessons {
        calendar.push(build_event(lesson, locale, stamp));
    }
    calendar.to_string()
}

/// Builds the response with a calendar.
pub fn calendar_response(text: String) -> impl IntoResponse {
    ([(CONTENT_TYPE, MEDIA_TYPE)], text)
}

fn build_event(lesson: &CalendarLesson, locale: Locale, stamp: Timestamp) -> Event {
    let mut event = Event::new();
    event
        .uid(&format!("{}@lessons.kafedra", lesson.slot_id))
        .add_property("DTSTAMP", format_utc(stamp))
        .add_property("DTSTART", format_utc(lesson.starts_at))
        .add_property("DTEND", format_utc(lesson.ends_at))
        .add_property("SEQUENCE", lesson.sequence.to_string())
        .add_property("STATUS", if lesson.cancelled { "CANCELLED" } else { "CONFIRMED" })
        .add_property("TRANSP", if lesson.cancelled { "TRANSPARENT" } else { "OPAQUE" })
        .summary(&summary(lesson, locale))
        .description(&description(lesson, locale));
    if let Some(place) = &lesson.place {
        event.location(place);
    }
    event.done()
}

/// Formats an instant as `20261201T150000Z`.
fn format_utc(instant: Timestamp) -> String {
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Builds the title, like `Математика: Вера Лебедева`.
fn summary(lesson: &CalendarLesson, locale: Locale) -> String {
    let subject = term_label(Vocabulary::Subjects, &lesson.subject, locale);
    if lesson.names.is_empty() {
        subject
    } else {
        format!("{subject}: {}", lesson.names.join(", "))
    }
}

fn description(lesson: &CalendarLesson, locale: Locale) -> String {
    let sort = match (lesson.lesson_type, locale) {
        (LessonType::Regular, Locale::Ru) => "Занятие",
        (LessonType::Regular, Locale::En) => "Lesson",
        (LessonType::Trial, Locale::Ru) => "Пробное занятие",
        (LessonType::Trial, Locale::En) => "Trial lesson",
    };
    let format = match (lesson.format, locale) {
        (LessonFormat::Online, Locale::Ru) => "онлайн",
        (LessonFormat::Online, Locale::En) => "online",
        (LessonFormat::Offline, Locale::Ru) => "очно",
        (LessonFormat::Offline, Locale::En) => "in person",
        (LessonFormat::MiniGroup, Locale::Ru) => "мини-группа",
        (LessonFormat::MiniGroup, Locale::En) => "small group",
    };
    format!("{sort}, {format}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson() -> CalendarLesson {
        CalendarLesson {
            slot_id: "0198c0de-0000-7000-8000-0000000000a1".parse().unwrap(),
            starts_at: "2026-12-01T15:00:00Z".parse().unwrap(),
            ends_at: "2026-12-01T16:00:00Z".parse().unwrap(),
            subject: "mathematics".to_owned(),
            lesson_type: LessonType::Regular,
            format: LessonFormat::Offline,
            place: Some("Kazan; Kremlin street, 5\nSecond floor".to_owned()),
            cancelled: false,
            sequence: 3,
            names: vec!["Вера Лебедева".to_owned()],
        }
    }

    fn render(lesson: CalendarLesson, locale: Locale) -> String {
        render_calendar(&[lesson], locale, "2026-11-24T09:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_lesson_is_an_event_in_utc() {
        let text = render(lesson(), Locale::En);
        for line in [
            "BEGIN:VCALENDAR",
            "UID:0198c0de-0000-7000-8000-0000000000a1@lessons.kafedra",
            "DTSTAMP:20261124T090000Z",
            "DTSTART:20261201T150000Z",
            "DTEND:20261201T160000Z",
            "SEQUENCE:3",
            "STATUS:CONFIRMED",
            "SUMMARY:Mathematics: Вера Лебедева",
            "LOCATION:Kazan\\; Kremlin street\\, 5\\nSecond floor",
            "END:VCALENDAR",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}\n{text}");
        }
        assert!(render(lesson(), Locale::Ru).contains("SUMMARY:Математика: Вера Лебедева\r\n"));
    }

    #[test]
    fn a_cancelled_lesson_is_kept_and_says_so() {
        let text = render(CalendarLesson { cancelled: true, ..lesson() }, Locale::En);
        assert!(text.contains("STATUS:CANCELLED\r\n"));
    }

    #[test]
    fn no_line_is_longer_than_75_octets_and_no_letter_is_torn() {
        let names = vec!["Ы".repeat(100), "名前".repeat(50)];
        let text = render(CalendarLesson { names: names.clone(), ..lesson() }, Locale::Ru);
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(text.replace("\r\n ", "").contains(&names.join("\\, ")));
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    }
}
