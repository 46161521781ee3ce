//! Recurrence rule of RFC 5545: its parts, and which of them may stand together.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};

use crate::field_problem::FieldProblem;

/// Maximum length of a rule, in characters.
pub(super) const RULE_LIMIT: usize = 300;
/// Maximum of COUNT and INTERVAL.
const NUMBER_MAX: i32 = 1_000;

/// Parts of a rule. An empty list means that the part is absent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RecurrenceRule {
    pub frequency: Frequency,
    pub interval: i32,
    pub count: Option<i32>,
    pub until: Option<Until>,
    pub months: Vec<i16>,
    pub week_numbers: Vec<i16>,
    pub year_days: Vec<i16>,
    pub month_days: Vec<i16>,
    pub week_days: Vec<RuleDay>,
    pub hours: Vec<i16>,
    pub minutes: Vec<i16>,
    pub positions: Vec<i16>,
    pub week_start: Weekday,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// Day of BYDAY: each such day, or the one with this number, from the end if it is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RuleDay {
    pub number: Option<i16>,
    pub weekday: Weekday,
}

/// End of a rule, included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    Local(DateTime),
    Instant(Timestamp),
}

/// Reason why a rule is invalid, with the part that causes it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the part {part} of the rule is invalid: {reason:?}")]
pub struct RecurrenceError {
    part: String,
    reason: InvalidRule,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum InvalidRule {
    TooLong,
    Malformed,
    Unsupported,
    OutOfRange {
        min: i32,
        max: i32,
    },
    /// The part must not stand beside this other part.
    NotBeside(&'static str),
    Missing,
    Repeated,
    EndsBeforeStart,
}

impl RecurrenceError {
    pub(super) fn new(part: &str, reason: InvalidRule) -> Self {
        Self { part: part.chars().take(16).collect(), reason }
    }

    /// Returns the code of the field problem.
    pub fn code(&self) -> &'static str {
        match self.reason {
            InvalidRule::TooLong => "too_long",
            InvalidRule::Malformed => "rule_part_malformed",
            InvalidRule::Unsupported => "rule_part_unsupported",
            InvalidRule::OutOfRange { .. } => "rule_part_out_of_range",
            InvalidRule::NotBeside(_) => "rule_part_not_beside",
            InvalidRule::Missing => "rule_part_missing",
            InvalidRule::Repeated => "rule_part_repeated",
            InvalidRule::EndsBeforeStart => "rule_ends_before_start",
        }
    }

    /// Returns the problem of the field, with the part and what is allowed.
    pub fn problem(&self, field: &str) -> FieldProblem {
        let problem = FieldProblem::of(field, self.code()).with("part", &self.part);
        match self.reason {
            InvalidRule::TooLong => problem.with("max", RULE_LIMIT),
            InvalidRule::OutOfRange { min, max } => problem.with("min", min).with("max", max),
            InvalidRule::NotBeside(other) => problem.with("other", other),
            InvalidRule::Malformed
            | InvalidRule::Unsupported
            | InvalidRule::Missing
            | InvalidRule::Repeated
            | InvalidRule::EndsBeforeStart => problem,
        }
    }
}

impl RecurrenceRule {
    /// Parses the parts of a rule in capital letters.
    ///
    /// # Errors
    /// [`RecurrenceError`] with the part that is unknown, repeated, invalid, or not allowed beside another one.
    pub fn parse(text: &str) -> Result<Self, RecurrenceError> {
        let mut rule = Self {
            frequency: Frequency::Daily,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            week_numbers: Vec::new(),
            year_days: Vec::new(),
            month_days: Vec::new(),
            week_days: Vec::new(),
            hours: Vec::new(),
            minutes: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
        };
        let mut names = Vec::new();
        for part in text.split(';') {
            let (name, value) =
                part.split_once('=').ok_or_else(|| RecurrenceError::new(part, InvalidRule::Malformed))?;
            if names.contains(&name) {
                return Err(RecurrenceError::new(name, InvalidRule::Repeated));
            }
            names.push(name);
            rule.set(name, value).map_err(|reason| RecurrenceError::new(name, reason))?;
        }
        if !names.contains(&"FREQ") {
            return Err(RecurrenceError::new("FREQ", InvalidRule::Missing));
        }
        rule.check_combinations()?;
        Ok(rule)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), InvalidRule> {
        match name {
            "FREQ" => self.frequency = parse_frequency(value)?,
            "INTERVAL" => self.interval = parse_number(value, NUMBER_MAX)?,
            "COUNT" => self.count = Some(parse_number(value, NUMBER_MAX)?),
            "UNTIL" => self.until = Some(parse_until(value)?),
            "BYMONTH" => self.months = parse_list(value, 1, 12)?,
            "BYWEEKNO" => self.week_numbers = parse_signed_list(value, 53)?,
            "BYYEARDAY" => self.year_days = parse_signed_list(value, 366)?,
            "BYMONTHDAY" => self.month_days = parse_signed_list(value, 31)?,
            "BYDAY" => self.week_days = value.split(',').map(parse_rule_day).collect::<Result<_, _>>()?,
            "BYHOUR" => self.hours = parse_list(value, 0, 23)?,
            "BYMINUTE" => self.minutes = parse_list(value, 0, 59)?,
            "BYSETPOS" => self.positions = parse_signed_list(value, 366)?,
            "WKST" => self.week_start = parse_weekday(value)?,
            _ => return Err(InvalidRule::Unsupported),
        }
        Ok(())
    }

    /// Checks which parts stand together, by each MUST NOT of RFC 5545, 3.3.10.
    fn check_combinations(&self) -> Result<(), RecurrenceError> {
        let frequency = self.frequency.part();
        let is_numbered = self.week_days.iter().any(|day| day.number.is_some());
        let yearly = self.frequency == Frequency::Yearly;
        let by_parts = [&self.months, &self.week_numbers, &self.year_days, &self.month_days, &self.hours];
        let has_by_part = by_parts.iter().any(|list| !list.is_empty())
            || !self.minutes.is_empty()
            || !self.week_days.is_empty();
        let not_allowed = [
            (self.count.is_some() && self.until.is_some(), "COUNT", "UNTIL"),
            (is_numbered && !yearly && self.frequency != Frequency::Monthly, "BYDAY", frequency),
            (is_numbered && !self.week_numbers.is_empty(), "BYDAY", "BYWEEKNO"),
            (!self.month_days.is_empty() && self.frequency == Frequency::Weekly, "BYMONTHDAY", frequency),
            (!self.year_days.is_empty() && !yearly, "BYYEARDAY", frequency),
            (!self.week_numbers.is_empty() && !yearly, "BYWEEKNO", frequency),
        ];
        if let Some((_, part, other)) = not_allowed.into_iter().find(|(found, ..)| *found) {
            return Err(RecurrenceError::new(part, InvalidRule::NotBeside(other)));
        }
        if !self.positions.is_empty() && !has_by_part {
            return Err(RecurrenceError::new("BYDAY", InvalidRule::Missing));
        }
        Ok(())
    }
}

impl Frequency {
    fn part(self) -> &'static str {
        match self {
            Frequency::Daily => "FREQ=DAILY",
            Frequency::Weekly => "FREQ=WEEKLY",
            Frequency::Monthly => "FREQ=MONTHLY",
            Frequency::Yearly => "FREQ=YEARLY",
        }
    }
}

fn parse_frequency(value: &str) -> Result<Frequency, InvalidRule> {
    match value {
        "DAILY" => Ok(Frequency::Daily),
        "WEEKLY" => Ok(Frequency::Weekly),
        "MONTHLY" => Ok(Frequency::Monthly),
        "YEARLY" => Ok(Frequency::Yearly),
        "HOURLY" | "MINUTELY" | "SECONDLY" => Err(InvalidRule::Unsupported),
        _ => Err(InvalidRule::Malformed),
    }
}

/// Parses digits with an optional sign, as the grammar of the RFC has them.
fn parse_integer(value: &str, min: i32, max: i32) -> Result<i32, InvalidRule> {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let is_signed = digits.len() < value.len();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) || (is_signed && min >= 0) {
        return Err(InvalidRule::Malformed);
    }
    let number = value.parse::<i32>().unwrap_or(i32::MAX);
    if (min..=max).contains(&number) { Ok(number) } else { Err(InvalidRule::OutOfRange { min, max }) }
}

fn parse_number(value: &str, max: i32) -> Result<i32, InvalidRule> {
    parse_integer(value, 1, max)
}

fn parse_list(value: &str, min: i32, max: i32) -> Result<Vec<i16>, InvalidRule> {
    let number = |text| parse_integer(text, min, max).and_then(to_i16);
    value.split(',').map(number).collect()
}

/// Parses numbers that count from the end if they are negative. Zero is none of them.
fn parse_signed_list(value: &str, max: i32) -> Result<Vec<i16>, InvalidRule> {
    value.split(',').map(|text| parse_nonzero(text, max)).collect()
}

fn parse_nonzero(value: &str, max: i32) -> Result<i16, InvalidRule> {
    match parse_integer(value, -max, max)? {
        0 => Err(InvalidRule::OutOfRange { min: -max, max }),
        number => to_i16(number),
    }
}

fn to_i16(number: i32) -> Result<i16, InvalidRule> {
    i16::try_from(number).map_err(|_| InvalidRule::Malformed)
}

fn parse_rule_day(text: &str) -> Result<RuleDay, InvalidRule> {
    let name =
        text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at)).ok_or(InvalidRule::Malformed)?;
    let (number, name) = text.split_at(name);
    let weekday = parse_weekday(name)?;
    let number = if number.is_empty() { None } else { Some(parse_nonzero(number, 53)?) };
    Ok(RuleDay { number, weekday })
}

fn parse_weekday(name: &str) -> Result<Weekday, InvalidRule> {
    match name {
        "MO" => Ok(Weekday::Monday),
        "TU" => Ok(Weekday::Tuesday),
        "WE" => Ok(Weekday::Wednesday),
        "TH" => Ok(Weekday::Thursday),
        "FR" => Ok(Weekday::Friday),
        "SA" => Ok(Weekday::Saturday),
        "SU" => Ok(Weekday::Sunday),
        _ => Err(InvalidRule::Malformed),
    }
}

fn parse_until(value: &str) -> Result<Until, InvalidRule> {
    let (local, is_utc) = value.strip_suffix('Z').map_or((value, false), |local| (local, true));
    let is_digits = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    let time = match local.split_once('T') {
        None if !is_utc && is_digits(local, 8) => parse_date(local).map(|date| date.to_datetime(Time::MAX)),
        Some((date, time)) if is_digits(date, 8) && is_digits(time, 6) => {
            DateTime::strptime("%Y%m%dT%H%M%S", local).ok()
        }
        None | Some(_) => None,
    };
    let time = time.ok_or(InvalidRule::Malformed)?;
    if is_utc {
        let zoned = time.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| InvalidRule::Malformed)?;
        Ok(Until::Instant(zoned.timestamp()))
    } else {
        Ok(Until::Local(time))
    }
}

fn parse_date(digits: &str) -> Option<Date> {
    Date::strptime("%Y%m%d", digits).ok()
}
