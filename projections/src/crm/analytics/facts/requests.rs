//! Facts of lesson requests: open, or with the result.

use domain::scheduling::LessonRequestEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Fact, Measure};
use super::fact_recorder::{CurrentFacts, FactRecorder, Tracked};

pub(super) const ENTITY: &str = "lesson_request";

/// Lesson request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct LessonRequestFacts {
    id: Uuid,
    requested_at: Timestamp,
    subject: String,
    status: RequestStatus,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum RequestStatus {
    Open,
    Accepted,
    Expired,
    Cancelled,
}

impl CurrentFacts for LessonRequestFacts {
    fn current_facts(&self) -> Vec<Fact> {
        let class = match self.status {
            RequestStatus::Open => "open",
            RequestStatus::Accepted => "accepted",
            RequestStatus::Expired => "expired",
            RequestStatus::Cancelled => "cancelled",
        };
        let fact = Fact::new(Measure::Request, self.requested_at, class, (ENTITY, self.id));
        vec![Fact { subject: Some(self.subject.clone()), ..fact }]
    }
}

/// Returns the request that an event makes, or `None` for every later event.
pub(super) fn start_tracking(
    id: Uuid,
    event: &LessonRequestEvent,
    recorder: &mut FactRecorder,
) -> Option<Tracked<LessonRequestFacts>> {
    let LessonRequestEvent::LessonRequested { terms, .. } = event else { return None };
    let request = LessonRequestFacts {
        id,
        requested_at: recorder.recorded_at(),
        subject: terms.subject.clone(),
        status: RequestStatus::Open,
    };
    Some(Tracked::new(request, recorder))
}

impl Tracked<LessonRequestFacts> {
    /// Applies a later event.
    pub fn apply(&mut self, event: &LessonRequestEvent, recorder: &mut FactRecorder) {
        let status = match event {
            LessonRequestEvent::RequestAccepted { .. } => RequestStatus::Accepted,
            LessonRequestEvent::RequestExpired {} => RequestStatus::Expired,
            LessonRequestEvent::RequestCancelled {} => RequestStatus::Cancelled,
            LessonRequestEvent::LessonRequested { .. }
            | LessonRequestEvent::RequestOffered { .. }
            | LessonRequestEvent::RequestMatched { .. }
            | LessonRequestEvent::RequestDeclined { .. } => return,
        };
        self.update(recorder, |request| request.status = status);
    }
}
