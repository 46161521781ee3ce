//! Lesson requests: looks for teachers, ends what nobody accepts in time, and what an erased person asked.

mod ending;
mod newly;
mod search;

use std::sync::Arc;

use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::scheduling::{LessonRequest, LessonRequestEvent, OpenRequest};
use domain::{
    Clock, Command, Context, Dispatch, DispatchError, Event, EventLog, LogError, Recorded, RequestId,
    StreamId, folded,
};
use jiff::SignedDuration;
use serde_json::json;
use sqlx::PgPool;

use crate::process::{NewTask, Outcome, Process, Reaction, Task, TaskHandler};
use crate::stream::chain;

use ending::{RequestExpiry, RequestsOfErased};
use newly::RequestsForTeacher;
use search::RequestSearch;

const NAME: &str = "requests";
const SEARCH: &str = "search_for_teachers";
const SEARCH_FOR_TEACHER: &str = "search_requests_for_teacher";
const EXPIRE: &str = "expire_request";
const CANCEL_OF_ERASED: &str = "cancel_requests_of_erased";
/// How long to wait when our own side is in trouble, per attempt and at most.
const PAUSE_SECONDS: i64 = 2;
const LONGEST_PAUSE_SECONDS: i64 = 60;

/// Follows each request from its making to its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Requests;

impl Process for Requests {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        [LessonRequest::TYPE, Account::TYPE].contains(&aggregate_type)
    }

    fn react(&self, event: &Recorded) -> Vec<Reaction> {
        let key = event.stream.aggregate_id.clone();
        let task = |kind, due_at| NewTask { kind, key: key.clone(), lane: None, due_at, payload: json!({}) };
        match &event.event {
            Event::Request(LessonRequestEvent::LessonRequested { expires_at, .. }) => {
                vec![Reaction::Do(task(SEARCH, None)), Reaction::Do(task(EXPIRE, Some(*expires_at)))]
            }
            Event::Request(
                LessonRequestEvent::RequestAccepted { .. }
                | LessonRequestEvent::RequestCancelled {}
                | LessonRequestEvent::RequestExpired {},
            ) => vec![Reaction::Drop { kind: EXPIRE, key }],
            Event::Account(AccountEvent::AccountErased { .. }) => {
                vec![Reaction::Do(task(CANCEL_OF_ERASED, None))]
            }
            Event::Account(change) if newly::may_match_more(change) => {
                // Each change asks anew: a task that is done is not done again under its key.
                let again = format!("{key}:{}", event.position);
                vec![Reaction::Do(NewTask { key: again, ..task(SEARCH_FOR_TEACHER, None) })]
            }
            _ => Vec::new(),
        }
    }
}

/// What the handlers of [`Requests`] need.
#[derive(Clone)]
pub struct RequestHandlers {
    pub pool: PgPool,
    pub log: Arc<dyn EventLog>,
    pub dispatch: Arc<dyn Dispatch>,
    pub clock: Arc<dyn Clock>,
}

impl RequestHandlers {
    /// The handlers of every kind of task that [`Requests`] asks for.
    pub fn handlers(self) -> Vec<Arc<dyn TaskHandler>> {
        vec![
            Arc::new(RequestSearch(self.clone())),
            Arc::new(RequestsForTeacher(self.clone())),
            Arc::new(RequestExpiry(self.clone())),
            Arc::new(RequestsOfErased(self)),
        ]
    }

    /// The request as the log has it; `None` where there is none.
    async fn request(&self, id: RequestId) -> Result<Option<OpenRequest>, LogError> {
        let sealed = self.log.read_stream(&StreamId::of::<LessonRequest>(id), 0).await?;
        let request: LessonRequest = folded(self.log.open(&sealed).await?);
        Ok(request.made().cloned())
    }

    /// Sends the task's one command, or one of several that `purpose` tells apart.
    async fn tell(&self, task: &Task, command: Command, purpose: &str) -> Result<(), Stop> {
        let context = Context::of_process(NAME, task.cause, task.correlation_id, purpose);
        match self.dispatch.dispatch(command, context).await {
            Ok(_) => Ok(()),
            Err(DispatchError::Refused(refusal)) if refusal.code == "too_early" => Err(Stop::TooEarly),
            // Somebody was faster, or took it back: what was to be done is not wanted any more.
            Err(DispatchError::Refused(_)) => Ok(()),
            Err(error) => Err(Stop::Dispatch(error)),
        }
    }

    /// What becomes of a task that could not be done now.
    fn later(&self, task: &Task, stop: &Stop) -> Outcome {
        let seconds = match stop {
            // The clock of who recorded the task was ahead; or a read model is on its way.
            Stop::TooEarly | Stop::Behind(_) => 1,
            Stop::Log(_) | Stop::Dispatch(_) | Stop::Database(_) => {
                (PAUSE_SECONDS * i64::from(task.attempt)).min(LONGEST_PAUSE_SECONDS)
            }
        };
        match stop {
            Stop::TooEarly | Stop::Behind(_) => {}
            Stop::Log(_) | Stop::Dispatch(_) | Stop::Database(_) => {
                tracing::error!(task = %task.id, cause = chain(stop), "a request can not be followed now");
            }
        }
        Outcome::RetryAt {
            at: self.clock.now() + SignedDuration::from_secs(seconds),
            error: stop.to_string(),
            // The command's id makes a repetition harmless.
            outcome_unknown: matches!(stop, Stop::Dispatch(_)),
        }
    }
}

/// Why a task is not done yet.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error("it is not its time yet")]
    TooEarly,
    #[error("a read model is behind")]
    Behind(#[from] crate::wait::Behind),
    #[error("the request can not be read")]
    Log(#[from] LogError),
    #[error("the tables can not be read")]
    Database(#[from] sqlx::Error),
    #[error("the command was not committed")]
    Dispatch(#[source] DispatchError),
}

/// The request that a task is about.
fn request_id(task: &Task) -> Option<RequestId> {
    task.key.parse().ok()
}

/// What becomes of a task whose key names nothing.
fn nameless() -> Outcome {
    Outcome::Abandon { error: "the task's key is no id".to_owned() }
}
