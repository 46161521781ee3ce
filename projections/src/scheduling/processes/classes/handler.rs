//! Compares the seats of a class with its members, and books or cancels the differences.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use domain::scheduling::{
    BookedBy, Booker, Class, Initiator, Lesson, NewBooking, Slot, SlotCommand, SlotStatus,
};
use domain::{AccountId, BookingId, ClassId, Command, SlotId};
use projection_runtime::{Task, TaskHandler, TaskOutcome, error_chain, wait_for};
use sqlx::PgPool;
use uuid::Uuid;

use super::{ClassSeatsTask, NAME, RETRY_SEATING, SYNC_SEATS, WAIT_MAX};
use crate::handler_context::{DispatchResult, HandlerContext, into_outcome, parse_payload};
use crate::scheduling::class_slots;

/// Task handler of [`super::ClassSeats`], one for each kind.
#[derive(Clone)]
pub struct ClassSeatsHandler {
    pub(super) context: HandlerContext,
    /// Database with the slots of a class.
    pub(super) pool: PgPool,
    kind: &'static str,
}

impl ClassSeatsHandler {
    /// Returns the handlers of both kinds.
    pub fn all(context: &HandlerContext, pool: &PgPool) -> impl Iterator<Item = Arc<dyn TaskHandler>> {
        [SYNC_SEATS, RETRY_SEATING].into_iter().map(|kind| {
            let handler: Arc<dyn TaskHandler> =
                Arc::new(ClassSeatsHandler { context: context.clone(), pool: pool.clone(), kind });
            handler
        })
    }
}

#[async_trait]
impl TaskHandler for ClassSeatsHandler {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let done = if self.kind == SYNC_SEATS {
            self.sync_seats(task).await
        } else {
            self.retry_seating(task).await
        };
        into_outcome(done)
    }
}

impl ClassSeatsHandler {
    async fn sync_seats(&self, task: &Task) -> Result<(), TaskOutcome> {
        let payload: ClassSeatsTask = parse_payload(task)?;
        let members = self.load_members(task, payload.class_id).await?;
        for slot_id in self.target_slots(task, payload).await? {
            let Some(lesson) = self.upcoming_lesson(task, payload.class_id, slot_id).await? else { continue };
            self.unseat_others(task, payload, slot_id, &lesson, &members).await?;
            // A new member gets a seat in every upcoming lesson.
            // A task for all members skips students who have ever booked the lesson, also if they cancelled.
            let is_due = |student: &AccountId| match payload.student {
                Some(joined) => joined == *student && lesson.booking_of(joined).is_none(),
                None => never_booked(&lesson, *student),
            };
            self.seat_all(task, slot_id, members.iter().copied().filter(is_due)).await?;
        }
        Ok(())
    }

    /// Loads the present members of a class; empty if the class is closed.
    pub(super) async fn load_members(
        &self,
        task: &Task,
        class_id: ClassId,
    ) -> Result<BTreeSet<AccountId>, TaskOutcome> {
        let class: Class = self.context.load_aggregate(task, class_id).await?;
        Ok(match class.created() {
            Some(class) if !class.closed => class.students.clone(),
            Some(_) | None => BTreeSet::new(),
        })
    }

    /// Loads a lesson of a class; `None` unless it is offered and upcoming.
    pub(super) async fn upcoming_lesson(
        &self,
        task: &Task,
        class_id: ClassId,
        slot_id: SlotId,
    ) -> Result<Option<Lesson>, TaskOutcome> {
        let slot: Slot = self.context.load_aggregate(task, slot_id).await?;
        let now = self.context.clock.now();
        let is_to_come = |lesson: &&Lesson| {
            lesson.class_id == Some(class_id)
                && lesson.status == SlotStatus::Offered
                && lesson.period.starts_at > now
        };
        Ok(slot.lesson().filter(is_to_come).cloned())
    }

    /// Returns the slot of the task, or all upcoming slots of the class.
    ///
    /// Waits for the read model, so that slots opened before the task are included.
    async fn target_slots(&self, task: &Task, payload: ClassSeatsTask) -> Result<Vec<SlotId>, TaskOutcome> {
        if let Some(slot_id) = payload.slot_id {
            return Ok(vec![slot_id]);
        }
        self.wait_for_read_model(task, "slots").await?;
        let now = self.context.clock.now();
        let found = class_slots(&self.pool, payload.class_id, now).await;
        found.map_err(|error| self.retry_unreadable(task, &error))
    }

    pub(super) async fn wait_for_read_model(&self, task: &Task, model: &str) -> Result<(), TaskOutcome> {
        let there = wait_for(&self.pool, None, model, task.cause_position, WAIT_MAX).await;
        there.map_err(|_| self.context.retry_later(task, "the read model is behind"))
    }

    pub(super) fn retry_unreadable(
        &self,
        task: &Task,
        error: &(dyn std::error::Error + 'static),
    ) -> TaskOutcome {
        tracing::warn!(task = %task.id, cause = error_chain(error), "cannot read the slots of a class");
        self.context.retry_later(task, "cannot read the slots")
    }

    /// Cancels the seats of students who are no longer members, without a fee.
    async fn unseat_others(
        &self,
        task: &Task,
        payload: ClassSeatsTask,
        slot_id: SlotId,
        lesson: &Lesson,
        members: &BTreeSet<AccountId>,
    ) -> Result<(), TaskOutcome> {
        let is_affected = |student: AccountId| payload.student.is_none_or(|student_id| student_id == student);
        let others = lesson.seated().filter(|booking| {
            booking.booked_by == BookedBy::Class
                && is_affected(booking.student)
                && !members.contains(&booking.student)
        });
        for booking in others {
            let booking_id = booking.booking_id;
            let cancel = SlotCommand::CancelBooking { booking_id, by: Initiator::System, reason: None };
            self.dispatch_command(task, slot_id, cancel, &format!("leave:{booking_id}")).await?;
        }
        Ok(())
    }

    /// Books seats for these students. Suspended students are skipped; they get seats after reinstatement.
    pub(super) async fn seat_all(
        &self,
        task: &Task,
        slot_id: SlotId,
        students: impl Iterator<Item = AccountId> + Send,
    ) -> Result<(), TaskOutcome> {
        for student in students {
            if self.context.is_suspended(task, student).await? {
                continue;
            }
            let booking = NewBooking {
                booking_id: BookingId(Uuid::new_v5(&task.cause, format!("{slot_id}:{student}").as_bytes())),
                booker: Booker::Class(student),
                note: None,
                hold_id: None,
            };
            let book = SlotCommand::BookSeat(Box::new(booking));
            self.dispatch_command(task, slot_id, book, &format!("seat:{slot_id}:{student}")).await?;
        }
        Ok(())
    }

    /// Issues one command. A refusal is not a fault: the slot is full, or the student is busy at that time.
    ///
    /// `GET /classes/{id}` shows the teacher which members have no seat.
    async fn dispatch_command(
        &self,
        task: &Task,
        slot_id: SlotId,
        command: SlotCommand,
        purpose: &str,
    ) -> Result<(), TaskOutcome> {
        let name = command.name();
        let commands = vec![Command::Slot(slot_id, command)];
        match self.context.dispatch_all(task, NAME, commands, (task.cause, purpose)).await? {
            DispatchResult::Committed => {}
            DispatchResult::Refused(refusal) => {
                tracing::info!(%slot_id, command = name, code = refusal.code, "seat change of a class refused");
            }
        }
        Ok(())
    }
}

/// Returns whether the student never had a booking in the lesson; a former booking is never repeated.
pub(super) fn never_booked(lesson: &Lesson, student: AccountId) -> bool {
    lesson.bookings.iter().all(|booking| booking.student != student)
}
