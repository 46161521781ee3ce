//! Analytics: facts that follow from the log, and reports that count them.

mod facts;
mod local_days;
mod report;

pub use facts::{AnalyticsReadModel, Measure};
pub use report::{
    AsOf, Comparison, Dashboard, DrillRow, Drilldown, FactFilter, Figure, Interval, InvalidQuery,
    LessonFigures, Point, PreviousPeriod, Report, ReportError, ReportQuery, ReportResult, Series,
    TicketFigures, Unit, UserFigures, Value, compute_report, load_dashboard, load_drilldown,
    stream_drilldown,
};
