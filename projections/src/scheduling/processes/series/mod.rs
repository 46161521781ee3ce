//! Opens the slots of a series eight weeks ahead, and changes them with its rules.
//!
//! Every definition, change, exception and end schedules a task at once; these tasks share one queue.
//! Every extension sets the timer of the next extension, a week later.
//! Only the timer of the present horizon has an effect; timers of earlier dates end without one.

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

/// Process manager that schedules the opening and the withdrawal of a series' slots.
#[derive(Clone, Copy, Debug, Default)]
pub struct SeriesSlots;

/// Payload of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SeriesTask {
    /// Opens the slots of changed rules from this date on.
    #[serde(rename = "follow")]
    OpenFrom { from: Date },
    /// Withdraws the slots that the rules no longer plan.
    #[serde(rename = "clear")]
    WithdrawUnplanned,
    /// Opens the next slots; slots are open up to this date.
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

    fn starts_at_beginning(&self) -> bool {
        true
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
                // No queue, because a timer of a week must not delay later tasks of the series.
                queue: None,
                due_at: next_extension_at(*through),
                payload: json!(SeriesTask::ExtendHorizon { beyond: *through }),
            },
        };
        vec![Reaction::Schedule(task)]
    }
}

/// Returns the time from which the horizon may reach a week beyond this date.
fn next_extension_at(through: Date) -> Option<Timestamp> {
    let day = through.checked_sub(Span::new().weeks(SERIES_WEEKS - 1)).ok()?;
    day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
}

/// Returns the date up to which slots are opened on a day.
fn horizon_after(today: Date) -> Date {
    today.saturating_add(Span::new().weeks(SERIES_WEEKS))
}
