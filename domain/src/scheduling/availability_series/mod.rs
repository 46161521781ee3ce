//! A series: the rule by which a teacher offers the same time again and again.

mod apply;
mod availability_series;
mod commands;
mod decide;
mod error;
mod events;
mod local_time;
mod recurrence;
mod recurrence_dates;
mod recurrence_rule;
#[cfg(test)]
mod tests;

pub use availability_series::{AvailabilitySeries, Occurrence, SeriesRule, SeriesState};
pub use commands::{NewSeries, SeriesChange, SeriesCommand};
pub use error::SeriesError;
pub use events::SeriesEvent;
pub use local_time::{instant_of, local_date, local_of, tzdb_version};
pub use recurrence::{OCCURRENCES_MAX, Recurrence};
pub use recurrence_rule::RecurrenceError;
