//! Analytics: facts that follow from the log, and reports that are nothing but counted facts.

/// Declares an enum of names.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == text)
            }
        }
    };
}

mod answer;
mod dashboard;
mod definitions;
mod drilldown;
mod engine;
mod fact;
mod labels;
mod local_days;
mod question;

pub use answer::{Answer, DrillRow, Figure, Point, Previous, Series, Unit, Value};
pub use dashboard::{Dashboard, LessonFigures, TicketFigures, UserFigures, dashboard};
pub use drilldown::{Drilldown, drilldown, drilldown_stream};
pub use engine::report;
pub use fact::Measure;
pub use question::{AsOf, Comparison, FactFilter, Interval, Question, Refusal, Report, ReportError};
