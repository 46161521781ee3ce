//! Decides commands to a series.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::availability_series::{AvailabilitySeries, SeriesRule, SeriesState};
use super::commands::{NewSeries, SeriesChange, SeriesCommand};
use super::error::SeriesError;
use super::events::SeriesEvent;
use super::local_time::{instant_of, local_date};
use super::recurrence::Recurrence;
use crate::decider::{Decider, Decision};
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::scheduling::limits::AHEAD_MAX;
use crate::scheduling::terms::{Initiator, SlotTerms, is_offered_duration};

impl Decider for AvailabilitySeries {
    const SNAPSHOT_VERSION: i32 = 2;

    fn decide(&self, command: &SeriesCommand, now: Timestamp) -> Decision<AvailabilitySeries> {
        match (self, command) {
            (AvailabilitySeries::Undefined, SeriesCommand::DefineSeries(new)) => define(new, now),
            (AvailabilitySeries::Undefined, _) => Err(SeriesError::NotFound),
            (AvailabilitySeries::Defined(_), SeriesCommand::DefineSeries(_)) => {
                Err(SeriesError::AlreadyDefined)
            }
            (AvailabilitySeries::Defined(series), SeriesCommand::ChangeSeries { by, from, change }) => {
                series.owned_by(*by)?.change_from(*from, change, now)
            }
            (AvailabilitySeries::Defined(series), SeriesCommand::AddException { by, date }) => {
                series.owned_by(*by)?.except(*date, now)
            }
            (AvailabilitySeries::Defined(series), SeriesCommand::EndSeries { by, from }) => {
                series.end(*by, *from, now)
            }
            (
                AvailabilitySeries::Defined(series),
                SeriesCommand::RecordExtension { through, opened, skipped },
            ) => Ok(series.extend(*through, *opened, skipped)),
        }
    }
}

impl NewSeries {
    /// Returns all problems, by the field names of the API.
    pub fn problems(&self, now: Timestamp) -> Vec<FieldProblem> {
        let series = SeriesState::of(self);
        let today = local_date(now, &self.zone);
        let mut problems = Vec::new();
        problems.extend(in_reach("local_start", self.local_start.date(), today));
        if let Some(rule) = series.rules.first() {
            problems.extend(series.problems_of(rule, today));
        }
        problems
    }
}

fn define(new: &NewSeries, now: Timestamp) -> Decision<AvailabilitySeries> {
    sound(new.problems(now))?;
    Ok(vec![SeriesEvent::SeriesDefined {
        teacher: new.teacher,
        rrule: stored_rule(&new.rrule, new.local_start, &new.zone),
        local_start: new.local_start,
        zone: new.zone.clone(),
        duration_minutes: new.duration_minutes,
        template: new.template.clone(),
        class_id: new.class_id,
    }])
}

impl SeriesState {
    fn owned_by(&self, by: AccountId) -> Result<&Self, SeriesError> {
        if self.teacher == by { Ok(self) } else { Err(SeriesError::NotFound) }
    }

    fn change_from(&self, from: Date, change: &SeriesChange, now: Timestamp) -> Decision<AvailabilitySeries> {
        if self.is_ended_on(from) {
            return Err(SeriesError::Ended);
        }
        let today = self.today(now);
        sound(in_reach("from", from, today))?;
        let Some(held) = self.rule_on(from) else { return Ok(vec![]) };
        let local_start = change.local_start.filter(|new| *new != held.local_start);
        let new_zone = change.zone.as_ref().unwrap_or(&held.zone);
        let new_start = local_start.unwrap_or(held.local_start);
        let rrule = change.rrule.as_deref().map(|new| stored_rule(new, new_start, new_zone));
        let rrule = rrule.filter(|new| *new != held.rrule);
        let zone = change.zone.clone().filter(|new| *new != held.zone);
        let duration_minutes = change.duration_minutes.filter(|new| *new != held.duration_minutes);
        let template = change.template.clone().filter(|new| *new != held.template);
        let moves = rrule.is_some() || local_start.is_some() || zone.is_some();
        if !moves && duration_minutes.is_none() && template.is_none() {
            return Ok(vec![]);
        }
        let event = SeriesEvent::SeriesChanged { from, rrule, local_start, zone, duration_minutes, template };
        let changed = self.after([event.clone()]);
        let mut problems = Vec::new();
        if let Some(start) = local_start {
            if start.date() < from {
                problems.push(FieldProblem::of("local_start", "before_from"));
            }
            problems.extend(in_reach("local_start", start.date(), today));
        }
        if let Some(rule) = changed.rules.last() {
            problems.extend(changed.problems_of(rule, from));
        }
        sound(problems)?;
        Ok(vec![event])
    }

    fn except(&self, date: Date, now: Timestamp) -> Decision<AvailabilitySeries> {
        if self.exceptions.contains(&date) {
            return Ok(vec![]);
        }
        if self.is_ended_on(date) {
            return Err(SeriesError::Ended);
        }
        let today = self.today(now);
        sound(in_reach("date", date, today))?;
        if self.occurrences(date, date).is_empty() {
            return Err(SeriesError::InvalidFields(vec![FieldProblem::of("date", "no_occurrence")]));
        }
        Ok(vec![SeriesEvent::SeriesExceptionAdded { date }])
    }

    /// Ends the series. The system may end it at any date; a teacher cannot end it in the past.
    fn end(&self, by: Initiator, from: Date, now: Timestamp) -> Decision<AvailabilitySeries> {
        let today = self.today(now);
        let from = match by {
            Initiator::System => from.max(today),
            Initiator::Person(by) => {
                self.owned_by(by)?;
                sound(in_reach("from", from, today))?;
                from
            }
        };
        if self.is_ended_on(from) {
            return Ok(vec![]);
        }
        Ok(vec![SeriesEvent::SeriesEnded { from }])
    }

    /// Moves the horizon, which only grows. The event records opened and skipped dates.
    fn extend(&self, through: Date, opened: u32, skipped: &[Date]) -> Vec<SeriesEvent> {
        let is_news = match self.extended_through {
            Some(reached) if through < reached => false,
            Some(reached) if through == reached => {
                opened > 0 || skipped.iter().copied().collect::<BTreeSet<_>>() != self.skipped
            }
            Some(_) | None => true,
        };
        if is_news {
            vec![SeriesEvent::SeriesExtended { through, opened, skipped: skipped.to_vec() }]
        } else {
            vec![]
        }
    }

    /// Returns the problems of a rule that is to hold from a date on.
    fn problems_of(&self, rule: &SeriesRule, from: Date) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        match Recurrence::parse(&rule.rrule, rule.local_start, &rule.zone) {
            Err(error) => problems.push(error.problem("rrule")),
            Ok(_) if self.occurrences(from, far_from(from)).is_empty() => {
                problems.push(FieldProblem::of("rrule", "no_occurrence"));
            }
            Ok(_) => {}
        }
        if rule.local_start.second() != 0 || rule.local_start.subsec_nanosecond() != 0 {
            problems.push(FieldProblem::of("local_start", "malformed"));
        }
        if !is_offered_duration(i64::from(rule.duration_minutes)) {
            problems.push(FieldProblem::of("duration_minutes", "unknown"));
        }
        if instant_of(rule.local_start, &rule.zone).is_none() {
            problems.push(FieldProblem::of("time_zone", "unknown"));
        }
        problems.extend(self.problems_of_terms(&rule.template));
        problems
    }

    fn problems_of_terms(&self, terms: &SlotTerms) -> Vec<FieldProblem> {
        let mut problems = terms.problems();
        if terms.place.as_ref().is_some_and(|place| place.subject() != self.teacher) {
            problems.push(FieldProblem::of("place", "not_own"));
        }
        problems
    }
}

fn sound(problems: Vec<FieldProblem>) -> Result<(), SeriesError> {
    if problems.is_empty() { Ok(()) } else { Err(SeriesError::InvalidFields(problems)) }
}

/// Checks that a date is neither past nor beyond the offering horizon.
fn in_reach(field: &str, date: Date, today: Date) -> Vec<FieldProblem> {
    if date < today {
        vec![FieldProblem::of(field, "in_past")]
    } else if date > far_from(today) {
        vec![FieldProblem::of(field, "out_of_range")]
    } else {
        Vec::new()
    }
}

/// Returns the last day of the offering horizon, seen from a day.
fn far_from(date: Date) -> Date {
    date.saturating_add(AHEAD_MAX)
}

/// Returns the rule in its stored form. The caller refuses an invalid rule.
fn stored_rule(rrule: &str, start: jiff::civil::DateTime, zone: &crate::accounts::TimeZoneName) -> String {
    Recurrence::parse(rrule, start, zone).map_or_else(|_| rrule.to_owned(), |rule| rule.as_str().to_owned())
}
