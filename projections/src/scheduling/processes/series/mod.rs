//! Opens the slots of a series eight weeks ahead, and keeps them as its rules say.
//!
//! Every definition, change, exception and end is followed at once, one after the other (`lane`); every
//! extension sets the timer of the next one, a week later. There is one timer that counts: the one of the
//! date up to which slots stand open now; those of earlier dates find that they are over.

mod handler;
mod slots;

pub use handler::SeriesHandler;

use cqrs_es::Aggregate;
use domain::scheduling::{AvailabilitySeries, SERIES_WEEKS, SeriesEvent};
use domain::{Event, Recorded};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use projection_runtime::{NewTask, Process, Reaction};
use serde::{Deserialize, Serialize};
use serde_json::json;

const NAME: &str = "series_slots";
const KIND: &str = "keep_series";

/// Asks for the slots of a series to be opened, or withdrawn, when its rules say so.
#[derive(Clone, Copy, Debug, Default)]
pub struct SeriesKeeper;

/// What a task is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Errand {
    /// The rules are others from this date on: open what they name now.
    Follow { from: Date },
    /// There are fewer dates: withdraw what is not named any more.
    Clear,
    /// Slots stand open up to this date: open the next.
    Extend { beyond: Date },
}

impl Process for SeriesKeeper {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == AvailabilitySeries::TYPE
    }

    fn react(&self, event: &Recorded) -> Vec<Reaction> {
        let Event::Series(series) = &event.event else { return Vec::new() };
        let series_id = &event.stream.aggregate_id;
        let now = |errand: Errand| NewTask {
            kind: KIND,
            key: format!("{series_id}:{}", event.sequence),
            lane: Some(format!("series:{series_id}")),
            due_at: None,
            payload: json!(errand),
        };
        let task = match series {
            SeriesEvent::SeriesDefined { local_start, .. } => {
                now(Errand::Follow { from: local_start.date() })
            }
            SeriesEvent::SeriesChanged { from, .. } => now(Errand::Follow { from: *from }),
            SeriesEvent::SeriesExceptionAdded { .. } | SeriesEvent::SeriesEnded { .. } => now(Errand::Clear),
            SeriesEvent::SeriesExtended { through, .. } => NewTask {
                kind: KIND,
                key: format!("{series_id}:through:{through}"),
                // Not in the lane: what waits for a week must not hold up what happens meanwhile.
                lane: None,
                due_at: extension_due(*through),
                payload: json!(Errand::Extend { beyond: *through }),
            },
        };
        vec![Reaction::Do(task)]
    }
}

/// When the horizon may go a week beyond this date.
fn extension_due(through: Date) -> Option<Timestamp> {
    let day = through.checked_sub(Span::new().weeks(SERIES_WEEKS - 1)).ok()?;
    day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
}

/// How far slots are opened on a day.
fn horizon(today: Date) -> Date {
    today.saturating_add(Span::new().weeks(SERIES_WEEKS))
}
