//! Does the tasks of the series: withdraws what is not named any more, opens what is, records how far.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::Account;
use domain::scheduling::{
    AHEAD_MAX, Agent, AvailabilitySeries, Class, NewSlot, Occurrence, SeriesCommand, SeriesEvent,
    SeriesState, SlotCommand, local_date, tzdb_version,
};
use domain::{
    AccountId, BookingId, Clock, Command, Context, Decider, Dispatch, DispatchError, Event, EventLog,
    LogError, Recorded, SeriesId, SlotId, StreamId, folded,
};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Errand, KIND, NAME, extension_due, horizon};
use crate::process::{Outcome, Task, TaskHandler};
use crate::stream::chain;

/// How long to wait when our own side is in trouble, per attempt and at most.
const PAUSE_SECONDS: i64 = 2;
const LONGEST_PAUSE_SECONDS: i64 = 60;
/// How long to wait for a teacher who is suspended.
const SUSPENDED_PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// Does the tasks of [`super::SeriesKeeper`].
#[derive(Clone)]
pub struct SeriesHandler {
    pub log: Arc<dyn EventLog>,
    pub dispatch: Arc<dyn Dispatch>,
    pub clock: Arc<dyn Clock>,
}

/// A series as a task finds it.
struct Found {
    id: SeriesId,
    series: SeriesState,
    version: u64,
    /// Slots that its earlier rules named, as far as they may have been opened.
    formerly: BTreeSet<SlotId>,
    now: Timestamp,
    today: Date,
}

/// Why a task can not be finished now.
enum Trouble {
    Log(LogError),
    Dispatch(DispatchError),
}

impl From<LogError> for Trouble {
    fn from(error: LogError) -> Self {
        Trouble::Log(error)
    }
}

impl From<DispatchError> for Trouble {
    fn from(error: DispatchError) -> Self {
        Trouble::Dispatch(error)
    }
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
        match self.keep(task, id, errand).await {
            Ok(outcome) => outcome,
            // Somebody changed the series meanwhile: what was opened by the old rules is looked at again.
            Err(Trouble::Dispatch(DispatchError::StaleVersion { .. })) => {
                self.later(task, "the series was changed meanwhile")
            }
            Err(Trouble::Log(error)) => {
                tracing::error!(task = %task.id, cause = chain(&error), "a series can not be read");
                self.later(task, "the series can not be read")
            }
            Err(Trouble::Dispatch(error)) => {
                tracing::error!(task = %task.id, cause = chain(&error), "a series could not be followed");
                self.later(task, "a command was not committed")
            }
        }
    }
}

impl SeriesHandler {
    async fn keep(&self, task: &Task, id: SeriesId, errand: Errand) -> Result<Outcome, Trouble> {
        let Some(found) = self.find(id, errand).await? else { return Ok(Outcome::Done) };
        self.withdraw(task, &found).await?;
        let from = match errand {
            Errand::Clear => return Ok(Outcome::Done),
            Errand::Follow { from } => from,
            // Another extension has come further, and has a timer of its own.
            Errand::Extend { beyond } if found.series.extended_through != Some(beyond) => {
                return Ok(Outcome::Done);
            }
            Errand::Extend { beyond } => beyond.saturating_add(jiff::Span::new().days(1)),
        };
        let reached = found.series.extended_through;
        let through = reached.into_iter().fold(horizon(found.today), Date::max);
        if let (Errand::Extend { beyond }, Some(at)) = (errand, reached.and_then(extension_due))
            && through <= beyond
        {
            return Ok(Outcome::RetryAt { at, error: "not due yet".to_owned(), outcome_unknown: false });
        }
        if found.series.occurrences(from.max(found.today), through.saturating_add(AHEAD_MAX)).is_empty() {
            return Ok(Outcome::Done);
        }
        let teacher: Account = self.folded(found.series.teacher).await?.0;
        match &teacher {
            Account::Erased { .. } => return self.end(task, &found).await,
            Account::Registered(person) if person.suspended => {
                let at = found.now + SUSPENDED_PAUSE;
                let error = "the teacher is suspended".to_owned();
                return Ok(Outcome::RetryAt { at, error, outcome_unknown: false });
            }
            Account::Registered(_) | Account::Unregistered => {}
        }
        let Some(students) = self.students(&found.series).await? else { return self.end(task, &found).await };
        let is_new = |date: Date| date >= from || reached.is_none_or(|reached| date > reached);
        let (mut opened, mut skipped) = (0, Vec::new());
        for occurrence in found.series.occurrences(found.today, through) {
            let date = occurrence.local.date();
            if occurrence.period.starts_at <= found.now || !is_new(date) {
                continue;
            }
            match self.open(task, &found, &occurrence, &students).await? {
                Opening::Opened => opened += 1,
                Opening::StandsOpen => {}
                Opening::InTheWay => skipped.push(date),
            }
        }
        skipped.dedup();
        let record = SeriesCommand::RecordExtension { through, opened, skipped };
        let mut context = self.context(task, "record");
        context.expected_version = Some(found.version);
        self.dispatch.dispatch(Command::Series(id, record), context).await?;
        Ok(Outcome::Done)
    }

    /// The series now, and what it was before.
    async fn find(&self, id: SeriesId, errand: Errand) -> Result<Option<Found>, Trouble> {
        let events = self.events::<AvailabilitySeries>(id).await?;
        let now = self.clock.now();
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
                let latest = horizon(local_date(at, &before.zone));
                let through = before.extended_through.into_iter().fold(latest, Date::max);
                let named = before.occurrences(local_date(now, &before.zone), through);
                formerly.extend(named.iter().map(|occurrence| occurrence.slot_id(id)));
            }
            series.apply(event);
        }
        let Some(series) = series.state().cloned() else { return Ok(None) };
        let today = local_date(now, &series.zone);
        Ok(Some(Found { id, version, formerly, now, today, series }))
    }

    /// Takes back what the series does not name any more. Where somebody is booked, the lesson stays.
    async fn withdraw(&self, task: &Task, found: &Found) -> Result<(), Trouble> {
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
            let command = SlotCommand::WithdrawSlot { by: Agent::System, reason: None };
            let context = self.context(task, &format!("withdraw:{slot_id}"));
            match self.dispatch.dispatch(Command::Slot(*slot_id, command), context).await {
                // Never opened, gone already, or booked.
                Ok(_) | Err(DispatchError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn open(
        &self,
        task: &Task,
        found: &Found,
        occurrence: &Occurrence<'_>,
        students: &BTreeSet<AccountId>,
    ) -> Result<Opening, Trouble> {
        let slot_id = occurrence.slot_id(found.id);
        let booking = |student: &AccountId| {
            (BookingId(Uuid::new_v5(&slot_id.uuid(), student.uuid().as_bytes())), *student)
        };
        let mut terms = occurrence.rule.template.clone();
        terms.capacity = terms.capacity.max(u16::try_from(students.len()).unwrap_or(u16::MAX));
        let slot = NewSlot {
            teacher: found.series.teacher,
            period: occurrence.period,
            zone: found.series.zone.clone(),
            tzdb: Some(tzdb_version().to_owned()),
            terms,
            series_id: Some(found.id),
            class_id: found.series.class_id,
            request_id: None,
            members: students.iter().map(booking).collect(),
        };
        let context = self.context(task, &format!("open:{slot_id}"));
        let command = Command::Slot(slot_id, SlotCommand::OpenSlot(Box::new(slot)));
        match self.dispatch.dispatch(command, context).await {
            Ok(_) => Ok(Opening::Opened),
            Err(DispatchError::Refused(refusal)) => match refusal.code {
                "slot_already_opened" => Ok(Opening::StandsOpen),
                "time_conflict" => Ok(Opening::InTheWay),
                code => {
                    tracing::warn!(task = %task.id, slot = %slot_id, code, "a slot of a series is not opened");
                    Ok(Opening::InTheWay)
                }
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Nobody teaches it, or its class is closed.
    async fn end(&self, task: &Task, found: &Found) -> Result<Outcome, Trouble> {
        let command = SeriesCommand::EndSeries { by: Agent::System, from: found.today };
        let command = Command::Series(found.id, command);
        self.dispatch.dispatch(command, self.context(task, "end")).await?;
        Ok(Outcome::Done)
    }

    /// Whose seats are booked from the start; `None` when the class is not there any more.
    async fn students(&self, series: &SeriesState) -> Result<Option<BTreeSet<AccountId>>, Trouble> {
        let Some(class_id) = series.class_id else { return Ok(Some(BTreeSet::new())) };
        let class: Class = self.folded(class_id).await?.0;
        let open = class.group().filter(|group| !group.closed && group.teacher == series.teacher);
        Ok(open.map(|group| group.students.clone()))
    }

    async fn folded<A: Decider<Event: TryFrom<Event>>>(
        &self,
        id: impl std::fmt::Display + Send,
    ) -> Result<(A, u64), LogError> {
        let events = self.events::<A>(id).await?;
        let version = events.last().map_or(0, |last| last.sequence);
        Ok((folded(events), version))
    }

    async fn events<A: Aggregate>(
        &self,
        id: impl std::fmt::Display + Send,
    ) -> Result<Vec<Recorded>, LogError> {
        let stream = StreamId::of::<A>(id);
        let sealed = self.log.read_stream(&stream, 0).await?;
        self.log.open(&sealed).await
    }

    fn context(&self, task: &Task, purpose: &str) -> Context {
        Context::of_process(NAME, task.cause, task.correlation_id, purpose)
    }

    fn later(&self, task: &Task, error: &str) -> Outcome {
        let seconds = (PAUSE_SECONDS * i64::from(task.attempt)).min(LONGEST_PAUSE_SECONDS);
        Outcome::RetryAt {
            at: self.clock.now() + SignedDuration::from_secs(seconds),
            error: error.to_owned(),
            // The commands' ids make a repetition harmless.
            outcome_unknown: true,
        }
    }
}

/// What became of an opening.
enum Opening {
    Opened,
    /// It was opened before, whatever became of it since.
    StandsOpen,
    InTheWay,
}
