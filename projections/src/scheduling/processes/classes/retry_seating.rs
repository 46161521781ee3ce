//! Retries to book seats for members without a seat, after a seat or a student's time has become free.

use domain::scheduling::{Period, Slot, SlotStatus};
use domain::{AccountId, SlotId};
use projection_runtime::{Task, TaskOutcome};

use super::RetrySeatingTask;
use super::handler::{ClassSeatsHandler, never_booked};
use crate::handler_context::parse_payload;
use crate::scheduling::class_slots_of_student;

impl ClassSeatsHandler {
    pub(super) async fn retry_seating(&self, task: &Task) -> Result<(), TaskOutcome> {
        let RetrySeatingTask { slot_id, student, mut freed } = parse_payload(task)?;
        if let Some(slot_id) = slot_id {
            let period = self.seat_missing_members(task, slot_id).await?;
            freed = freed.or(period);
        }
        match student {
            Some(student) => self.seat_student(task, student, freed).await,
            None => Ok(()),
        }
    }

    /// Books a slot for the members of its class who never had a booking in it; returns the time of the slot.
    async fn seat_missing_members(
        &self,
        task: &Task,
        slot_id: SlotId,
    ) -> Result<Option<Period>, TaskOutcome> {
        let slot: Slot = self.context.load_aggregate(task, slot_id).await?;
        let Some(lesson) = slot.lesson() else { return Ok(None) };
        if let (Some(class_id), SlotStatus::Offered) = (lesson.class_id, lesson.status) {
            let members = self.load_members(task, class_id).await?;
            let missing = members.into_iter().filter(|student| never_booked(lesson, *student));
            self.seat_all(task, slot_id, missing).await?;
        }
        Ok(Some(lesson.period))
    }

    /// Books the upcoming lessons of a student's classes in which the student never had a booking.
    ///
    /// With `freed`, only lessons that overlap it.
    async fn seat_student(
        &self,
        task: &Task,
        student: AccountId,
        freed: Option<Period>,
    ) -> Result<(), TaskOutcome> {
        self.wait_for_read_model(task, "classes").await?;
        self.wait_for_read_model(task, "slots").await?;
        let now = self.context.clock.now();
        let slots = class_slots_of_student(&self.pool, student, now, freed).await;
        for (class_id, slot_id) in slots.map_err(|error| self.retry_unreadable(task, &error))? {
            let Some(lesson) = self.upcoming_lesson(task, class_id, slot_id).await? else { continue };
            let is_in = self.load_members(task, class_id).await?.contains(&student);
            let missing = (is_in && never_booked(&lesson, student)).then_some(student);
            self.seat_all(task, slot_id, missing.into_iter()).await?;
        }
        Ok(())
    }
}
