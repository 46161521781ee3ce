//! Task handler of series: withdraws unplanned slots, opens planned slots, and records the horizon.

use std::collections::BTreeSet;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::Account;
use domain::scheduling::{
    AHEAD_MAX, AvailabilitySeries, Class, Initiator, SeriesCommand, SeriesEvent, SeriesState,
};
use domain::{AccountId, Command, CommandContext, Event, SeriesId, SlotId, StreamId, StreamVersion};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use projection_runtime::{Task, TaskHandler, TaskOutcome};

use super::{KIND, NAME, SeriesTask, horizon_after, next_extension_at};
use crate::handler_context::{DispatchResult, HandlerContext, into_outcome};

/// Delay of a retry while the teacher is suspended. A change of the series waits behind it in its queue.
const SUSPENDED_RETRY_DELAY: SignedDuration = SignedDuration::from_mins(10);

/// Task handler of [`super::SeriesSlots`].
#[derive(Clone)]
pub struct SeriesSlotsHandler(pub HandlerContext);

/// State of a series when a task runs.
pub(super) struct TrackedSeries {
    pub(super) id: SeriesId,
    pub(super) series: SeriesState,
    version: StreamVersion,
    /// Slots of earlier rules that may have been opened.
    pub(super) formerly_planned: BTreeSet<SlotId>,
    now: Timestamp,
    pub(super) today: Date,
}

/// Members of a class, whose seats are booked when a slot opens.
#[derive(Default)]
pub(super) struct ClassMembers {
    /// Members who are not suspended; suspended members still count in `capacity`.
    pub(super) seated: BTreeSet<AccountId>,
    pub(super) capacity: u16,
}

/// Result of opening a slot.
pub(super) enum OpenResult {
    Opened,
    /// The slot was opened before; it may have ended since.
    AlreadyOpened,
    TimeConflict,
}

#[async_trait]
impl TaskHandler for SeriesSlotsHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let series_id = task.key.split(':').next().and_then(|id| id.parse().ok());
        let (Some(id), Ok(series_task)) = (series_id, serde_json::from_value(task.payload.clone())) else {
            return TaskOutcome::Abandon { error: "the task names no series".to_owned() };
        };
        into_outcome(self.run_task(task, id, series_task).await)
    }
}

impl SeriesSlotsHandler {
    async fn run_task(&self, task: &Task, id: SeriesId, series_task: SeriesTask) -> Result<(), TaskOutcome> {
        let Some(tracked) = self.load_series(task, id, series_task).await? else { return Ok(()) };
        self.withdraw_unplanned(task, &tracked).await?;
        let from = match series_task {
            SeriesTask::WithdrawUnplanned => return Ok(()),
            SeriesTask::OpenFrom { from } => from,
            // A later extension has reached another date and has set another timer.
            SeriesTask::ExtendHorizon { beyond } if tracked.series.extended_through != Some(beyond) => {
                return Ok(());
            }
            SeriesTask::ExtendHorizon { beyond } => beyond.saturating_add(jiff::Span::new().days(1)),
        };
        let reached = tracked.series.extended_through;
        let through = reached.into_iter().fold(horizon_after(tracked.today), Date::max);
        if let (SeriesTask::ExtendHorizon { beyond }, Some(at)) =
            (series_task, reached.and_then(next_extension_at))
            && through <= beyond
        {
            return Err(retry_at(at, "not due yet"));
        }
        let is_over =
            tracked.series.occurrences(from.max(tracked.today), through.saturating_add(AHEAD_MAX)).is_empty();
        if is_over && tracked.series.skipped.iter().all(|date| *date < tracked.today) {
            return Ok(());
        }
        let teacher: Account = self.0.load_aggregate(task, tracked.series.teacher).await?;
        match &teacher {
            Account::Erased { .. } => return self.end_series(task, &tracked).await,
            Account::Registered(person) if person.suspended => {
                return Err(retry_at(tracked.now + SUSPENDED_RETRY_DELAY, "the teacher is suspended"));
            }
            Account::Registered(_) | Account::Unregistered => {}
        }
        match self.load_members(task, &tracked.series).await? {
            Some(members) => self.open_slots(task, &tracked, (from, through), &members).await,
            None => self.end_series(task, &tracked).await,
        }
    }

    /// Opens the new slots from a date on, and retries the dates that were skipped because of a conflict.
    async fn open_slots(
        &self,
        task: &Task,
        tracked: &TrackedSeries,
        (from, through): (Date, Date),
        members: &ClassMembers,
    ) -> Result<(), TaskOutcome> {
        let series = &tracked.series;
        let is_wanted = |date: Date| {
            date >= from
                || series.extended_through.is_none_or(|reached| date > reached)
                || series.skipped.contains(&date)
        };
        let (mut opened, mut skipped) = (0, Vec::new());
        for occurrence in series.occurrences(tracked.today, through) {
            let date = occurrence.local.date();
            if occurrence.period.starts_at <= tracked.now || !is_wanted(date) {
                continue;
            }
            match self.open_slot(task, tracked, &occurrence, members).await? {
                OpenResult::Opened => opened += 1,
                OpenResult::AlreadyOpened => {}
                OpenResult::TimeConflict => skipped.push(date),
            }
        }
        skipped.dedup();
        let record = SeriesCommand::RecordExtension { through, opened, skipped };
        let context = CommandContext {
            // The record needs the version that was read; after a change of the series the task runs again.
            expected_versions: vec![tracked.version],
            ..CommandContext::of_process(NAME, task.cause, task.correlation_id, "record")
        };
        self.0.dispatch_with_context(task, vec![Command::Series(tracked.id, record)], context).await?;
        Ok(())
    }

    /// Loads the present series, and the slots that its earlier rules planned.
    async fn load_series(
        &self,
        task: &Task,
        id: SeriesId,
        series_task: SeriesTask,
    ) -> Result<Option<TrackedSeries>, TaskOutcome> {
        let events = self.0.read_events(task, &StreamId::of::<AvailabilitySeries>(id)).await?;
        let now = self.0.clock.now();
        let version = events.last().map_or(StreamVersion::START, |last| last.sequence);
        let mut series = AvailabilitySeries::default();
        let mut formerly_planned = BTreeSet::new();
        for recorded in events {
            let Event::Series(event) = recorded.event else { continue };
            let narrows = match &event {
                SeriesEvent::SeriesChanged { .. }
                | SeriesEvent::SeriesExceptionAdded { .. }
                | SeriesEvent::SeriesEnded { .. } => true,
                SeriesEvent::SeriesDefined { .. } | SeriesEvent::SeriesExtended { .. } => false,
            };
            if let (true, Some(before)) = (narrows, series.state()) {
                // Slots may be open up to this date, also by a task that ran at the same time.
                let at = match series_task {
                    SeriesTask::ExtendHorizon { .. } => recorded.recorded_at,
                    SeriesTask::OpenFrom { .. } | SeriesTask::WithdrawUnplanned => {
                        recorded.recorded_at.max(now)
                    }
                };
                let through =
                    before.extended_through.into_iter().fold(horizon_after(before.today(at)), Date::max);
                let named = before.occurrences(before.today(now), through);
                formerly_planned.extend(named.iter().map(|occurrence| occurrence.slot_id(id)));
            }
            series.apply(event);
        }
        let Some(series) = series.state().cloned() else { return Ok(None) };
        let today = series.today(now);
        Ok(Some(TrackedSeries { id, version, formerly_planned, now, today, series }))
    }

    /// Ends a series whose teacher is erased or whose class is closed.
    async fn end_series(&self, task: &Task, tracked: &TrackedSeries) -> Result<(), TaskOutcome> {
        let end = SeriesCommand::EndSeries { by: Initiator::System, from: tracked.today };
        let end = vec![Command::Series(tracked.id, end)];
        match self.0.dispatch_all(task, NAME, end, (task.cause, "end")).await? {
            DispatchResult::Committed | DispatchResult::Refused(_) => Ok(()),
        }
    }

    /// Loads the members of the series' class; `None` if the class is closed or has another teacher.
    async fn load_members(
        &self,
        task: &Task,
        series: &SeriesState,
    ) -> Result<Option<ClassMembers>, TaskOutcome> {
        let Some(class_id) = series.class_id else { return Ok(Some(ClassMembers::default())) };
        let class: Class = self.0.load_aggregate(task, class_id).await?;
        let open = class.created().filter(|class| !class.closed && class.teacher == series.teacher);
        let Some(class) = open else { return Ok(None) };
        let mut seated = BTreeSet::new();
        for student in &class.students {
            if !self.0.is_suspended(task, *student).await? {
                seated.insert(*student);
            }
        }
        Ok(Some(ClassMembers { seated, capacity: class.size() }))
    }
}

fn retry_at(at: Timestamp, why: &str) -> TaskOutcome {
    TaskOutcome::RetryAt { at, error: why.to_owned(), outcome_unknown: false }
}
