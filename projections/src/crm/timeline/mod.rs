//! Timeline of a person: every event that concerns them, as a sentence.

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
mod video;

use domain::{AccountId, Position};
use jiff::Timestamp;
use serde::Serialize;

pub use model::TimelineReadModel;
pub use queries::{recent_activity, timeline};
pub use texts::event_text;

/// Entry in the list of all timelines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimelineActivity {
    pub account_id: AccountId,
    /// `None` if the person is erased.
    pub name: Option<String>,
    pub row: TimelineRow,
}

/// Entry of a person's timeline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimelineRow {
    /// Position of the event.
    pub position: Position,
    pub recorded_at: Timestamp,
    /// Event type, with the same name as in the audit.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Sentence in the reader's language.
    pub text: String,
}
