//! Analytics: facts that follow from the log, and reports that count them.

mod facts;
mod local_days;
mod report;

pub use facts::{AnalyticsReadModel, Measure};
pub use local_days::LocalZone;
pub use report::{
    AsOf, Comparison, Dashboard, DateOf, Dimension, DrillRow, Drilldown, FactFilter, FactPerson, Figure,
    Interval, InvalidQuery, LessonFigures, Point, PreviousPeriod, Report, ReportDescription, ReportError,
    ReportQuery, ReportResult, Series, TicketFigures, Unit, UserFigures, Value, compute_report,
    describe_reports, load_dashboard, load_drilldown, load_fact_people, stream_drilldown,
};
