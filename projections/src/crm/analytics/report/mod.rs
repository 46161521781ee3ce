//! Reports and the dashboard: counted facts.

mod buckets;
mod counts;
mod dashboard;
mod definitions;
mod description;
mod drilldown;
mod engine;
mod groups;
mod labels;
mod parameters;
mod query;
mod result;
mod tally;

pub use dashboard::{Dashboard, LessonFigures, TicketFigures, UserFigures, load_dashboard};
pub use description::{ReportDescription, describe_reports};
pub use drilldown::{Drilldown, load_drilldown, load_fact_people, stream_drilldown};
pub use engine::compute_report;
pub use query::{
    AsOf, Comparison, DateOf, Dimension, FactFilter, Interval, InvalidQuery, Report, ReportError, ReportQuery,
};
pub use result::{DrillRow, FactPerson, Figure, Point, PreviousPeriod, ReportResult, Series, Unit, Value};
