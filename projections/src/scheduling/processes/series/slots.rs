//! The slots of a series: how one is opened, and how one is taken back.

use std::collections::BTreeSet;

use domain::scheduling::{AHEAD_MAX, Agent, NewSlot, Occurrence, Slot, SlotCommand, tzdb_version};
use domain::{AccountId, BookingId, Command, SlotId};
use projection_runtime::{Outcome, Task};
use uuid::Uuid;

use super::NAME;
use super::handler::{Found, Members, SeriesHandler};
use crate::acting::Decided;

/// What became of an opening.
pub(super) enum Opening {
    Opened,
    /// It was opened before, whatever became of it since.
    StandsOpen,
    InTheWay,
}

impl SeriesHandler {
    pub(super) async fn open(
        &self,
        task: &Task,
        found: &Found,
        occurrence: &Occurrence<'_>,
        members: &Members,
    ) -> Result<Opening, Outcome> {
        let slot_id = occurrence.slot_id(found.id);
        let booking = |student: &AccountId| {
            (BookingId(Uuid::new_v5(&slot_id.uuid(), student.uuid().as_bytes())), *student)
        };
        let mut terms = occurrence.rule.template.clone();
        terms.capacity = terms.capacity.max(members.places);
        let slot = NewSlot {
            teacher: found.series.teacher,
            period: occurrence.period,
            zone: occurrence.rule.zone.clone(),
            tzdb: Some(tzdb_version().to_owned()),
            terms,
            series_id: Some(found.id),
            class_id: found.series.class_id,
            request_id: None,
            members: members.seated.iter().map(booking).collect(),
        };
        let command = SlotCommand::OpenSlot(Box::new(slot));
        match self.slot(task, slot_id, command, "open").await? {
            Decided::Committed => Ok(Opening::Opened),
            Decided::Refused(refusal) => match refusal.code {
                "slot_already_opened" => Ok(Opening::StandsOpen),
                "time_conflict" => Ok(Opening::InTheWay),
                code => {
                    tracing::warn!(task = %task.id, slot = %slot_id, code, "a slot of a series is not opened");
                    Ok(Opening::InTheWay)
                }
            },
        }
    }

    /// Takes back what the series does not name any more. Where somebody has booked, the lesson stays; where
    /// nobody is but by the class, it is cancelled: the class meets when its series says so.
    pub(super) async fn withdraw(&self, task: &Task, found: &Found) -> Result<(), Outcome> {
        if found.formerly.is_empty() {
            return Ok(());
        }
        let last = found.today.saturating_add(AHEAD_MAX);
        let named: BTreeSet<SlotId> = found
            .series
            .occurrences(found.today, last)
            .iter()
            .map(|occurrence| occurrence.slot_id(found.id))
            .collect();
        for slot_id in found.formerly.difference(&named) {
            let withdraw = SlotCommand::WithdrawSlot { by: Agent::System, reason: None };
            let refused = match self.slot(task, *slot_id, withdraw, "withdraw").await? {
                Decided::Committed => continue,
                Decided::Refused(refusal) => refusal,
            };
            // Else it was never opened, or is gone already.
            if refused.code == "slot_booked" && found.series.class_id.is_some() {
                self.cancel_for_class(task, found, *slot_id).await?;
            }
        }
        Ok(())
    }

    /// As the teacher, who has changed the series: nobody pays, and the time is free for what comes instead.
    async fn cancel_for_class(&self, task: &Task, found: &Found, slot_id: SlotId) -> Result<(), Outcome> {
        let slot: Slot = self.0.fold(task, slot_id).await?;
        if slot.lesson().is_some_and(|lesson| lesson.is_of_class_alone()) {
            let by = Agent::Person(found.series.teacher);
            let cancel = SlotCommand::CancelLesson { by, reason: None };
            // Refused: it has begun, or is cancelled already.
            self.slot(task, slot_id, cancel, "cancel").await?;
        }
        Ok(())
    }

    async fn slot(
        &self,
        task: &Task,
        slot_id: SlotId,
        command: SlotCommand,
        purpose: &str,
    ) -> Result<Decided, Outcome> {
        let purpose = format!("{purpose}:{slot_id}");
        self.0.together(task, NAME, vec![Command::Slot(slot_id, command)], (task.cause, &purpose)).await
    }
}
