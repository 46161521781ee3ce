//! Proposes, after a lesson, that booked students who were in no lesson room did not come.

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::scheduling::{Booking, BookingStatus, Slot, SlotStatus};
use domain::video::{VideoSession, VideoSessionCommand, VideoSessionEvent};
use domain::{Command, Event, RecordedEvent, SlotId};
use jiff::SignedDuration;
use projection_runtime::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome};
use serde::{Deserialize, Serialize};

use crate::handler_context::{HandlerContext, into_outcome, parse_payload};

const NAME: &str = "video_no_shows";
const KIND: &str = "propose_no_shows";
/// Time after the end of a lesson in which the last reports arrive.
const GRACE: SignedDuration = SignedDuration::from_mins(1);

/// Process manager that looks at the attendance of a lesson after its end, if its lesson room was opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoShowProposals;

#[derive(Serialize, Deserialize)]
struct ProposalTask {
    slot_id: SlotId,
}

impl ProcessManager for NoShowProposals {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == VideoSession::TYPE
    }

    /// Starts with new events: a proposal about a lesson of the past helps no teacher.
    fn starts_at_beginning(&self) -> bool {
        false
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let (Event::Video(VideoSessionEvent::RoomOpened { lesson_ends_at, .. }), Ok(slot_id)) =
            (&recorded.event, recorded.stream.aggregate_id.parse())
        else {
            return Vec::new();
        };
        let payload = ProposalTask { slot_id };
        vec![Reaction::Schedule(NewTask {
            kind: KIND,
            key: slot_id.to_string(),
            queue: None,
            due_at: Some(*lesson_ends_at + GRACE),
            payload: serde_json::to_value(payload).expect("an id always serialises to JSON"),
        })]
    }
}

/// Task handler of [`NoShowProposals`].
#[derive(Clone)]
pub struct NoShowProposalsHandler(pub HandlerContext);

#[async_trait]
impl TaskHandler for NoShowProposalsHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        into_outcome(async { self.propose(task, parse_payload(task)?).await }.await)
    }
}

impl NoShowProposalsHandler {
    /// Proposes each absence once. The task waits again if the lesson was moved to a later time.
    async fn propose(&self, task: &Task, payload: ProposalTask) -> Result<(), TaskOutcome> {
        let ProposalTask { slot_id } = payload;
        let slot: Slot = self.0.load_aggregate(task, slot_id).await?;
        let Some(lesson) = slot.lesson() else { return Ok(()) };
        if matches!(lesson.status, SlotStatus::Cancelled | SlotStatus::Withdrawn) {
            return Ok(());
        }
        let due_at = lesson.period.ends_at + GRACE;
        if self.0.clock.now() < due_at {
            let error = "the lesson is not over".to_owned();
            return Err(TaskOutcome::RetryAt { at: due_at, error, outcome_unknown: false });
        }
        let is_open = |booking: &&Booking| booking.status == BookingStatus::Booked && !booking.reviewed;
        for booking in lesson.seated().filter(is_open) {
            let (booking_id, student) = (booking.booking_id, booking.student);
            let command = VideoSessionCommand::ProposeNoShow { booking_id, student };
            let commands = vec![Command::Video(slot_id, command)];
            // The session decides whether the student was there. It has no refusal for this command.
            self.0.dispatch_all(task, NAME, commands, (booking_id.uuid(), "propose")).await?;
        }
        Ok(())
    }
}
