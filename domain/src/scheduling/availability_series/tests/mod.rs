//! Tests of a series.

mod decide;
mod local_time;
mod properties;
mod recurrence;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::*;
use crate::accounts::TimeZoneName;
use crate::ids::{AccountId, SeriesId};
use crate::money::{Currency, Money};
use crate::scheduling::{LessonFormat, LessonType, SlotTerms};

const TEACHER: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));
const SERIES: SeriesId = SeriesId(uuid::uuid!("0198c0de-0000-7000-8000-0000000000e1"));

/// A Tuesday.
fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn local(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn zone(name: &str) -> TimeZoneName {
    TimeZoneName::parse(name).unwrap()
}

fn terms() -> SlotTerms {
    SlotTerms {
        subject: "mathematics".to_owned(),
        lesson_type: LessonType::Regular,
        format: LessonFormat::Online,
        price: Money { amount: 200_000, currency: Currency::RUB },
        capacity: 1,
        min_participants: None,
        goals: vec![],
        grades: vec![],
        place: None,
    }
}

/// Series on Tuesdays at 16:00 in Berlin, one hour each.
fn tuesdays() -> NewSeries {
    NewSeries {
        teacher: TEACHER,
        rrule: "FREQ=WEEKLY;BYDAY=TU".to_owned(),
        local_start: local("2026-12-01T16:00"),
        zone: zone("Europe/Berlin"),
        duration_minutes: 60,
        template: terms(),
        class_id: None,
    }
}

fn times(series: &SeriesState, from: &str, through: &str) -> Vec<String> {
    let found = series.occurrences(day(from), day(through));
    found.iter().map(|found| found.local.strftime("%F %H:%M").to_string()).collect()
}
