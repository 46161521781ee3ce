//! The facts of lesson requests: how they ended, or that they are open.

use domain::scheduling::LessonRequestEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Fact, Measure};
use super::ledger::{Kept, Ledger, Standing};

pub(super) const ENTITY: &str = "lesson_request";

/// A request for a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Request {
    id: Uuid,
    requested_at: Timestamp,
    subject: String,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Stage {
    Open,
    Accepted,
    Expired,
    Cancelled,
}

impl Standing for Request {
    fn standing(&self) -> Vec<Fact> {
        let class = match self.stage {
            Stage::Open => "open",
            Stage::Accepted => "accepted",
            Stage::Expired => "expired",
            Stage::Cancelled => "cancelled",
        };
        let fact = Fact::one(Measure::Request, self.requested_at, class, (ENTITY, self.id));
        vec![Fact { subject: Some(self.subject.clone()), ..fact }]
    }
}

/// A lesson is asked for; `None` for every later event.
pub(super) fn open(id: Uuid, event: &LessonRequestEvent, ledger: &mut Ledger) -> Option<Kept<Request>> {
    let LessonRequestEvent::LessonRequested { terms, .. } = event else { return None };
    let request =
        Request { id, requested_at: ledger.at(), subject: terms.subject.clone(), stage: Stage::Open };
    Some(Kept::begin(request, ledger))
}

impl Kept<Request> {
    /// Goes on with a later event.
    pub fn take(&mut self, event: &LessonRequestEvent, ledger: &mut Ledger) {
        let stage = match event {
            LessonRequestEvent::RequestAccepted { .. } => Stage::Accepted,
            LessonRequestEvent::RequestExpired {} => Stage::Expired,
            LessonRequestEvent::RequestCancelled {} => Stage::Cancelled,
            LessonRequestEvent::LessonRequested { .. }
            | LessonRequestEvent::RequestOffered { .. }
            | LessonRequestEvent::RequestMatched { .. }
            | LessonRequestEvent::RequestDeclined { .. } => return,
        };
        self.change(ledger, |request| request.stage = stage);
    }
}
