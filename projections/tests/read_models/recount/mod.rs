//! Reports counted again from the events alone.
//! Each figure reads the whole log; it carries no state between events and reads no fact.

mod desk;
mod figures;
mod lessons;
mod people;

use domain::{AccountId, Event, RecordedEvent};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use uuid::Uuid;

pub use figures::{Figures, steps};

/// One counted item.
#[derive(Clone, Debug)]
struct Counted {
    at: Timestamp,
    class: String,
    detail: String,
    value: i64,
    currency: String,
    subject: Option<String>,
    owner: Option<AccountId>,
}

impl Counted {
    fn one(at: Timestamp, class: &str) -> Self {
        Self {
            at,
            class: class.to_owned(),
            detail: String::new(),
            value: 1,
            currency: String::new(),
            subject: None,
            owner: None,
        }
    }
}

/// Events of one stream, in their order.
type Stream<'a, E> = Vec<(&'a RecordedEvent, &'a E)>;

/// Every stream whose events `pick` knows.
fn streams<'a, E>(events: &'a [RecordedEvent], pick: fn(&Event) -> Option<&E>) -> Vec<(Uuid, Stream<'a, E>)> {
    let mut found: Vec<(Uuid, Stream<'a, E>)> = Vec::new();
    for recorded in events {
        let Some(event) = pick(&recorded.event) else { continue };
        let id: Uuid = recorded.stream.aggregate_id.parse().unwrap();
        match found.iter_mut().find(|(known, _)| *known == id) {
            Some((_, stream)) => stream.push((recorded, event)),
            None => found.push((id, vec![(recorded, event)])),
        }
    }
    found
}

fn moscow() -> TimeZone {
    TimeZone::get("Europe/Moscow").unwrap()
}

fn local(instant: Timestamp) -> Date {
    instant.to_zoned(moscow()).date()
}

fn begin(day: Date) -> Timestamp {
    day.to_zoned(moscow()).unwrap().timestamp()
}

fn week_of(day: Date) -> Date {
    day.checked_sub(jiff::Span::new().days(day.weekday().to_monday_zero_offset())).unwrap()
}
