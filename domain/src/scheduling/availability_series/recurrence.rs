//! Recurrence rule in local time, and its occurrences.
//!
//! The rule is expanded without a zone: `rrule` gets civil times labelled as UTC and returns civil
//! times. `local_time.rs` converts them to instants.

use chrono::{Datelike, TimeZone, Timelike};
use jiff::civil::{Date, DateTime};
use rrule::{RRule, RRuleSet, Tz, Unvalidated, Validated};

/// Maximum length of a rule, in characters.
const RULE_LIMIT: usize = 300;
/// Maximum of COUNT and INTERVAL.
const COUNT_MAX: u32 = 1_000;
const INTERVAL_MAX: u32 = 1_000;
/// Maximum number of occurrences in one result.
pub const OCCURRENCES_MAX: usize = 500;
/// Years in which a series may start.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// Parsed rule of RFC 5545, with its first civil time (DTSTART).
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrence {
    text: String,
    start: DateTime,
    rule: RRule<Validated>,
}

/// Reason why a rule is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecurrenceError {
    #[error("the rule is too long")]
    TooLong,
    #[error("the rule is not one of RFC 5545")]
    Malformed,
    #[error("the rule has a part, or a frequency, that lessons do not have")]
    Unsupported,
    #[error("a number of the rule is too large")]
    OutOfRange,
    #[error("UNTIL is local here, like the start")]
    UntilNotLocal,
}

impl RecurrenceError {
    /// Returns the code of the field problem.
    pub fn code(self) -> &'static str {
        match self {
            RecurrenceError::TooLong => "too_long",
            RecurrenceError::Malformed => "malformed",
            RecurrenceError::Unsupported => "unsupported",
            RecurrenceError::OutOfRange => "out_of_range",
            RecurrenceError::UntilNotLocal => "until_not_local",
        }
    }
}

impl Recurrence {
    /// Parses a rule without DTSTART: days, weeks, months or years; COUNT up to 1000; UNTIL as a
    /// date (that day too) or a local time.
    ///
    /// # Errors
    /// [`RuleError`] if the text is no rule, or has a part that lessons do not support.
    pub fn parse(rrule: &str, start: DateTime) -> Result<Self, RecurrenceError> {
        if rrule.len() > RULE_LIMIT {
            return Err(RecurrenceError::TooLong);
        }
        let upper = rrule.trim().to_ascii_uppercase();
        let text = upper.strip_prefix("RRULE:").unwrap_or(&upper).to_owned();
        let mut seen = Vec::new();
        let mut parts = Vec::new();
        for part in text.split(';') {
            let (name, value) = part.split_once('=').ok_or(RecurrenceError::Malformed)?;
            if seen.contains(&name) {
                return Err(RecurrenceError::Malformed);
            }
            seen.push(name);
            parts.push(format!("{name}={}", parse_rrule(name, value)?));
        }
        if !seen.contains(&"FREQ") || (seen.contains(&"COUNT") && seen.contains(&"UNTIL")) {
            return Err(RecurrenceError::Malformed);
        }
        let rule: RRule<Unvalidated> = parts.join(";").parse().map_err(|_| RecurrenceError::Malformed)?;
        let as_floating = as_floating(start).ok_or(RecurrenceError::OutOfRange)?;
        let rule = rule.validate(as_floating).map_err(|_| RecurrenceError::Malformed)?;
        Ok(Self { text, start, rule })
    }

    /// Returns the rule in its stored form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the civil times on a span of days, both included, in order; at most 500.
    pub fn between(&self, from: Date, through: Date) -> Vec<DateTime> {
        self.all()
            .skip_while(|time| time.date() < from)
            .take_while(|time| time.date() <= through)
            .take(OCCURRENCES_MAX)
            .collect()
    }

    /// Iterates over all civil times lazily. `rrule` stops after 100,000 empty steps, which take milliseconds.
    fn all(&self) -> impl Iterator<Item = DateTime> {
        let start = as_floating(self.start);
        start
            .into_iter()
            .flat_map(|start| RRuleSet::new(start).rrule(self.rule.clone()).limit().into_iter())
            .map_while(|time| civil(&time))
    }
}

/// Part of a rule in the form of the library.
fn parse_rrule(name: &str, value: &str) -> Result<String, RecurrenceError> {
    let at_most = |most: u32| match value.parse::<u32>() {
        Ok(number) if (1..=most).contains(&number) => Ok(value.to_owned()),
        Ok(_) => Err(RecurrenceError::OutOfRange),
        Err(_) => Err(RecurrenceError::Malformed),
    };
    match name {
        "FREQ" => match value {
            "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY" => Ok(value.to_owned()),
            "HOURLY" | "MINUTELY" | "SECONDLY" => Err(RecurrenceError::Unsupported),
            _ => Err(RecurrenceError::Malformed),
        },
        "COUNT" => at_most(COUNT_MAX),
        "INTERVAL" => at_most(INTERVAL_MAX),
        "UNTIL" => until(value),
        "BYDAY" | "BYMONTHDAY" | "BYMONTH" | "BYYEARDAY" | "BYWEEKNO" | "BYSETPOS" | "BYHOUR"
        | "BYMINUTE" | "WKST" => Ok(value.to_owned()),
        "BYSECOND" | "BYEASTER" => Err(RecurrenceError::Unsupported),
        _ => Err(RecurrenceError::Malformed),
    }
}

/// Local end, labelled as UTC like the start.
fn until(value: &str) -> Result<String, RecurrenceError> {
    if value.ends_with('Z') {
        return Err(RecurrenceError::UntilNotLocal);
    }
    let is_digits = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    match value.split_once('T') {
        None if is_digits(value, 8) => Ok(format!("{value}T235959Z")),
        Some((date, time)) if is_digits(date, 8) && is_digits(time, 6) => Ok(format!("{value}Z")),
        None | Some(_) => Err(RecurrenceError::Malformed),
    }
}

/// Returns the civil time labelled as UTC.
fn as_floating(time: DateTime) -> Option<chrono::DateTime<Tz>> {
    if !YEARS.contains(&time.year()) {
        return None;
    }
    let part = |number: i8| u32::try_from(number).ok();
    let (month, day) = (part(time.month())?, part(time.day())?);
    let (hour, minute) = (part(time.hour())?, part(time.minute())?);
    Tz::UTC.with_ymd_and_hms(i32::from(time.year()), month, day, hour, minute, part(time.second())?).single()
}

fn civil(time: &chrono::DateTime<Tz>) -> Option<DateTime> {
    let part = |number: u32| i8::try_from(number).ok();
    let (month, day) = (part(time.month())?, part(time.day())?);
    let (hour, minute) = (part(time.hour())?, part(time.minute())?);
    let year = i16::try_from(time.year()).ok()?;
    DateTime::new(year, month, day, hour, minute, part(time.second())?, 0).ok()
}
