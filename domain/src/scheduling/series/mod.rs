//! A series: the rule by which a teacher offers the same time again and again.

mod commands;
mod error;
mod events;
mod recurrence;
mod state;

pub use commands::{NewSeries, SeriesChange, SeriesCommand};
pub use error::SeriesError;
pub use events::SeriesEvent;
pub use recurrence::Recurrence;
pub use state::{AvailabilitySeries, SeriesState};
