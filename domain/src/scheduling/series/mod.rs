//! A series: the rule by which a teacher offers the same time again and again.

mod commands;
mod decisions;
mod error;
mod events;
mod local_time;
mod recurrence;
mod state;

pub use commands::{NewSeries, SeriesChange, SeriesCommand};
pub use error::SeriesError;
pub use events::SeriesEvent;
pub use local_time::{instant_of, local_date, local_of, tzdb_version};
pub use recurrence::{OCCURRENCES_MAX, Recurrence, RecurrenceError};
pub use state::{AvailabilitySeries, Occurrence, SeriesRule, SeriesState};

#[cfg(test)]
mod tests;
