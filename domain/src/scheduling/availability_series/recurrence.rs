//! A recurrence rule in local time: which civil times it names.
//!
//! The rule is expanded without any zone: `rrule` gets the civil times dressed as UTC and gives civil
//! times back. Where they lie in the world is decided in `local_time.rs`, by one library.

use chrono::{Datelike, TimeZone, Timelike};
use jiff::civil::{Date, DateTime};
use rrule::{RRule, RRuleSet, Tz, Unvalidated, Validated};

/// The longest rule, in characters.
const RULE_LIMIT: usize = 300;
/// The most that COUNT and INTERVAL may say.
const COUNT_MAX: u32 = 1_000;
const INTERVAL_MAX: u32 = 1_000;
/// The most occurrences that one question is answered with.
pub const OCCURRENCES_MAX: usize = 500;
/// Years in which a series may begin.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// A rule of RFC 5545 that was understood, and the civil time from which it counts (DTSTART).
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrence {
    text: String,
    start: DateTime,
    rule: RRule<Validated>,
}

/// Why a rule is not taken.
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
    /// The code of the field's problem.
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
    /// Understands a rule without DTSTART: days, weeks, months or years; COUNT up to 1000; UNTIL as a
    /// date (that day too) or a local time.
    ///
    /// # Errors
    /// The rule is none, or says what lessons can not do.
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
            parts.push(format!("{name}={}", understood(name, value)?));
        }
        if !seen.contains(&"FREQ") || (seen.contains(&"COUNT") && seen.contains(&"UNTIL")) {
            return Err(RecurrenceError::Malformed);
        }
        let rule: RRule<Unvalidated> = parts.join(";").parse().map_err(|_| RecurrenceError::Malformed)?;
        let floating = floating(start).ok_or(RecurrenceError::OutOfRange)?;
        let rule = rule.validate(floating).map_err(|_| RecurrenceError::Malformed)?;
        Ok(Self { text, start, rule })
    }

    /// The rule as it is kept.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The civil times of a span of days, both included, in order; 500 at most.
    pub fn between(&self, from: Date, through: Date) -> Vec<DateTime> {
        self.all()
            .skip_while(|time| time.date() < from)
            .take_while(|time| time.date() <= through)
            .take(OCCURRENCES_MAX)
            .collect()
    }

    /// Every civil time, lazily; `rrule` gives up after 100,000 empty steps, which are milliseconds.
    fn all(&self) -> impl Iterator<Item = DateTime> {
        let start = floating(self.start);
        start
            .into_iter()
            .flat_map(|start| RRuleSet::new(start).rrule(self.rule.clone()).limit().into_iter())
            .map_while(|time| civil(&time))
    }
}

/// A part as the library takes it.
fn understood(name: &str, value: &str) -> Result<String, RecurrenceError> {
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

/// A local end, dressed as UTC like the start.
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

/// The civil time as if it were UTC.
fn floating(time: DateTime) -> Option<chrono::DateTime<Tz>> {
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
