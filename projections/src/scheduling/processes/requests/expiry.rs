//! Ends lesson requests at their expiry, and after the erasure of their students.

use async_trait::async_trait;
use domain::scheduling::LessonRequestCommand;
use domain::{AccountId, Command};
use projection_runtime::{Task, TaskHandler, TaskOutcome};

use super::{CANCEL_OF_ERASED, EXPIRE, RequestHandlers, abandon_invalid_key, into_outcome, request_id};
use crate::scheduling::requests::open_requests_of;

/// Task handler of the timer `expire_request`.
pub(super) struct RequestExpiry(pub(super) RequestHandlers);

#[async_trait]
impl TaskHandler for RequestExpiry {
    fn kind(&self) -> &'static str {
        EXPIRE
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let done = async {
            let command = Command::Request(request_id(task)?, LessonRequestCommand::ExpireRequest);
            self.0.send_command(task, command, "expire").await
        };
        into_outcome(done.await)
    }
}

/// Task handler of `cancel_requests_of_erased`: cancels the requests of an erased student.
pub(super) struct ErasedRequestsCancellation(pub(super) RequestHandlers);

#[async_trait]
impl TaskHandler for ErasedRequestsCancellation {
    fn kind(&self) -> &'static str {
        CANCEL_OF_ERASED
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let Ok(student) = task.key.parse::<AccountId>() else { return abandon_invalid_key() };
        into_outcome(self.cancel(task, student).await)
    }
}

impl ErasedRequestsCancellation {
    async fn cancel(&self, task: &Task, student: AccountId) -> Result<(), TaskOutcome> {
        self.0.wait_for_read_models(&["lesson_requests"], task.cause_position).await?;
        for id in self.0.rows_or_retry(task, open_requests_of(&self.0.pool, student).await)? {
            let command = Command::Request(id, LessonRequestCommand::CancelRequest { student });
            self.0.send_command(task, command, &format!("cancel {id}")).await?;
        }
        Ok(())
    }
}
