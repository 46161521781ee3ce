//! State of a lesson request.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::events::RequestTerms;
use crate::ids::{AccountId, SlotId};
use crate::personal::Personal;

/// Lesson request: not yet opened, or opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum LessonRequest {
    #[default]
    Unmade,
    Made(Box<OpenRequest>),
}

/// Opened request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenRequest {
    pub student: AccountId,
    pub terms: RequestTerms,
    pub expires_at: Timestamp,
    pub status: RequestStatus,
    /// Comment of the student.
    pub comment: Option<Personal<String>>,
    /// `true` after the first search for teachers has ended.
    pub matched: bool,
    /// Instant at which the last search lets the other matching teachers be asked.
    pub next_wave_at: Option<Timestamp>,
    /// Teachers with an offer, and whether they declined.
    pub offers: BTreeMap<AccountId, bool>,
}

/// Status of the request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStatus {
    Open,
    Accepted { teacher: AccountId, slot_id: SlotId },
    Cancelled,
    Expired,
}

impl RequestStatus {
    /// Returns the status in the words of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            RequestStatus::Open => "open",
            RequestStatus::Accepted { .. } => "accepted",
            RequestStatus::Cancelled => "cancelled",
            RequestStatus::Expired => "expired",
        }
    }
}

impl LessonRequest {
    pub fn made(&self) -> Option<&OpenRequest> {
        match self {
            LessonRequest::Unmade => None,
            LessonRequest::Made(request) => Some(request),
        }
    }
}
