//! Records each missed SLA target of a ticket once, by a durable timer at the next deadline.

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::support::{SLA_POLICIES, SlaClock, SlaTarget, Ticket, TicketCommand, TicketEvent};
use domain::{Command, Event, RecordedEvent, StreamId, StreamVersion, TicketId};
use jiff::{SignedDuration, Timestamp};
use projection_runtime::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome, error_chain};
use serde::{Deserialize, Serialize};

use crate::handler_context::{DispatchResult, HandlerContext, parse_payload};

const NAME: &str = "sla";
const KIND: &str = "watch_ticket";

/// Schedules a timer for every event that can move a deadline.
#[derive(Clone, Copy, Debug, Default)]
pub struct SlaTimers;

/// Ticket, and the event that scheduled the timer. A later event has its own timer.
#[derive(Serialize, Deserialize)]
struct SlaTask {
    ticket_id: TicketId,
    sequence: StreamVersion,
}

impl ProcessManager for SlaTimers {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Ticket::TYPE
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let Event::Ticket(event) = &recorded.event else { return Vec::new() };
        let Ok(ticket_id) = recorded.stream.aggregate_id.parse() else { return Vec::new() };
        let due_at = match SlaClock::start(event, recorded.recorded_at, SLA_POLICIES) {
            Some(clock) => next_due(&clock),
            // The clock may be stopped, or the ticket may have none. The handler checks both.
            None if SlaClock::concerns(event) => None,
            None => return Vec::new(),
        };
        let payload = SlaTask { ticket_id, sequence: recorded.sequence };
        vec![Reaction::Schedule(NewTask {
            kind: KIND,
            key: format!("{ticket_id}:{}", recorded.sequence),
            queue: None,
            due_at,
            payload: serde_json::to_value(payload).expect("an id and a number serialize to JSON"),
        })]
    }
}

/// Returns an instant just after the earlier deadline, because a reply at the deadline is in time.
fn next_due(clock: &SlaClock) -> Option<Timestamp> {
    let due = SlaTarget::ALL.iter().filter_map(|target| clock.due_at(*target, SLA_POLICIES)).min()?;
    due.checked_add(SignedDuration::from_millis(1)).ok()
}

/// Handles the tasks of [`SlaTimers`].
#[derive(Clone)]
pub struct SlaTimersHandler(pub HandlerContext);

#[async_trait]
impl TaskHandler for SlaTimersHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        match self.check_targets(task).await {
            Ok(outcome) | Err(outcome) => outcome,
        }
    }
}

impl SlaTimersHandler {
    async fn check_targets(&self, task: &Task) -> Result<TaskOutcome, TaskOutcome> {
        let SlaTask { ticket_id, sequence } = parse_payload(task)?;
        let history = self.load_history(task, ticket_id).await?;
        let Some(clock) = current_clock(&history, sequence) else { return Ok(TaskOutcome::Done) };
        let now = self.0.clock.now();
        for target in SlaTarget::ALL.iter().copied() {
            let Some(due_at) = clock.missed_at(target, now, SLA_POLICIES) else { continue };
            let policy_version = clock.policy_version;
            let command = TicketCommand::RecordBreach { target, due_at, policy_version };
            let about = (ticket_id.uuid(), target.as_str());
            match self.0.dispatch_all(task, NAME, vec![Command::Ticket(ticket_id, command)], about).await? {
                DispatchResult::Committed => {}
                DispatchResult::Refused(refusal) => {
                    return Ok(TaskOutcome::Abandon { error: format!("refused: {}", refusal.code) });
                }
            }
        }
        let later = SlaTarget::ALL.iter().filter_map(|target| clock.due_at(*target, SLA_POLICIES));
        Ok(match later.filter(|due| *due >= now).min() {
            Some(due) => TaskOutcome::RetryAt {
                at: due + SignedDuration::from_millis(1),
                error: "not due yet".to_owned(),
                outcome_unknown: false,
            },
            None => TaskOutcome::Done,
        })
    }

    async fn load_history(
        &self,
        task: &Task,
        ticket_id: TicketId,
    ) -> Result<Vec<RecordedEvent>, TaskOutcome> {
        let stream = StreamId::of::<Ticket>(ticket_id);
        let read =
            async { self.0.log.decode(&self.0.log.read_stream(&stream, StreamVersion::START).await?).await };
        read.await.map_err(|error| {
            tracing::error!(task = %task.id, %stream, cause = error_chain(&error), "cannot read a ticket");
            self.0.retry_later(task, "cannot read the ticket")
        })
    }
}

/// Computes the present SLA clock of a ticket from its history. Returns `None` if a later event has its own
/// timer.
fn current_clock(history: &[RecordedEvent], since: StreamVersion) -> Option<SlaClock> {
    let mut clock: Option<SlaClock> = None;
    for recorded in history {
        let Event::Ticket(event) = &recorded.event else { continue };
        if recorded.sequence > since && SlaClock::concerns(event) {
            return None;
        }
        match &mut clock {
            Some(clock) => clock.take(event, recorded.recorded_at, SLA_POLICIES),
            None if matches!(event, TicketEvent::TicketOpened { .. }) => {
                clock = SlaClock::start(event, recorded.recorded_at, SLA_POLICIES);
            }
            None => {}
        }
    }
    clock
}
