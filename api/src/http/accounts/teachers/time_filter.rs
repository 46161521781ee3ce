//! Parses the time filters of the catalogue: begin, end, and time of day of a free slot.

use domain::accounts::TimeZoneName;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use projections::scheduling::TimeOfDay;

use super::filter::TeachersQuery;
use crate::http::page::{invalid_parameter, parse_choice};
use crate::http::problem::Problem;

const DAY_MINUTES: i32 = 24 * 60;

/// Parsed time filters.
pub(super) struct AvailabilityFilter {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub time_of_day: Option<TimeOfDay>,
}

impl AvailabilityFilter {
    /// # Errors
    /// `malformed_parameter` (400) if a filter is invalid, or the filters leave no time.
    pub(super) fn parse(filter: &TeachersQuery) -> Result<Self, Problem> {
        let named = |text: &str| TimeZoneName::parse(text).ok();
        let name = parse_choice("time_zone", filter.time_zone.as_deref(), named)?;
        let zone = name.as_ref().and_then(|name| TimeZone::get(name.as_str()).ok()).unwrap_or(TimeZone::UTC);
        let from =
            parse_instant("available_from", filter.available_from.as_deref(), &zone, DayBoundary::Begin)?;
        let to = parse_instant("available_to", filter.available_to.as_deref(), &zone, DayBoundary::End)?;
        if from.zip(to).is_some_and(|(from, to)| to <= from) {
            return Err(invalid_parameter("available_to", "before_available_from"));
        }
        let time_from = parse_minute_of_day("time_from", filter.time_from.as_deref())?;
        let time_to = parse_minute_of_day("time_to", filter.time_to.as_deref())?;
        let time_of_day = match (time_from, time_to) {
            (None, None) => None,
            (from, to) => {
                let zone = name.map(|name| name.as_str().to_owned());
                let between = TimeOfDay::between(from.unwrap_or(0), to.unwrap_or(DAY_MINUTES), zone);
                Some(between.ok_or_else(|| invalid_parameter("time_to", "same_as_time_from"))?)
            }
        };
        Ok(Self { from, to, time_of_day })
    }
}

/// Boundary of a day that a date stands for.
#[derive(Clone, Copy)]
enum DayBoundary {
    Begin,
    End,
}

/// Parses an instant (RFC 3339), or takes a boundary of a date. Instants before the epoch become the epoch.
fn parse_instant(
    name: &str,
    text: Option<&str>,
    zone: &TimeZone,
    boundary: DayBoundary,
) -> Result<Option<Timestamp>, Problem> {
    let parse = |text: &str| {
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(instant.max(Timestamp::UNIX_EPOCH));
        }
        // Only a date: jiff would also parse the date of a local time.
        let date: Date = text.parse().ok().filter(|date: &Date| date.to_string() == text)?;
        let day = match boundary {
            DayBoundary::Begin => date,
            DayBoundary::End => date.checked_add(1.day()).ok()?,
        };
        Some(day.to_zoned(zone.clone()).ok()?.timestamp().max(Timestamp::UNIX_EPOCH))
    };
    match text {
        None => Ok(None),
        Some(text) => parse(text).map(Some).ok_or_else(|| invalid_parameter(name, "malformed")),
    }
}

/// Parses a time of day to minutes after midnight. `24:00` is the end of the day.
fn parse_minute_of_day(name: &str, text: Option<&str>) -> Result<Option<i32>, Problem> {
    let parse = |text: &str| match text {
        "24:00" => Some(DAY_MINUTES),
        text if text.len() == 5 || text.len() == 8 => {
            let time: Time = text.parse().ok()?;
            (time.second() == 0).then(|| i32::from(time.hour()) * 60 + i32::from(time.minute()))
        }
        _ => None,
    };
    match text {
        None => Ok(None),
        Some(text) => parse(text).map(Some).ok_or_else(|| invalid_parameter(name, "malformed")),
    }
}
