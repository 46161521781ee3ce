//! Lesson requests: looks for teachers, ends what nobody accepts in time, and what an erased person asked.

mod ending;
mod freed;
mod newly;
mod search;

use std::sync::Arc;

use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::scheduling::{LessonRequest, LessonRequestEvent, OpenRequest, Slot};
use domain::{Command, Event, Recorded, RequestId};
use jiff::SignedDuration;
use projection_runtime::{NewTask, Outcome, Process, Reaction, Task, TaskHandler, chain};
use serde_json::json;
use sqlx::PgPool;

use crate::acting::{Acting, Decided, outcome};

use ending::{RequestExpiry, RequestsOfErased};
use freed::RequestsForFreed;
use newly::RequestsForTeacher;
use search::RequestSearch;

const NAME: &str = "requests";
const SEARCH: &str = "search_for_teachers";
const SEARCH_FOR_TEACHER: &str = "search_requests_for_teacher";
const SEARCH_FOR_FREED: &str = "search_requests_for_freed";
const EXPIRE: &str = "expire_request";
const CANCEL_OF_ERASED: &str = "cancel_requests_of_erased";
/// How long to wait for a clock, or a read model that is on its way.
const SOON: SignedDuration = SignedDuration::from_secs(1);

/// Follows each request from its making to its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Requests;

impl Process for Requests {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        [LessonRequest::TYPE, Account::TYPE, Slot::TYPE].contains(&aggregate_type)
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
            Event::Slot(change) => freed::whose_time(change)
                .into_iter()
                .map(|freed| {
                    let key = format!("{key}:{}:{}", event.sequence, freed.mark());
                    let payload = serde_json::to_value(freed).expect("an id is a text");
                    Reaction::Do(NewTask { key, payload, ..task(SEARCH_FOR_FREED, None) })
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// What the handlers of [`Requests`] need.
#[derive(Clone)]
pub struct RequestHandlers {
    pub acting: Acting,
    pub pool: PgPool,
}

impl RequestHandlers {
    /// The handlers of every kind of task that [`Requests`] asks for.
    pub fn handlers(self) -> Vec<Arc<dyn TaskHandler>> {
        vec![
            Arc::new(RequestSearch(self.clone())),
            Arc::new(RequestsForTeacher(self.clone())),
            Arc::new(RequestsForFreed(self.clone())),
            Arc::new(RequestExpiry(self.clone())),
            Arc::new(RequestsOfErased(self)),
        ]
    }

    /// The request as the log has it; `None` where there is none.
    async fn request(&self, task: &Task, id: RequestId) -> Result<Option<OpenRequest>, Outcome> {
        let request: LessonRequest = self.acting.fold(task, id).await?;
        Ok(request.made().cloned())
    }

    /// Sends the task's one command, or one of several that `purpose` tells apart. Refused, it is not wanted
    /// any more: somebody was faster, or took the request back.
    async fn tell(&self, task: &Task, command: Command, purpose: &str) -> Result<(), Outcome> {
        match self.acting.together(task, NAME, vec![command], (task.cause, purpose)).await? {
            // The clock of who recorded the task was ahead.
            Decided::Refused(refusal) if refusal.code == "too_early" => {
                Err(self.soon("it is not its time yet"))
            }
            Decided::Committed | Decided::Refused(_) => Ok(()),
        }
    }

    /// What a statement gave; another attempt where the tables can not be read.
    fn read<T>(&self, task: &Task, found: Result<T, sqlx::Error>) -> Result<T, Outcome> {
        found.map_err(|error| {
            tracing::error!(task = %task.id, cause = chain(&error), "a request can not be followed now");
            self.acting.later(task, "the tables can not be read")
        })
    }

    fn soon(&self, why: &str) -> Outcome {
        let at = self.acting.clock.now() + SOON;
        Outcome::RetryAt { at, error: why.to_owned(), outcome_unknown: false }
    }
}

/// The request that a task is about.
fn request_id(task: &Task) -> Result<RequestId, Outcome> {
    task.key.parse().map_err(|_| nameless())
}

/// What becomes of a task whose key names nothing.
fn nameless() -> Outcome {
    Outcome::Abandon { error: "the task's key is no id".to_owned() }
}
