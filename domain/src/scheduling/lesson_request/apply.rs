//! Applies events to a lesson request; cannot fail and holds no rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::commands::LessonRequestCommand;
use super::error::LessonRequestError;
use super::events::LessonRequestEvent;
use super::lesson_request::{LessonRequest, OpenRequest, RequestStatus};
use crate::clock::Clock;
use crate::decider::Decider;

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
                    status: RequestStatus::Open,
                    comment,
                    matched: false,
                    next_wave_at: None,
                    offers: BTreeMap::new(),
                }));
            }
            (LessonRequest::Made(request), event) => request.apply(event),
            // No other event can come before the request.
            (LessonRequest::Unmade, _) => {}
        }
    }
}

impl OpenRequest {
    fn apply(&mut self, event: LessonRequestEvent) {
        match event {
            // A request is opened once.
            LessonRequestEvent::LessonRequested { .. } => {}
            LessonRequestEvent::RequestOffered { teacher, .. } => {
                self.offers.insert(teacher, false);
            }
            LessonRequestEvent::RequestMatched { next_wave_at, .. } => {
                self.matched = true;
                self.next_wave_at = next_wave_at;
            }
            LessonRequestEvent::RequestDeclined { teacher } => {
                self.offers.insert(teacher, true);
            }
            LessonRequestEvent::RequestAccepted { teacher, slot_id, .. } => {
                self.status = RequestStatus::Accepted { teacher, slot_id };
            }
            LessonRequestEvent::RequestCancelled {} => self.status = RequestStatus::Cancelled,
            LessonRequestEvent::RequestExpired {} => self.status = RequestStatus::Expired,
        }
    }
}
