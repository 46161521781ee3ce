//! Recipients for lesson-request events: the student at every step, and a teacher who is asked.

use domain::notifications::{NotificationContent, RequestFacts};
use domain::scheduling::LessonRequest;
use domain::{RecordedEvent, RequestId};
use projection_runtime::{Task, TaskOutcome};

use super::{NoticeRecipients, stream_id_of};
use crate::notifications::processes::notices::notify::NotifyHandler;
use crate::notifications::processes::notices::triggers::RequestTrigger;

impl NotifyHandler {
    pub(super) async fn recipients_of_request_event(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        trigger: RequestTrigger,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let states = self.load_before_after::<LessonRequest>(task, recorded).await?;
        let (Some(opened), Some(request_id)) = (states.after.made(), stream_id_of::<RequestId>(recorded))
        else {
            return Ok(Vec::new());
        };
        let is_wave = states.before.made().is_some_and(|before| before.next_wave_at.is_some());
        let student = opened.student;
        let request = RequestFacts {
            request_id,
            student,
            subject: opened.terms.subject.clone(),
            starts_at: opened.terms.starts_at,
        };
        Ok(match trigger {
            RequestTrigger::Offered { teacher } => {
                let expires_at = opened.expires_at;
                vec![(teacher, NotificationContent::RequestOffered { request, expires_at })]
            }
            // A later search without new teachers causes no notification.
            RequestTrigger::Matched { offered: 0 } if !opened.offers.is_empty() => Vec::new(),
            // The student knows that the request was sent, and need not hear of each wave.
            RequestTrigger::Matched { .. } if is_wave => Vec::new(),
            RequestTrigger::Matched { offered } => {
                vec![(student, NotificationContent::RequestMatched { request, offered })]
            }
            RequestTrigger::Declined { teacher } => {
                vec![(student, NotificationContent::RequestDeclined { request, teacher })]
            }
            RequestTrigger::Accepted { teacher, slot_id } => {
                vec![(student, NotificationContent::RequestAccepted { request, teacher, slot_id })]
            }
            RequestTrigger::Expired => vec![(student, NotificationContent::RequestExpired { request })],
        })
    }
}
