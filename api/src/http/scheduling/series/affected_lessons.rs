//! Booked lessons that a change of a series affects: those that are cancelled and those that stay.

use std::collections::BTreeSet;

use domain::scheduling::{AvailabilitySeries, SeriesCommand, SeriesState, Slot, SlotStatus};
use domain::{Decider, SeriesId, SlotId};
use jiff::Timestamp;
use serde::Serialize;

use super::view::SeriesView;
use crate::app::App;
use crate::http::problem::Problem;

/// Series after a change, with the booked lessons that are no longer in it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChangedSeries {
    #[serde(flatten)]
    pub series: SeriesView,
    #[serde(flatten)]
    pub lessons: AffectedLessons,
}

/// Booked lessons that are no longer in the series.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub struct AffectedLessons {
    /// Lessons in which only the class is booked; they are cancelled soon.
    lessons_cancelled: Vec<AffectedLesson>,
    /// Lessons with other bookings; they stay until they are moved or cancelled.
    lessons_kept: Vec<AffectedLesson>,
}

/// Lesson with its start.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AffectedLesson {
    #[schema(value_type = uuid::Uuid)]
    id: SlotId,
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
}

impl AffectedLessons {
    /// Predicts the affected lessons of a command; empty if the command would be refused.
    ///
    /// # Errors
    /// [`Problem`] if the log is unavailable.
    pub async fn predict(
        app: &App,
        id: SeriesId,
        before: &SeriesState,
        command: &SeriesCommand,
    ) -> Result<Self, Problem> {
        let now = app.clock.now();
        let series = AvailabilitySeries::Defined(Box::new(before.clone()));
        let (Ok(events), Some(through)) = (series.decide(command, now), before.extended_through) else {
            return Ok(Self::default());
        };
        let ids = |series: &SeriesState| -> BTreeSet<SlotId> {
            let named = series.occurrences(before.today(now), through);
            named.iter().map(|occurrence| occurrence.slot_id(id)).collect()
        };
        let named = ids(&before.after(events));
        let gone: Vec<SlotId> = ids(before).difference(&named).copied().collect();
        let slots = gone.iter().map(|slot_id| app.bus.load::<Slot>(*slot_id));
        let slots = futures::future::try_join_all(slots).await?;
        let mut concerned = Self::default();
        for (id, slot) in gone.into_iter().zip(&slots) {
            let is_to_come = |starts_at, status| status == SlotStatus::Offered && starts_at > now;
            let lesson = slot.state.lesson().filter(|lesson| lesson.seats_taken() > 0);
            let Some(lesson) = lesson.filter(|lesson| is_to_come(lesson.period.starts_at, lesson.status))
            else {
                continue;
            };
            let lessons = if lesson.is_of_class_alone() {
                &mut concerned.lessons_cancelled
            } else {
                &mut concerned.lessons_kept
            };
            lessons.push(AffectedLesson { id, starts_at: lesson.period.starts_at });
        }
        concerned.lessons_cancelled.sort_by_key(|lesson| lesson.starts_at);
        concerned.lessons_kept.sort_by_key(|lesson| lesson.starts_at);
        Ok(concerned)
    }
}
