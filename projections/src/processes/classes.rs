//! The seats of classes: who joins a class sits in its coming lessons, who leaves it does so no more.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::scheduling::{
    Agent, BookedBy, Class, ClassEvent, Lesson, NewBooking, Slot, SlotCommand, SlotEvent, Stage,
};
use domain::{AccountId, BookingId, ClassId, Command, Event, Recorded, SlotId};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

use super::acting::{Acting, Decided, wish};
use crate::process::{NewTask, Outcome, Process, Reaction, Task, TaskHandler};
use crate::scheduling::class_slots;
use crate::wait::wait_for;

const NAME: &str = "class_seats";
const KIND: &str = "seat_class";
/// How long to wait for the read model of slots, before another attempt.
const PATIENCE: Duration = Duration::from_secs(5);

/// Reacts to who joins and leaves a class, to its end, and to its slots.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassSeats;

/// What a task is about: one student or all of them, one slot or all that are to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Wish {
    class_id: ClassId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    student: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slot_id: Option<SlotId>,
}

impl Process for ClassSeats {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        [Class::TYPE, Slot::TYPE].contains(&aggregate_type)
    }

    fn react(&self, recorded: &Recorded) -> Vec<Reaction> {
        let id = &recorded.stream.aggregate_id;
        let wish = match &recorded.event {
            Event::Class(ClassEvent::StudentAdded { student } | ClassEvent::StudentRemoved { student }) => {
                id.parse().ok().map(|class_id| Wish { class_id, student: Some(*student), slot_id: None })
            }
            Event::Class(ClassEvent::ClassClosed {}) => {
                id.parse().ok().map(|class_id| Wish { class_id, student: None, slot_id: None })
            }
            // Who was added or removed while it was being opened is not known to it yet.
            Event::Slot(SlotEvent::SlotOpened { class_id: Some(class_id), .. }) => id
                .parse()
                .ok()
                .map(|slot_id| Wish { class_id: *class_id, student: None, slot_id: Some(slot_id) }),
            _ => None,
        };
        let task = |wish: Wish| {
            Reaction::Do(NewTask {
                kind: KIND,
                key: format!("{id}:{}", recorded.sequence),
                lane: Some(format!("{NAME}:{}", wish.class_id)),
                due_at: None,
                payload: serde_json::to_value(wish).expect("ids are texts"),
            })
        };
        wish.map(task).into_iter().collect()
    }
}

/// Does the tasks of [`ClassSeats`].
#[derive(Clone)]
pub struct ClassSeatsHandler {
    pub acting: Acting,
    /// To find the slots of a class.
    pub pool: PgPool,
}

#[async_trait]
impl TaskHandler for ClassSeatsHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> Outcome {
        match self.seat(task).await {
            Ok(()) => Outcome::Done,
            Err(outcome) => outcome,
        }
    }
}

impl ClassSeatsHandler {
    async fn seat(&self, task: &Task) -> Result<(), Outcome> {
        let wish: Wish = wish(task)?;
        let class: Class = self.acting.fold(task, wish.class_id).await?;
        let members = match class.group() {
            Some(group) if !group.closed => group.students.clone(),
            Some(_) | None => BTreeSet::new(),
        };
        for slot_id in self.slots(task, wish).await? {
            let slot: Slot = self.acting.fold(task, slot_id).await?;
            let now = self.acting.clock.now();
            let is_to_come = |lesson: &&Lesson| {
                lesson.class_id == Some(wish.class_id)
                    && lesson.stage == Stage::Offered
                    && lesson.period.starts_at > now
            };
            let Some(lesson) = slot.lesson().filter(is_to_come) else { continue };
            self.unseat_others(task, wish, slot_id, lesson, &members).await?;
            self.seat_members(task, wish, slot_id, lesson, &members).await?;
        }
        Ok(())
    }

    /// The slot that is meant, or those that are to come, also the ones that were opened just now.
    async fn slots(&self, task: &Task, wish: Wish) -> Result<Vec<SlotId>, Outcome> {
        if let Some(slot_id) = wish.slot_id {
            return Ok(vec![slot_id]);
        }
        let behind = |_| self.acting.later(task, "the slots are not all known yet");
        wait_for(&self.pool, None, "slots", task.cause_position, PATIENCE).await.map_err(behind)?;
        let now = self.acting.clock.now();
        class_slots(&self.pool, wish.class_id, now).await.map_err(|error| {
            tracing::warn!(task = %task.id, %error, "the slots of a class can not be read");
            self.acting.later(task, "the slots can not be read")
        })
    }

    /// Who is not in the class any more has no seat in its lessons; it costs them nothing.
    async fn unseat_others(
        &self,
        task: &Task,
        wish: Wish,
        slot_id: SlotId,
        lesson: &Lesson,
        members: &BTreeSet<AccountId>,
    ) -> Result<(), Outcome> {
        let is_meant = |student: AccountId| wish.student.is_none_or(|meant| meant == student);
        let others = lesson.seated().filter(|booking| {
            booking.booked_by == BookedBy::Class
                && is_meant(booking.student)
                && !members.contains(&booking.student)
        });
        for booking in others {
            let booking_id = booking.booking_id;
            let cancel = SlotCommand::CancelBooking { booking_id, by: Agent::System, reason: None };
            self.command(task, slot_id, cancel, &format!("leave:{booking_id}")).await?;
        }
        Ok(())
    }

    /// Who joins sits in every lesson to come; a new lesson does not seat again who has cancelled it.
    async fn seat_members(
        &self,
        task: &Task,
        wish: Wish,
        slot_id: SlotId,
        lesson: &Lesson,
        members: &BTreeSet<AccountId>,
    ) -> Result<(), Outcome> {
        let is_due = |student: &AccountId| match wish.student {
            Some(joined) => joined == *student && lesson.booking_of(joined).is_none(),
            None => lesson.bookings.iter().all(|booking| booking.student != *student),
        };
        for student in members.iter().copied().filter(is_due) {
            let booking = NewBooking {
                booking_id: BookingId(Uuid::new_v5(&task.cause, format!("{slot_id}:{student}").as_bytes())),
                student,
                note: None,
                booked_by: BookedBy::Class,
                by: Agent::System,
                hold_id: None,
            };
            let book = SlotCommand::BookSeat(Box::new(booking));
            self.command(task, slot_id, book, &format!("seat:{slot_id}:{student}")).await?;
        }
        Ok(())
    }

    /// A refusal is an answer: the slot is full, or the student is elsewhere at that time.
    async fn command(
        &self,
        task: &Task,
        slot_id: SlotId,
        command: SlotCommand,
        purpose: &str,
    ) -> Result<(), Outcome> {
        let name = command.name();
        let commands = vec![Command::Slot(slot_id, command)];
        match self.acting.together(task, NAME, commands, (task.cause, purpose)).await? {
            Decided::Committed => {}
            Decided::Refused(refusal) => {
                tracing::info!(%slot_id, command = name, code = refusal.code, "a seat of a class stays as it is");
            }
        }
        Ok(())
    }
}
