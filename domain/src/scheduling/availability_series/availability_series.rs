//! State of a series: its rules by date, and the slots that follow from them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::commands::NewSeries;
use super::local_time::{instant_of, local_date};
use super::recurrence::{OCCURRENCES_MAX, Recurrence};
use crate::accounts::TimeZoneName;
use crate::ids::{AccountId, ClassId, SeriesId, SlotId};
use crate::scheduling::terms::{Period, SlotTerms};

/// Series: not yet defined, or defined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum AvailabilitySeries {
    #[default]
    Undefined,
    Defined(Box<SeriesState>),
}

/// Defined series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesState {
    pub teacher: AccountId,
    pub class_id: Option<ClassId>,
    /// Rules in order of time, at least one. Each holds from its date until the date of the next.
    pub rules: Vec<SeriesRule>,
    /// Number of changes.
    pub changes: u32,
    pub exceptions: BTreeSet<Date>,
    /// Local dates whose slot could not be opened at the last attempt.
    pub skipped: BTreeSet<Date>,
    /// First local date without a slot.
    pub ended_from: Option<Date>,
    /// Last local date up to which slots are open.
    pub extended_through: Option<Date>,
}

/// Rule that holds from a date on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesRule {
    /// 0 for the definition; each change adds 1.
    pub number: u32,
    pub from: Date,
    pub rrule: String,
    /// First occurrence (DTSTART) of the rule, with its time of day.
    pub local_start: DateTime,
    pub zone: TimeZoneName,
    pub duration_minutes: u16,
    pub template: SlotTerms,
}

/// Occurrence of the series.
#[derive(Clone, Debug, PartialEq)]
pub struct Occurrence<'a> {
    pub local: DateTime,
    pub period: Period,
    pub rule: &'a SeriesRule,
}

impl AvailabilitySeries {
    pub fn state(&self) -> Option<&SeriesState> {
        match self {
            AvailabilitySeries::Undefined => None,
            AvailabilitySeries::Defined(state) => Some(state),
        }
    }
}

impl SeriesState {
    /// Series at its definition.
    pub fn of(new: &NewSeries) -> Self {
        let rule = SeriesRule {
            number: 0,
            from: new.local_start.date(),
            rrule: new.rrule.clone(),
            local_start: new.local_start,
            zone: new.zone.clone(),
            duration_minutes: new.duration_minutes,
            template: new.template.clone(),
        };
        Self {
            teacher: new.teacher,
            class_id: new.class_id,
            rules: vec![rule],
            changes: 0,
            exceptions: BTreeSet::new(),
            skipped: BTreeSet::new(),
            ended_from: None,
            extended_through: None,
        }
    }

    /// Returns the rule that holds on a date; the first rule for earlier dates.
    pub fn rule_on(&self, date: Date) -> Option<&SeriesRule> {
        self.rules.iter().rev().find(|rule| rule.from <= date).or(self.rules.first())
    }

    /// Returns the local date of an instant, in the zone of the rule that holds then.
    pub fn today(&self, now: Timestamp) -> Date {
        let day = |rule: &SeriesRule| local_date(now, &rule.zone);
        let held = self.rules.iter().rev().find(|rule| rule.from <= day(rule)).or(self.rules.first());
        held.map_or(Date::MAX, day)
    }

    /// Returns whether the series has ended on or before this date.
    pub fn is_ended_on(&self, date: Date) -> bool {
        self.ended_from.is_some_and(|ended| ended <= date)
    }

    /// Returns the occurrences on a span of local days, both included; in order, at most 500.
    pub fn occurrences(&self, from: Date, through: Date) -> Vec<Occurrence<'_>> {
        let mut found = Vec::new();
        for (i, rule) in self.rules.iter().enumerate() {
            let next = self.rules.get(i + 1).map(|next| next.from);
            let end = next.into_iter().chain(self.ended_from).filter_map(|date| date.yesterday().ok());
            let through = end.fold(through, Date::min);
            let Ok(recurrence) = Recurrence::parse(&rule.rrule, rule.local_start, &rule.zone) else {
                continue;
            };
            for local in recurrence.between(from.max(rule.from), through) {
                if !self.exceptions.contains(&local.date()) {
                    found.extend(rule.occurrence(local));
                }
            }
        }
        found.truncate(OCCURRENCES_MAX);
        found
    }
}

impl SeriesRule {
    fn occurrence(&self, local: DateTime) -> Option<Occurrence<'_>> {
        let starts_at = instant_of(local, &self.zone)?;
        Some(Occurrence { local, period: Period::of_minutes(starts_at, self.duration_minutes)?, rule: self })
    }
}

impl Occurrence<'_> {
    /// Returns the slot id of this occurrence, which is derived and therefore the same for each attempt. A
    /// change of the series gives another id, because a withdrawn slot never opens again.
    pub fn slot_id(&self, series_id: SeriesId) -> SlotId {
        let name = match self.rule.number {
            0 => self.local.to_string(),
            number => format!("{}/{number}", self.local),
        };
        SlotId(Uuid::new_v5(&series_id.uuid(), name.as_bytes()))
    }
}
