//! Quiet hours as the API shows them.

use domain::notifications::{LocalTime, QuietHours};
use serde::{Deserialize, Serialize};

use crate::http::problem::{FieldErrors, Problem};

/// Daily hours without mail, in the time zone of the person. They pass midnight if `to` is earlier than
/// `from`. Critical notifications are sent anyway.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuietHours)]
pub struct QuietHoursView {
    /// `HH:MM`
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    from: String,
    /// `HH:MM`
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    to: String,
}

impl QuietHoursView {
    pub(super) fn from_hours(hours: QuietHours) -> Self {
        Self { from: hours.from.to_string(), to: hours.to.to_string() }
    }

    pub(super) fn parse(&self) -> Result<QuietHours, Problem> {
        let mut invalid = FieldErrors::default();
        let from = invalid.check("/from", LocalTime::parse(&self.from));
        let to = invalid.check("/to", LocalTime::parse(&self.to));
        let (Some(from), Some(to)) = (from, to) else { return Err(invalid.to_problem()) };
        QuietHours::between(from, to).ok_or_else(|| Problem::field("/to", "same_time"))
    }
}
