//! Does the tasks of the series: withdraws what is not named any more, opens what is, records how far.

use std::collections::BTreeSet;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::Account;
use domain::scheduling::{
    AHEAD_MAX, Agent, AvailabilitySeries, Class, SeriesCommand, SeriesEvent, SeriesState,
};
use domain::{AccountId, Command, Context, Event, SeriesId, SlotId, StreamId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use projection_runtime::{Outcome, Task, TaskHandler};

use super::slots::Opening;
use super::{Errand, KIND, NAME, extension_due, horizon};
use crate::acting::{Acting, Decided, outcome};

/// How long to wait for a teacher who is suspended.
const SUSPENDED_PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// Does the tasks of [`super::SeriesKeeper`].
#[derive(Clone)]
pub struct SeriesHandler(pub Acting);

/// A series as a task finds it.
pub(super) struct Found {
    pub(super) id: SeriesId,
    pub(super) series: SeriesState,
    version: u64,
    /// Slots that its earlier rules named, as far as they may have been opened.
    pub(super) formerly: BTreeSet<SlotId>,
    now: Timestamp,
    pub(super) today: Date,
}

/// Whose seats are booked from the start.
#[derive(Default)]
pub(super) struct Members {
    /// Those who are suspended sit nowhere until they are back, and keep their place all the same.
    pub(super) seated: BTreeSet<AccountId>,
    pub(super) places: u16,
}

#[async_trait]
impl TaskHandler for SeriesHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> Outcome {
        let series_id = task.key.split(':').next().and_then(|id| id.parse().ok());
        let (Some(id), Ok(errand)) = (series_id, serde_json::from_value(task.payload.clone())) else {
            return Outcome::Abandon { error: "the task names no series".to_owned() };
        };
        outcome(self.keep(task, id, errand).await)
    }
}

impl SeriesHandler {
    async fn keep(&self, task: &Task, id: SeriesId, errand: Errand) -> Result<(), Outcome> {
        let Some(found) = self.find(task, id, errand).await? else { return Ok(()) };
        self.withdraw(task, &found).await?;
        let from = match errand {
            Errand::Clear => return Ok(()),
            Errand::Follow { from } => from,
            // Another extension has come further, and has a timer of its own.
            Errand::Extend { beyond } if found.series.extended_through != Some(beyond) => return Ok(()),
            Errand::Extend { beyond } => beyond.saturating_add(jiff::Span::new().days(1)),
        };
        let reached = found.series.extended_through;
        let through = reached.into_iter().fold(horizon(found.today), Date::max);
        if let (Errand::Extend { beyond }, Some(at)) = (errand, reached.and_then(extension_due))
            && through <= beyond
        {
            return Err(wait_until(at, "not due yet"));
        }
        let is_over =
            found.series.occurrences(from.max(found.today), through.saturating_add(AHEAD_MAX)).is_empty();
        if is_over && found.series.skipped.iter().all(|date| *date < found.today) {
            return Ok(());
        }
        let teacher: Account = self.0.fold(task, found.series.teacher).await?;
        match &teacher {
            Account::Erased { .. } => return self.end(task, &found).await,
            Account::Registered(person) if person.suspended => {
                return Err(wait_until(found.now + SUSPENDED_PAUSE, "the teacher is suspended"));
            }
            Account::Registered(_) | Account::Unregistered => {}
        }
        match self.members(task, &found.series).await? {
            Some(members) => self.extend(task, &found, (from, through), &members).await,
            None => self.end(task, &found).await,
        }
    }

    /// Opens what is new from a date on, and tries again what something stood in the way of.
    async fn extend(
        &self,
        task: &Task,
        found: &Found,
        (from, through): (Date, Date),
        members: &Members,
    ) -> Result<(), Outcome> {
        let series = &found.series;
        let is_wanted = |date: Date| {
            date >= from
                || series.extended_through.is_none_or(|reached| date > reached)
                || series.skipped.contains(&date)
        };
        let (mut opened, mut skipped) = (0, Vec::new());
        for occurrence in series.occurrences(found.today, through) {
            let date = occurrence.local.date();
            if occurrence.period.starts_at <= found.now || !is_wanted(date) {
                continue;
            }
            match self.open(task, found, &occurrence, members).await? {
                Opening::Opened => opened += 1,
                Opening::StandsOpen => {}
                Opening::InTheWay => skipped.push(date),
            }
        }
        skipped.dedup();
        let record = SeriesCommand::RecordExtension { through, opened, skipped };
        let context = Context {
            // By the rules that it was opened by: changed meanwhile, all is looked at again.
            expected_version: Some(found.version),
            ..Context::of_process(NAME, task.cause, task.correlation_id, "record")
        };
        self.0.issue(task, vec![Command::Series(found.id, record)], context).await?;
        Ok(())
    }

    /// The series now, and what it was before.
    async fn find(&self, task: &Task, id: SeriesId, errand: Errand) -> Result<Option<Found>, Outcome> {
        let events = self.0.events(task, &StreamId::of::<AvailabilitySeries>(id)).await?;
        let now = self.0.clock.now();
        let version = events.last().map_or(0, |last| last.sequence);
        let mut series = AvailabilitySeries::default();
        let mut formerly = BTreeSet::new();
        for recorded in events {
            let Event::Series(event) = recorded.event else { continue };
            let narrows = match &event {
                SeriesEvent::SeriesChanged { .. }
                | SeriesEvent::SeriesExceptionAdded { .. }
                | SeriesEvent::SeriesEnded { .. } => true,
                SeriesEvent::SeriesDefined { .. } | SeriesEvent::SeriesExtended { .. } => false,
            };
            if let (true, Some(before)) = (narrows, series.state()) {
                // So far slots may have been opened, also by a task that was at work just then.
                let at = match errand {
                    Errand::Extend { .. } => recorded.recorded_at,
                    Errand::Follow { .. } | Errand::Clear => recorded.recorded_at.max(now),
                };
                let through = before.extended_through.into_iter().fold(horizon(before.today(at)), Date::max);
                let named = before.occurrences(before.today(now), through);
                formerly.extend(named.iter().map(|occurrence| occurrence.slot_id(id)));
            }
            series.apply(event);
        }
        let Some(series) = series.state().cloned() else { return Ok(None) };
        let today = series.today(now);
        Ok(Some(Found { id, version, formerly, now, today, series }))
    }

    /// Nobody teaches it, or its class is closed.
    async fn end(&self, task: &Task, found: &Found) -> Result<(), Outcome> {
        let end = SeriesCommand::EndSeries { by: Agent::System, from: found.today };
        let end = vec![Command::Series(found.id, end)];
        match self.0.together(task, NAME, end, (task.cause, "end")).await? {
            Decided::Committed | Decided::Refused(_) => Ok(()),
        }
    }

    /// Of the class; `None` when it is not there any more.
    async fn members(&self, task: &Task, series: &SeriesState) -> Result<Option<Members>, Outcome> {
        let Some(class_id) = series.class_id else { return Ok(Some(Members::default())) };
        let class: Class = self.0.fold(task, class_id).await?;
        let open = class.group().filter(|group| !group.closed && group.teacher == series.teacher);
        let Some(group) = open else { return Ok(None) };
        let mut seated = BTreeSet::new();
        for student in &group.students {
            if !self.0.is_suspended(task, *student).await? {
                seated.insert(*student);
            }
        }
        Ok(Some(Members { seated, places: group.size() }))
    }
}

fn wait_until(at: Timestamp, why: &str) -> Outcome {
    Outcome::RetryAt { at, error: why.to_owned(), outcome_unknown: false }
}
