//! Reports and the dashboard: counted facts.

mod answer;
mod counting;
mod dashboard;
mod definitions;
mod drilldown;
mod engine;
mod labels;
mod question;
mod steps;

pub use answer::{Answer, DrillRow, Figure, Point, Previous, Series, Unit, Value};
pub use dashboard::{Dashboard, LessonFigures, TicketFigures, UserFigures, dashboard};
pub use drilldown::{Drilldown, drilldown, drilldown_stream};
pub use engine::report;
pub use question::{AsOf, Comparison, FactFilter, Interval, Question, Refusal, Report, ReportError};
