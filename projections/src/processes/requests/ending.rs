//! Ends requests: at their time, and those of people who are erased.

use async_trait::async_trait;
use domain::scheduling::LessonRequestCommand;
use domain::{AccountId, Command};

use super::{CANCEL_OF_ERASED, EXPIRE, RequestHandlers, Stop, nameless, request_id};
use crate::process::{Outcome, Task, TaskHandler};
use crate::scheduling::requests::open_requests_of;

/// Does the tasks `expire_request`: the timer.
pub(super) struct RequestExpiry(pub(super) RequestHandlers);

#[async_trait]
impl TaskHandler for RequestExpiry {
    fn kind(&self) -> &'static str {
        EXPIRE
    }

    async fn run(&self, task: &Task) -> Outcome {
        let Some(id) = request_id(task) else { return nameless() };
        let command = Command::Request(id, LessonRequestCommand::ExpireRequest);
        match self.0.tell(task, command, "expire").await {
            Ok(()) => Outcome::Done,
            Err(stop) => self.0.later(task, &stop),
        }
    }
}

/// Does the tasks `cancel_requests_of_erased`: nobody is to answer somebody who is gone.
pub(super) struct RequestsOfErased(pub(super) RequestHandlers);

#[async_trait]
impl TaskHandler for RequestsOfErased {
    fn kind(&self) -> &'static str {
        CANCEL_OF_ERASED
    }

    async fn run(&self, task: &Task) -> Outcome {
        let Ok(student) = task.key.parse::<AccountId>() else { return nameless() };
        match self.cancel(task, student).await {
            Ok(()) => Outcome::Done,
            Err(stop) => self.0.later(task, &stop),
        }
    }
}

impl RequestsOfErased {
    async fn cancel(&self, task: &Task, student: AccountId) -> Result<(), Stop> {
        self.0.wait_for(task, &["lesson_requests"]).await?;
        for id in open_requests_of(&self.0.pool, student).await? {
            let command = Command::Request(id, LessonRequestCommand::CancelRequest { student });
            self.0.tell(task, command, &format!("cancel {id}")).await?;
        }
        Ok(())
    }
}
