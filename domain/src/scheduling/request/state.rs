//! A lesson request as it stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commands::LessonRequestCommand;
use super::decide::decide;
use super::error::LessonRequestError;
use super::events::{LessonRequestEvent, RequestTerms};
use crate::clock::Clock;
use crate::decider::Decider;
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

impl OpenRequest {
    fn apply(&mut self, event: LessonRequestEvent) {
        match event {
            // A request is made once.
            LessonRequestEvent::LessonRequested { .. } => {}
            LessonRequestEvent::RequestOffered { teacher, .. } => {
                self.offers.insert(teacher, false);
            }
            LessonRequestEvent::RequestMatched { .. } => self.matched = true,
            LessonRequestEvent::RequestDeclined { teacher } => {
                self.offers.insert(teacher, true);
            }
            LessonRequestEvent::RequestAccepted { teacher, slot_id, .. } => {
                self.stage = RequestStage::Accepted { teacher, slot_id };
            }
            LessonRequestEvent::RequestCancelled {} => self.stage = RequestStage::Cancelled,
            LessonRequestEvent::RequestExpired {} => self.stage = RequestStage::Expired,
        }
    }
}

impl Decider for LessonRequest {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(
        &self,
        command: &LessonRequestCommand,
        now: Timestamp,
    ) -> Result<Vec<LessonRequestEvent>, LessonRequestError> {
        decide(self, command, now)
    }
}

impl Aggregate for LessonRequest {
    const TYPE: &'static str = "LessonRequest";
    type Command = LessonRequestCommand;
    type Event = LessonRequestEvent;
    type Error = LessonRequestError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: LessonRequestCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), LessonRequestError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: LessonRequestEvent) {
        match (self, event) {
            (
                state,
                LessonRequestEvent::LessonRequested { student, terms, comment, expires_at, place: _ },
            ) => {
                *state = LessonRequest::Made(Box::new(OpenRequest {
                    student,
                    terms: *terms,
                    expires_at,
                    stage: RequestStage::Open,
                    comment,
                    matched: false,
                    offers: BTreeMap::new(),
                }));
            }
            (LessonRequest::Made(request), event) => request.apply(event),
            // Nothing comes before the request.
            (LessonRequest::Unmade, _) => {}
        }
    }
}
