//! Analytics: facts that follow from the log, and reports that are nothing but counted facts.

mod facts;
mod local_days;
mod report;

pub use facts::{AnalyticsReadModel, Measure};
pub use report::{
    Answer, AsOf, Comparison, Dashboard, DrillRow, Drilldown, FactFilter, Figure, Interval, LessonFigures,
    Point, Previous, Question, Refusal, Report, ReportError, Series, TicketFigures, Unit, UserFigures, Value,
    dashboard, drilldown, drilldown_stream, report,
};
