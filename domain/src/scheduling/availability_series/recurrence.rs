//! Recurrence rule with its first local time and its zone, expanded into local times.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::local_time::instant_of;
use super::recurrence_dates::local_times;
use super::recurrence_rule::{InvalidRule, RULE_LIMIT, RecurrenceError, RecurrenceRule, Until};
use crate::accounts::TimeZoneName;

/// Maximum number of occurrences in one result.
pub const OCCURRENCES_MAX: usize = 500;
/// Years in which a series may start.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;
/// Longest gap of a zone, in days: a zone that crosses the date line omits a day.
const GAP_DAYS: i32 = 2;

/// Parsed rule, with its first local time (DTSTART) and its zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrence {
    text: String,
    start: DateTime,
    zone: TimeZoneName,
    rule: RecurrenceRule,
}

impl Recurrence {
    /// Parses a rule without DTSTART: days, weeks, months or years; COUNT up to 1000; UNTIL as a date (that
    /// day too), a local time, or a time in UTC.
    ///
    /// # Errors
    /// [`RecurrenceError`] with the part that is unknown, invalid, or not allowed beside another one.
    pub fn parse(rrule: &str, start: DateTime, zone: &TimeZoneName) -> Result<Self, RecurrenceError> {
        if rrule.chars().count() > RULE_LIMIT {
            return Err(RecurrenceError::new("RRULE", InvalidRule::TooLong));
        }
        let upper = rrule.trim().to_ascii_uppercase();
        let text = upper.strip_prefix("RRULE:").unwrap_or(&upper).to_owned();
        let rule = RecurrenceRule::parse(&text)?;
        if !YEARS.contains(&start.year()) {
            let (min, max) = (i32::from(*YEARS.start()), i32::from(*YEARS.end()));
            return Err(RecurrenceError::new("DTSTART", InvalidRule::OutOfRange { min, max }));
        }
        let recurrence = Self { text, start, zone: zone.clone(), rule };
        if recurrence.is_after_end(start) {
            return Err(RecurrenceError::new("UNTIL", InvalidRule::EndsBeforeStart));
        }
        Ok(recurrence)
    }

    /// Returns the rule in its stored form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the local times on a span of days, both included, in order; at most 500.
    ///
    /// A time that the clocks skip lies behind the gap. If the rule names that instant too, it counts once.
    pub fn between(&self, from: Date, through: Date) -> Vec<DateTime> {
        let mut found = Vec::new();
        let mut left = self.rule.count.unwrap_or(i32::MAX);
        let mut latest: Vec<(Date, Timestamp)> = Vec::new();
        for local in local_times(&self.rule, self.start, through) {
            if left == 0 || self.is_after_end(local) || found.len() == OCCURRENCES_MAX {
                break;
            }
            let day = local.date();
            latest.retain(|(earlier, _)| earlier.saturating_add(jiff::Span::new().days(GAP_DAYS)) >= day);
            if let Some(instant) = instant_of(local, &self.zone) {
                if latest.iter().any(|(_, known)| *known == instant) {
                    continue;
                }
                latest.push((day, instant));
            }
            left -= 1;
            if day >= from {
                found.push(local);
            }
        }
        found
    }

    fn is_after_end(&self, local: DateTime) -> bool {
        match self.rule.until {
            None => false,
            Some(Until::Local(until)) => local > until,
            Some(Until::Instant(until)) => instant_of(local, &self.zone).is_some_and(|at| at > until),
        }
    }
}
