//! Recipients for lesson-request events: the student at every step, and a teacher who is asked.

use domain::notifications::{NotificationContent, RequestFacts};
use domain::scheduling::{LessonRequest, LessonRequestEvent};
use domain::{RecordedEvent, RequestId};
use projection_runtime::{Task, TaskOutcome};

use super::{NoticeRecipients, stream_id_of};
use crate::notifications::processes::notices::notify::NotifyHandler;

impl NotifyHandler {
    pub(super) async fn recipients_of_request_event(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        event: &LessonRequestEvent,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let states = self.load_before_after::<LessonRequest>(task, recorded).await?;
        let (Some(opened), Some(request_id)) = (states.after.made(), stream_id_of::<RequestId>(recorded))
        else {
            return Ok(Vec::new());
        };
        let student = opened.student;
        let request = RequestFacts {
            request_id,
            student,
            subject: opened.terms.subject.clone(),
            starts_at: opened.terms.starts_at,
        };
        Ok(match event {
            LessonRequestEvent::RequestOffered { teacher, .. } => {
                vec![(
                    *teacher,
                    NotificationContent::RequestOffered { request, expires_at: opened.expires_at },
                )]
            }
            // A later search without new teachers causes no notification.
            LessonRequestEvent::RequestMatched { offered: 0, .. } if !opened.offers.is_empty() => Vec::new(),
            LessonRequestEvent::RequestMatched { offered, .. } => {
                vec![(student, NotificationContent::RequestMatched { request, offered: *offered })]
            }
            LessonRequestEvent::RequestDeclined { teacher } => {
                vec![(student, NotificationContent::RequestDeclined { request, teacher: *teacher })]
            }
            LessonRequestEvent::RequestAccepted { teacher, slot_id, .. } => {
                vec![(
                    student,
                    NotificationContent::RequestAccepted { request, teacher: *teacher, slot_id: *slot_id },
                )]
            }
            LessonRequestEvent::RequestExpired {} => {
                vec![(student, NotificationContent::RequestExpired { request })]
            }
            LessonRequestEvent::LessonRequested { .. } | LessonRequestEvent::RequestCancelled {} => {
                Vec::new()
            }
        })
    }
}
