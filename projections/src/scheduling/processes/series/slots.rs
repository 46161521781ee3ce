//! Opens and withdraws slots of a series.

use std::collections::BTreeSet;

use domain::scheduling::{AHEAD_MAX, Initiator, NewSlot, Occurrence, Slot, SlotCommand, tzdb_version};
use domain::{AccountId, BookingId, Command, SlotId};
use projection_runtime::{Task, TaskOutcome};
use uuid::Uuid;

use super::NAME;
use super::handler::{ClassMembers, OpenResult, SeriesSlotsHandler, TrackedSeries};
use crate::handler_context::DispatchResult;

impl SeriesSlotsHandler {
    pub(super) async fn open_slot(
        &self,
        task: &Task,
        tracked: &TrackedSeries,
        occurrence: &Occurrence<'_>,
        members: &ClassMembers,
    ) -> Result<OpenResult, TaskOutcome> {
        let slot_id = occurrence.slot_id(tracked.id);
        let booking = |student: &AccountId| {
            (BookingId(Uuid::new_v5(&slot_id.uuid(), student.uuid().as_bytes())), *student)
        };
        let mut terms = occurrence.rule.template.clone();
        terms.capacity = terms.capacity.max(members.capacity);
        let slot = NewSlot {
            teacher: tracked.series.teacher,
            period: occurrence.period,
            zone: occurrence.rule.zone.clone(),
            tzdb: Some(tzdb_version().to_owned()),
            terms,
            series_id: Some(tracked.id),
            class_id: tracked.series.class_id,
            request_id: None,
            members: members.seated.iter().map(booking).collect(),
        };
        let command = SlotCommand::OpenSlot(Box::new(slot));
        match self.dispatch_to_slot(task, slot_id, command, "open").await? {
            DispatchResult::Committed => Ok(OpenResult::Opened),
            DispatchResult::Refused(refusal) => match refusal.code {
                "slot_already_opened" => Ok(OpenResult::AlreadyOpened),
                "time_conflict" => Ok(OpenResult::TimeConflict),
                code => {
                    tracing::warn!(task = %task.id, slot = %slot_id, code, "opening a slot of a series refused");
                    Ok(OpenResult::TimeConflict)
                }
            },
        }
    }

    /// Withdraws the slots that the series no longer plans.
    ///
    /// A lesson with a student's own booking stays.
    /// A lesson with only seats of the class is cancelled, because the class follows its series.
    pub(super) async fn withdraw_unplanned(
        &self,
        task: &Task,
        tracked: &TrackedSeries,
    ) -> Result<(), TaskOutcome> {
        if tracked.formerly_planned.is_empty() {
            return Ok(());
        }
        let last = tracked.today.saturating_add(AHEAD_MAX);
        let named: BTreeSet<SlotId> = tracked
            .series
            .occurrences(tracked.today, last)
            .iter()
            .map(|occurrence| occurrence.slot_id(tracked.id))
            .collect();
        for slot_id in tracked.formerly_planned.difference(&named) {
            let withdraw = SlotCommand::WithdrawSlot { by: Initiator::System, reason: None };
            let refused = match self.dispatch_to_slot(task, *slot_id, withdraw, "withdraw").await? {
                DispatchResult::Committed => continue,
                DispatchResult::Refused(refusal) => refusal,
            };
            // Any other refusal means that the slot was never opened, or has already ended.
            if refused.code == "slot_booked" && tracked.series.class_id.is_some() {
                self.cancel_for_class(task, tracked, *slot_id).await?;
            }
        }
        Ok(())
    }

    /// Cancels a lesson that has only seats of the class.
    ///
    /// The teacher is the initiator, because they changed the series.
    /// Therefore students pay no fee, and the time becomes free for new slots.
    async fn cancel_for_class(
        &self,
        task: &Task,
        tracked: &TrackedSeries,
        slot_id: SlotId,
    ) -> Result<(), TaskOutcome> {
        let slot: Slot = self.0.load_aggregate(task, slot_id).await?;
        if slot.lesson().is_some_and(|lesson| lesson.is_of_class_alone()) {
            let by = Initiator::Person(tracked.series.teacher);
            let cancel = SlotCommand::CancelLesson { by, reason: None };
            // A refusal means that the lesson has begun or is already cancelled.
            self.dispatch_to_slot(task, slot_id, cancel, "cancel").await?;
        }
        Ok(())
    }

    async fn dispatch_to_slot(
        &self,
        task: &Task,
        slot_id: SlotId,
        command: SlotCommand,
        purpose: &str,
    ) -> Result<DispatchResult, TaskOutcome> {
        let purpose = format!("{purpose}:{slot_id}");
        self.0.dispatch_all(task, NAME, vec![Command::Slot(slot_id, command)], (task.cause, &purpose)).await
    }
}
