//! Series of teachers.

mod model;
mod queries;

use domain::scheduling::SeriesState;
use domain::{AccountId, SeriesId, StreamVersion};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use model::SeriesReadModel;
pub use queries::{SeriesFilter, count_series, find_time_conflicts, series_of};

/// Series, table `app.series`; the comments of its columns describe the fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesRow {
    pub series_id: SeriesId,
    pub teacher: AccountId,
    pub state: SeriesState,
    pub ended_from: Option<Date>,
    pub opened: i32,
    pub skipped: Vec<Date>,
    pub defined_at: Timestamp,
    pub version: StreamVersion,
}
