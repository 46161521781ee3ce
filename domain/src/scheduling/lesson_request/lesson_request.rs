//! State of a lesson request.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::events::RequestTerms;
use crate::ids::{AccountId, SlotId};
use crate::personal::Personal;

/// A request: not made yet, or made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum LessonRequest {
    #[default]
    Unmade,
    Made(Box<OpenRequest>),
}

/// A request that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenRequest {
    pub student: AccountId,
    pub terms: RequestTerms,
    pub expires_at: Timestamp,
    pub stage: RequestStage,
    /// What the student says beside the terms.
    pub comment: Option<Personal<String>>,
    /// Whether a search for teachers has ended.
    pub matched: bool,
    /// Who was asked, and whether they declined.
    pub offers: BTreeMap<AccountId, bool>,
}

/// What became of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStage {
    Open,
    Accepted { teacher: AccountId, slot_id: SlotId },
    Cancelled,
    Expired,
}

impl RequestStage {
    /// What the API calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            RequestStage::Open => "open",
            RequestStage::Accepted { .. } => "accepted",
            RequestStage::Cancelled => "cancelled",
            RequestStage::Expired => "expired",
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
