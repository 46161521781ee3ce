//! Local days in the time zone of the business calendar.

use std::sync::LazyLock;

use domain::support::SLA_POLICIES;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp};

/// Time zone with the rules bundled in the program, not those of the machine or the database.
static ZONE: LazyLock<TimeZone> = LazyLock::new(|| {
    let zone = SLA_POLICIES.first().map_or("UTC", |policy| policy.calendar.zone);
    TimeZoneDatabase::bundled().get(zone).unwrap_or(TimeZone::UTC)
});

/// Time zone of the local days of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalZone(TimeZone);

impl LocalZone {
    /// Returns the zone of the installation, in which facts are counted by day.
    pub fn of_installation() -> Self {
        Self(ZONE.clone())
    }

    /// Returns the zone with this IANA name; `None` if it is unknown.
    pub fn parse(name: &str) -> Option<Self> {
        TimeZoneDatabase::bundled().get(name).ok().filter(|zone| zone.iana_name().is_some()).map(Self)
    }

    /// Returns the IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    pub(super) fn is_of_installation(&self) -> bool {
        self.0 == *ZONE
    }

    pub(super) fn day_of(&self, instant: Timestamp) -> Date {
        self.local(instant).date()
    }

    pub(super) fn local(&self, instant: Timestamp) -> DateTime {
        self.0.to_datetime(instant)
    }

    /// Returns the first instant of a local day.
    pub fn start_of_day(&self, day: Date) -> Timestamp {
        self.instant(day.to_datetime(jiff::civil::Time::midnight()))
    }

    pub(super) fn instant(&self, local: DateTime) -> Timestamp {
        self.0.to_ambiguous_timestamp(local).compatible().unwrap_or(Timestamp::MAX)
    }
}

/// Returns the local day of an instant.
pub(super) fn day_of(instant: Timestamp) -> Date {
    ZONE.to_datetime(instant).date()
}

/// Returns the first instant of a local day.
pub(super) fn start_of_day(day: Date) -> Timestamp {
    ZONE.to_ambiguous_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
        .compatible()
        .unwrap_or(Timestamp::MAX)
}

/// Returns the next day.
pub(super) fn next_day(day: Date) -> Date {
    add_days(day, 1)
}

/// Returns the Monday of the week of a day.
pub(super) fn monday_of(day: Date) -> Date {
    day.checked_sub(Span::new().days(day.weekday().to_monday_zero_offset())).unwrap_or(day)
}

/// Returns the number of months from the month of one day to that of another.
pub(super) fn months_between(first: Date, last: Date) -> i32 {
    12 * i32::from(last.year() - first.year()) + i32::from(last.month() - first.month())
}

/// Returns the first day of the month `months` after the month of a day.
pub(super) fn add_months(day: Date, months: i32) -> Date {
    day.first_of_month().checked_add(Span::new().months(months)).unwrap_or(day)
}

/// Returns the day `days` later.
pub(super) fn add_days(day: Date, days: i32) -> Date {
    day.checked_add(Span::new().days(days)).unwrap_or(day)
}
