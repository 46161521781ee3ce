//! Analytics: facts that follow from the log, and reports that are nothing but counted facts.

mod answer;
mod conversations;
mod counting;
mod dashboard;
mod definitions;
mod drilldown;
mod engine;
mod fact;
mod labels;
mod ledger;
mod local_days;
mod model;
mod people;
mod question;
mod requests;
mod slots;
mod states;
mod steps;
mod tickets;
mod writing;

pub use answer::{Answer, DrillRow, Figure, Point, Previous, Series, Unit, Value};
pub use dashboard::{Dashboard, LessonFigures, TicketFigures, UserFigures, dashboard};
pub use drilldown::{Drilldown, drilldown, drilldown_stream};
pub use engine::report;
pub use fact::Measure;
pub use model::Analytics;
pub use question::{AsOf, Comparison, FactFilter, Interval, Question, Refusal, Report, ReportError};
