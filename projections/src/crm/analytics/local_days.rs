//! The days of the school: local to the zone in which its desk keeps its hours.

use std::sync::LazyLock;

use domain::support::SLA_POLICIES;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp};

/// By the rules bundled with the program, never those of the machine or of the database.
static ZONE: LazyLock<TimeZone> = LazyLock::new(|| {
    let zone = SLA_POLICIES.first().map_or("UTC", |policy| policy.calendar.zone);
    TimeZoneDatabase::bundled().get(zone).unwrap_or(TimeZone::UTC)
});

/// The local day of an instant.
pub(super) fn day_of(instant: Timestamp) -> Date {
    ZONE.to_datetime(instant).date()
}

/// When a local day begins.
pub(super) fn start_of_day(day: Date) -> Timestamp {
    ZONE.to_ambiguous_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
        .compatible()
        .unwrap_or(Timestamp::MAX)
}

/// The day after.
pub(super) fn next_day(day: Date) -> Date {
    add_days(day, 1)
}

/// The Monday of the week of a day.
pub(super) fn monday_of(day: Date) -> Date {
    day.checked_sub(Span::new().days(day.weekday().to_monday_zero_offset())).unwrap_or(day)
}

/// So many days later.
pub(super) fn add_days(day: Date, days: i32) -> Date {
    day.checked_add(Span::new().days(days)).unwrap_or(day)
}
