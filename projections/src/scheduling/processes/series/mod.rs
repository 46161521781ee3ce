//! Opens the slots of a series eight weeks ahead, and keeps them as its rules say.
//!
//! Every definition, change, exception and end is followed at once, one after the other (`queue`); every
//! extension sets the timer of the next one, a week later. There is one timer that counts: the one of the
//! date up to which slots stand open now; those of earlier dates find that they are over.

mod handler;
mod slots;

pub use handler::SeriesSlotsHandler;

use cqrs_es::Aggregate;
use domain::scheduling::{AvailabilitySeries, SERIES_WEEKS, SeriesEvent};
use domain::{Event, RecordedEvent};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use projection_runtime::{NewTask, ProcessManager, Reaction};
use serde::{Deserialize, Serialize};
use serde_json::json;

const NAME: &str = "series_slots";
const KIND: &str = "keep_series";

/// Asks for the slots of a series to be opened, or withdrawn, when its rules say so.
#[derive(Clone, Copy, Debug, Default)]
pub struct SeriesSlots;

/// What a task is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SeriesTask {
    /// The rules are others from this date on: open what they name now.
    #[serde(rename = "follow")]
    OpenFrom { from: Date },
    /// There are fewer dates: withdraw what is not named any more.
    #[serde(rename = "clear")]
    WithdrawUnplanned,
    /// Slots stand open up to this date: open the next.
    #[serde(rename = "extend")]
    ExtendHorizon { beyond: Date },
}

impl ProcessManager for SeriesSlots {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == AvailabilitySeries::TYPE
    }

    fn react(&self, event: &RecordedEvent) -> Vec<Reaction> {
        let Event::Series(series) = &event.event else { return Vec::new() };
        let series_id = &event.stream.aggregate_id;
        let now = |series_task: SeriesTask| NewTask {
            kind: KIND,
            key: format!("{series_id}:{}", event.sequence),
            queue: Some(format!("series:{series_id}")),
            due_at: None,
            payload: json!(series_task),
        };
        let task = match series {
            SeriesEvent::SeriesDefined { local_start, .. } => {
                now(SeriesTask::OpenFrom { from: local_start.date() })
            }
            SeriesEvent::SeriesChanged { from, .. } => now(SeriesTask::OpenFrom { from: *from }),
            SeriesEvent::SeriesExceptionAdded { .. } | SeriesEvent::SeriesEnded { .. } => {
                now(SeriesTask::WithdrawUnplanned)
            }
            SeriesEvent::SeriesExtended { through, .. } => NewTask {
                kind: KIND,
                key: format!("{series_id}:through:{through}"),
                // Not in the queue: what waits for a week must not hold up what happens meanwhile.
                queue: None,
                due_at: next_extension_at(*through),
                payload: json!(SeriesTask::ExtendHorizon { beyond: *through }),
            },
        };
        vec![Reaction::Schedule(task)]
    }
}

/// When the horizon may go a week beyond this date.
fn next_extension_at(through: Date) -> Option<Timestamp> {
    let day = through.checked_sub(Span::new().weeks(SERIES_WEEKS - 1)).ok()?;
    day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
}

/// How far slots are opened on a day.
fn horizon_after(today: Date) -> Date {
    today.saturating_add(Span::new().weeks(SERIES_WEEKS))
}
