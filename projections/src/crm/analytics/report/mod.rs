//! Reports and the dashboard: counted facts.

mod buckets;
mod counts;
mod dashboard;
mod definitions;
mod drilldown;
mod engine;
mod labels;
mod query;
mod result;

pub use dashboard::{Dashboard, LessonFigures, TicketFigures, UserFigures, load_dashboard};
pub use drilldown::{Drilldown, load_drilldown, stream_drilldown};
pub use engine::compute_report;
pub use query::{AsOf, Comparison, FactFilter, Interval, InvalidQuery, Report, ReportError, ReportQuery};
pub use result::{DrillRow, Figure, Point, PreviousPeriod, ReportResult, Series, Unit, Value};
