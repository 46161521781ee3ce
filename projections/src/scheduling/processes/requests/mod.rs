//! Lesson requests: searches for teachers, expires requests, and cancels the requests of erased students.

mod expiry;
mod search;
mod search_after_opt_in;
mod search_after_time_freed;
mod waves;

use std::sync::Arc;

use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::scheduling::{LessonRequest, LessonRequestEvent, OpenRequest, Slot};
use domain::{Command, Event, Position, RecordedEvent, RequestId, StreamId};
use jiff::SignedDuration;
use projection_runtime::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome, error_chain};
use serde_json::json;
use sqlx::PgPool;

use crate::handler_context::{DispatchResult, HandlerContext, into_outcome};

use expiry::{ErasedRequestsCancellation, RequestExpiry};
use search::{NextWave, TeacherSearch, WaveDue};
use search_after_opt_in::SearchAfterOptIn;
use search_after_time_freed::SearchAfterTimeFreed;
pub use waves::RequestWaves;

const NAME: &str = "requests";
const SEARCH: &str = "search_for_teachers";
const NEXT_WAVE: &str = "ask_next_teachers";
const SEARCH_FOR_TEACHER: &str = "search_requests_for_teacher";
const SEARCH_FOR_FREED: &str = "search_requests_for_freed";
const EXPIRE: &str = "expire_request";
const CANCEL_OF_ERASED: &str = "cancel_requests_of_erased";
/// Delay of a retry if a clock or a read model is behind.
const RETRY_DELAY: SignedDuration = SignedDuration::from_secs(1);

/// Process manager that accompanies each request from its creation to its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestMatching;

impl ProcessManager for RequestMatching {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        [LessonRequest::TYPE, Account::TYPE, Slot::TYPE].contains(&aggregate_type)
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, event: &RecordedEvent) -> Vec<Reaction> {
        let key = event.stream.aggregate_id.clone();
        let task = |kind, due_at| NewTask { kind, key: key.clone(), queue: None, due_at, payload: json!({}) };
        match &event.event {
            Event::Request(change) => match change {
                LessonRequestEvent::LessonRequested { expires_at, .. } => vec![
                    Reaction::Schedule(task(SEARCH, None)),
                    Reaction::Schedule(task(EXPIRE, Some(*expires_at))),
                ],
                LessonRequestEvent::RequestAccepted { .. }
                | LessonRequestEvent::RequestCancelled {}
                | LessonRequestEvent::RequestExpired {} => vec![Reaction::Cancel { kind: EXPIRE, key }],
                LessonRequestEvent::RequestMatched { next_wave_at: Some(at), .. } => {
                    // Each wave needs a new key, because a task is done only once per key.
                    let key = format!("{key}:{}", event.position);
                    let payload = serde_json::to_value(WaveDue { at: *at })
                        .expect("an instant always serialises to JSON");
                    vec![Reaction::Schedule(NewTask { key, payload, ..task(NEXT_WAVE, Some(*at)) })]
                }
                LessonRequestEvent::RequestOffered { .. }
                | LessonRequestEvent::RequestMatched { next_wave_at: None, .. }
                | LessonRequestEvent::RequestDeclined { .. } => Vec::new(),
            },
            Event::Account(AccountEvent::AccountErased { .. }) => {
                vec![Reaction::Schedule(task(CANCEL_OF_ERASED, None))]
            }
            Event::Account(change) if search_after_opt_in::may_match_more(change) => {
                // Each change needs a new key, because a task is done only once per key.
                let again = format!("{key}:{}", event.position);
                vec![Reaction::Schedule(NewTask { key: again, ..task(SEARCH_FOR_TEACHER, None) })]
            }
            Event::Slot(change) => search_after_time_freed::freed_time_of(change)
                .into_iter()
                .map(|freed| {
                    let key = format!("{key}:{}:{}", event.sequence, freed.key_suffix());
                    let payload = serde_json::to_value(freed).expect("an id always serialises to JSON");
                    Reaction::Schedule(NewTask { key, payload, ..task(SEARCH_FOR_FREED, None) })
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// Context of the task handlers of [`RequestMatching`].
#[derive(Clone)]
pub struct RequestHandlers {
    pub context: HandlerContext,
    pub pool: PgPool,
    pub waves: RequestWaves,
}

impl RequestHandlers {
    /// Returns the task handlers of every kind that [`RequestMatching`] schedules.
    pub fn handlers(self) -> Vec<Arc<dyn TaskHandler>> {
        vec![
            Arc::new(TeacherSearch(self.clone())),
            Arc::new(NextWave(self.clone())),
            Arc::new(SearchAfterOptIn(self.clone())),
            Arc::new(SearchAfterTimeFreed(self.clone())),
            Arc::new(RequestExpiry(self.clone())),
            Arc::new(ErasedRequestsCancellation(self)),
        ]
    }

    /// Loads a request from the log; `None` if there is none.
    async fn load_request(&self, task: &Task, id: RequestId) -> Result<Option<OpenRequest>, TaskOutcome> {
        let request: LessonRequest = self.context.load_aggregate(task, id).await?;
        Ok(request.made().cloned())
    }

    /// Returns the position of the first event of a request; 0 if it has none.
    async fn opening_position(&self, task: &Task, id: RequestId) -> Result<Position, TaskOutcome> {
        let events = self.context.read_events(task, &StreamId::of::<LessonRequest>(id)).await?;
        Ok(events.first().map_or(Position::START, |event| event.position))
    }

    /// Issues a command of the task; `purpose` distinguishes the commands of one task.
    ///
    /// A refusal is ignored: the request was accepted or cancelled in the meantime.
    async fn send_command(&self, task: &Task, command: Command, purpose: &str) -> Result<(), TaskOutcome> {
        match self.context.dispatch_all(task, NAME, vec![command], (task.cause, purpose)).await? {
            // The clock of the OS process that recorded the task was ahead.
            DispatchResult::Refused(refusal) if refusal.code == "too_early" => {
                Err(self.retry_soon("not due yet"))
            }
            DispatchResult::Committed | DispatchResult::Refused(_) => Ok(()),
        }
    }

    /// Returns the result of a statement, or a retry if the tables cannot be read.
    fn rows_or_retry<T>(&self, task: &Task, found: Result<T, sqlx::Error>) -> Result<T, TaskOutcome> {
        found.map_err(|error| {
            tracing::error!(task = %task.id, cause = error_chain(&error), "cannot read the tables of requests");
            self.context.retry_later(task, "cannot read the tables")
        })
    }

    fn retry_soon(&self, why: &str) -> TaskOutcome {
        let at = self.context.clock.now() + RETRY_DELAY;
        TaskOutcome::RetryAt { at, error: why.to_owned(), outcome_unknown: false }
    }
}

/// Returns the request of a task.
fn request_id(task: &Task) -> Result<RequestId, TaskOutcome> {
    task.key.parse().map_err(|_| abandon_invalid_key())
}

/// Returns the outcome of a task with an invalid key.
fn abandon_invalid_key() -> TaskOutcome {
    TaskOutcome::Abandon { error: "the task's key is no id".to_owned() }
}
