//! iCalendar file of lessons.
//!
//! Times are in UTC: a calendar program shows them in the zone of its owner and needs no zone rules. The
//! library escapes texts and folds lines.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use domain::Vocabulary;
use domain::accounts::Locale;
use icalendar::{Calendar, Component, Event, EventLike, Property};
use jiff::Timestamp;
use projections::scheduling::CalendarLesson;
use translations::{Catalogue, FluentArgs, TextFile, term_label, text_args, text_file};

const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

const FILES: &[TextFile] = &[text_file!("calendar")];

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(FILES));

/// Renders a calendar of these lessons in a language. `stamp` is the time of creation.
pub fn render_calendar(lessons: &[CalendarLesson], locale: Locale, stamp: Timestamp) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//Kafedra//Lessons//RU"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    calendar.name(&TEXTS.text(locale, "name", &FluentArgs::new()));
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
        return subject;
    }
    let args = text_args!["subject" => subject, "people" => lesson.names.join(", ")];
    TEXTS.text(locale, "lesson_with", &args)
}

fn description(lesson: &CalendarLesson, locale: Locale) -> String {
    let label = |list: &str, code: &str| TEXTS.text(locale, &format!("{list}-{code}"), &FluentArgs::new());
    let args = text_args![
        "type" => label("type", lesson.lesson_type.as_str()),
        "format" => label("format", lesson.format.as_str()),
    ];
    TEXTS.text(locale, "description", &args)
}

#[cfg(test)]
mod tests {
    use domain::scheduling::{LessonFormat, LessonType};

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
    fn every_code_has_its_text_and_no_text_is_unused() {
        let types = LessonType::ALL.iter().map(|code| format!("type-{code}"));
        let formats = LessonFormat::ALL.iter().map(|code| format!("format-{code}"));
        let others = ["name", "lesson_with", "description"].map(str::to_owned);
        assert_eq!(TEXTS.compare_ids(&types.chain(formats).chain(others).collect()), Vec::<String>::new());
    }

    #[test]
    fn a_description_names_the_type_and_the_format() {
        let trial = CalendarLesson { lesson_type: LessonType::Trial, ..lesson() };
        assert_eq!(description(&trial, Locale::En), "Trial lesson, in person");
        assert_eq!(description(&trial, Locale::Ru), "Пробное занятие, очно");
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
