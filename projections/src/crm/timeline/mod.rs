//! The timeline: every event of a person, in words.

mod audiences;
mod lessons;
mod messaging;
mod model;
mod notifications;
mod params;
mod queries;
mod scheduling;
mod support;
mod texts;

use domain::AccountId;
use jiff::Timestamp;
use serde::Serialize;

pub use model::TimelineReadModel;
pub use queries::{recent_activity, timeline};
pub use texts::event_text;

/// A line of anybody's timeline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimelineActivity {
    pub account_id: AccountId,
    /// `None` once the person is erased.
    pub name: Option<String>,
    pub row: TimelineRow,
}

/// One line of a person's timeline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimelineRow {
    /// Of the event, in the whole log.
    pub position: u64,
    pub recorded_at: Timestamp,
    /// The type of the event, as the audit names it.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The sentence in the reader's language.
    pub text: String,
}
