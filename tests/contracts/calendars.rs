//! Two external validators read our iCalendar files alike, with any names.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use api::http::scheduling::calendar::ics;
use domain::accounts::Locale;
use domain::scheduling::{LessonFormat, LessonType};
use jiff::Timestamp;
use projections::scheduling::CalendarLesson;
use serde_json::{Value, json};

/// Reads a calendar from its input with both validators, and prints their results.
const READING: &str = include_str!("read_calendar.py");

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn lesson(n: u128) -> CalendarLesson {
    CalendarLesson {
        slot_id: uuid::Uuid::from_u128(n).into(),
        starts_at: at("2026-12-01T15:00:00Z"),
        ends_at: at("2026-12-01T16:00:00Z"),
        subject: "mathematics".to_owned(),
        lesson_type: LessonType::Regular,
        format: LessonFormat::Online,
        place: None,
        cancelled: false,
        sequence: 0,
        names: vec!["Вера Лебедева".to_owned()],
    }
}

/// Lessons whose names and places are meant to break the format.
fn lessons() -> Vec<CalendarLesson> {
    let name = |text: &str| vec![text.to_owned()];
    let place = |text: &str| Some(text.to_owned());
    vec![
        lesson(1),
        CalendarLesson { cancelled: true, sequence: 4, lesson_type: LessonType::Trial, ..lesson(2) },
        CalendarLesson {
            starts_at: at("2027-03-28T22:30:00Z"),
            ends_at: at("2027-03-29T00:00:00Z"),
            names: name("semi;colon, com,ma \\ back\\nslash \"quote\" : colon"),
            place: place("line one\nline two; END:VEVENT\nBEGIN:VALARM"),
            format: LessonFormat::Offline,
            ..lesson(3)
        },
        CalendarLesson { names: name(&"Щ".repeat(99)), place: place(&"𝄞é名".repeat(60)), ..lesson(4) },
        CalendarLesson {
            subject: "no_such_subject".to_owned(),
            names: (1..=30).map(|n| format!("Ученик {n}")).collect(),
            format: LessonFormat::MiniGroup,
            ..lesson(5)
        },
    ]
}

fn read(calendar: &str) -> Value {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/venv/bin/python");
    assert!(python.exists(), "{} is missing: run `make setup`", python.display());
    let mut reader = Command::new(python)
        .args(["-c", READING])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python runs");
    reader.stdin.take().unwrap().write_all(calendar.as_bytes()).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn two_foreign_readers_find_in_our_calendar_what_we_wrote() {
    let stamp = at("2026-11-24T09:00:00Z");
    let calendar = ics::render_calendar(&lessons(), Locale::En, stamp);
    let read = read(&calendar);
    for reader in ["icalendar", "vobject"] {
        let events = read[reader].as_array().unwrap_or_else(|| panic!("{reader}: {read}"));
        assert_eq!(events.len(), lessons().len(), "{reader}");
        for (event, lesson) in events.iter().zip(lessons()) {
            let expected = json!({
                "uid": format!("{}@lessons.kafedra", lesson.slot_id),
                "stamp": stamp.as_second(),
                "starts": lesson.starts_at.as_second(),
                "ends": lesson.ends_at.as_second(),
                "sequence": lesson.sequence,
                "status": if lesson.cancelled { "CANCELLED" } else { "CONFIRMED" },
                "location": lesson.place,
            });
            let mut found = event.clone();
            let summary = found.as_object_mut().unwrap().remove("summary").unwrap();
            assert_eq!(found, expected, "{reader}");
            assert!(summary.as_str().unwrap().ends_with(&lesson.names.join(", ")), "{reader}: {summary}");
        }
    }
    assert_eq!(read["icalendar"], read["vobject"]);
}

#[test]
fn an_empty_calendar_is_a_calendar() {
    let read = read(&ics::render_calendar(&[], Locale::Ru, at("2026-11-24T09:00:00Z")));
    assert_eq!(read, json!({ "icalendar": [], "vobject": [] }));
}
