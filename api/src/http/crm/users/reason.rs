//! Reason of a member of staff.

use domain::accounts::{Lines, bounded_text};
use serde::Deserialize;

use crate::http::problem::Problem;

/// Reason of an act of staff. It is stored in the log and shown in the timeline.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonRequest {
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

impl ReasonRequest {
    pub(super) fn parse_reason(&self) -> Result<String, Problem> {
        bounded_text(&self.reason, 500, Lines::Multi).map_err(|error| Problem::field("/reason", error.code()))
    }
}
