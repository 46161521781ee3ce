//! Reminders of lessons, a day and an hour before the start; they move with the lesson and end with it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::scheduling::{Lesson, ReminderLead, SeatChange, Slot, SlotCommand, SlotStatus, TimeChange};
use domain::{AccountId, Command, Event, RecordedEvent, SlotId, StreamId, StreamVersion, fold_events};
use jiff::Timestamp;
use projection_runtime::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome, error_chain};
use serde::{Deserialize, Serialize};

use super::{HandlerContext, into_outcome, stream_slot_id};
use crate::handler_context::{DispatchResult, parse_payload};

const NAME: &str = "reminders";
const KIND: &str = "remind";

/// Process manager that schedules the reminders of a lesson after its first booking.
///
/// A task is one lead of one start of a lesson. When it is due, it reminds the people who are in the lesson.
/// A later booking finds the task already scheduled. A reminder in the past is not scheduled.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reminders;

#[derive(Serialize, Deserialize)]
struct ReminderTask {
    slot_id: SlotId,
    lead: ReminderLead,
    starts_at: Timestamp,
}

impl ProcessManager for Reminders {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Slot::TYPE
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let (Event::Slot(event), Some(slot_id)) = (&recorded.event, stream_slot_id(recorded)) else {
            return Vec::new();
        };
        let effects = event.effects();
        if let Some(SeatChange::Taken { starts_at, .. }) = effects.seat {
            return scheduled_reminders(slot_id, starts_at, recorded.recorded_at);
        }
        let Some(TimeChange::Moved { from, to, .. }) = effects.time else { return Vec::new() };
        let dropped = ReminderLead::ALL
            .iter()
            .map(|lead| Reaction::Cancel { kind: KIND, key: task_key(slot_id, from.starts_at, *lead) });
        dropped.chain(scheduled_reminders(slot_id, to.starts_at, recorded.recorded_at)).collect()
    }
}

/// Returns tasks for the reminders of this start that are not due yet.
fn scheduled_reminders(slot_id: SlotId, starts_at: Timestamp, now: Timestamp) -> Vec<Reaction> {
    let plan = |lead: &ReminderLead| {
        let due_at = starts_at - lead.before();
        let payload = ReminderTask { slot_id, lead: *lead, starts_at };
        (due_at > now).then(|| {
            Reaction::Schedule(NewTask {
                kind: KIND,
                key: task_key(slot_id, starts_at, *lead),
                queue: None,
                due_at: Some(due_at),
                payload: serde_json::to_value(payload)
                    .expect("an id, a code and a time always serialise to JSON"),
            })
        })
    };
    ReminderLead::ALL.iter().filter_map(plan).collect()
}

fn task_key(slot_id: SlotId, starts_at: Timestamp, lead: ReminderLead) -> String {
    format!("{slot_id}:{starts_at}:{lead}")
}

/// Task handler of [`Reminders`].
#[derive(Clone)]
pub struct RemindersHandler(pub HandlerContext);

#[async_trait]
impl TaskHandler for RemindersHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        into_outcome(async { self.record_reminders(task, parse_payload(task)?).await }.await)
    }
}

impl RemindersHandler {
    async fn record_reminders(&self, task: &Task, payload: ReminderTask) -> Result<(), TaskOutcome> {
        let ReminderTask { slot_id, lead, starts_at } = payload;
        let due_at = starts_at - lead.before();
        for person in self.people_to_remind(task, &payload, due_at).await? {
            let command = SlotCommand::RecordReminder { person, lead, starts_at };
            let purpose = format!("{person}:{starts_at}:{lead}");
            let commands = vec![Command::Slot(slot_id, command)];
            match self.0.dispatch_all(task, NAME, commands, (slot_id.uuid(), &purpose)).await? {
                DispatchResult::Refused(refusal) if refusal.code == "too_early" => {
                    return Err(TaskOutcome::RetryAt {
                        at: due_at,
                        error: "not due yet".to_owned(),
                        outcome_unknown: false,
                    });
                }
                // A refusal means that the person has left, or the lesson is cancelled.
                DispatchResult::Committed | DispatchResult::Refused(_) => {}
            }
        }
        Ok(())
    }

    /// Loads the teacher and the students who had a booking when the reminder became due.
    async fn people_to_remind(
        &self,
        task: &Task,
        payload: &ReminderTask,
        due_at: Timestamp,
    ) -> Result<Vec<AccountId>, TaskOutcome> {
        let stream = StreamId::of::<Slot>(payload.slot_id);
        let read =
            async { self.0.log.decode(&self.0.log.read_stream(&stream, StreamVersion::START).await?).await };
        let events = read.await.map_err(|error| {
            tracing::error!(task = %task.id, %stream, cause = error_chain(&error), "cannot read a lesson");
            self.0.retry_later(task, "cannot read a lesson")
        })?;
        let booked_at = booked_at_by_student(&events);
        let slot: Slot = fold_events(events);
        let is_meant = |lesson: &&Lesson| {
            lesson.status == SlotStatus::Offered && lesson.period.starts_at == payload.starts_at
        };
        let Some(lesson) = slot.lesson().filter(is_meant) else { return Ok(Vec::new()) };
        let in_time =
            |student: &AccountId| booked_at.get(student).is_some_and(|booked_at| *booked_at <= due_at);
        let students: Vec<_> = lesson.seated().map(|booking| booking.student).filter(in_time).collect();
        let teacher = if students.is_empty() { None } else { Some(lesson.teacher) };
        Ok(teacher.into_iter().chain(students).collect())
    }
}

/// Returns the time of each student's last booking.
fn booked_at_by_student(events: &[RecordedEvent]) -> BTreeMap<AccountId, Timestamp> {
    let mut booked_at = BTreeMap::new();
    for recorded in events {
        let Event::Slot(event) = &recorded.event else { continue };
        if let Some(SeatChange::Taken { student, .. }) = event.effects().seat {
            booked_at.insert(student, recorded.recorded_at);
        }
    }
    booked_at
}
