//! A lesson request as it stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commands::LessonRequestCommand;
use super::error::LessonRequestError;
use super::events::{LessonRequestEvent, RequestTerms};
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::{AccountId, SlotId};

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

impl LessonRequest {
    pub fn made(&self) -> Option<&OpenRequest> {
        match self {
            LessonRequest::Unmade => None,
            LessonRequest::Made(request) => Some(request),
        }
    }
}

impl Decider for LessonRequest {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(
        &self,
        _command: &LessonRequestCommand,
        _now: Timestamp,
    ) -> Result<Vec<LessonRequestEvent>, LessonRequestError> {
        Err(LessonRequestError::NotFound)
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

    fn apply(&mut self, _event: LessonRequestEvent) {}
}
