//! Whom it concerns what becomes of a lesson request: the student at every step, a teacher who is asked.

use domain::notifications::{Notice, RequestFacts};
use domain::scheduling::{LessonRequest, LessonRequestEvent};
use domain::{Recorded, RequestId};
use projection_runtime::{Outcome, Task};

use super::{Told, id_of};
use crate::notifications::processes::notices::handler::NotifyHandler;

impl NotifyHandler {
    pub(super) async fn told_of_request(
        &self,
        task: &Task,
        recorded: &Recorded,
        event: &LessonRequestEvent,
    ) -> Result<Told, Outcome> {
        let around = self.around::<LessonRequest>(task, recorded).await?;
        let (Some(made), Some(request_id)) = (around.after.made(), id_of::<RequestId>(recorded)) else {
            return Ok(Vec::new());
        };
        let student = made.student;
        let request = RequestFacts {
            request_id,
            student,
            subject: made.terms.subject.clone(),
            starts_at: made.terms.starts_at,
        };
        Ok(match event {
            LessonRequestEvent::RequestOffered { teacher, .. } => {
                vec![(*teacher, Notice::RequestOffered { request, expires_at: made.expires_at })]
            }
            // A later search that finds nobody else is no news.
            LessonRequestEvent::RequestMatched { offered: 0, .. } if !made.offers.is_empty() => Vec::new(),
            LessonRequestEvent::RequestMatched { offered, .. } => {
                vec![(student, Notice::RequestMatched { request, offered: *offered })]
            }
            LessonRequestEvent::RequestDeclined { teacher } => {
                vec![(student, Notice::RequestDeclined { request, teacher: *teacher })]
            }
            LessonRequestEvent::RequestAccepted { teacher, slot_id, .. } => {
                vec![(student, Notice::RequestAccepted { request, teacher: *teacher, slot_id: *slot_id })]
            }
            LessonRequestEvent::RequestExpired {} => vec![(student, Notice::RequestExpired { request })],
            LessonRequestEvent::LessonRequested { .. } | LessonRequestEvent::RequestCancelled {} => {
                Vec::new()
            }
        })
    }
}
