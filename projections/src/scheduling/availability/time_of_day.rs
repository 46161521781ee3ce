//! Time of day in a time zone, as a filter of free times.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const DAY_MINUTES: i32 = 24 * 60;
const HALF_HOUR: i32 = 30;
/// Period in which the offsets of a zone matter: slots are offered no further ahead.
const LOOKAHEAD: SignedDuration = domain::scheduling::AHEAD_MAX;

/// Filter of lessons that begin between two times of the day, over midnight if the second is not later.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeOfDay {
    /// Minutes after midnight, 0 to 1439.
    pub from: i32,
    /// Length in minutes, 1 to 1440.
    pub length: i32,
    /// IANA name of the time zone; `None` for each slot's own zone.
    pub zone: Option<String>,
}

impl TimeOfDay {
    /// Creates a filter from one minute of the day to another, exclusive.
    ///
    /// From 22:00 to 02:00 goes over midnight. Returns `None` for an empty period.
    pub fn between(from: i32, to: i32, zone: Option<String>) -> Option<Self> {
        let length = (to - from).rem_euclid(DAY_MINUTES);
        match (from, to, length) {
            // The whole day, also if only one bound is given.
            (0, DAY_MINUTES, _) => Some(Self { from, length: DAY_MINUTES, zone }),
            (_, _, 0) => None,
            (_, _, length) => Some(Self { from: from.rem_euclid(DAY_MINUTES), length, zone }),
        }
    }

    /// Returns the UTC minutes at which the period begins, each with the time from which it applies.
    ///
    /// There is one entry per offset of the zone from `now` on. Returns `None` without a zone.
    pub(crate) fn to_utc_minutes(&self, now: Timestamp) -> Option<(Vec<Timestamp>, Vec<i32>)> {
        let zone = self.zone.as_deref().and_then(|name| TimeZone::get(name).ok())?;
        let until = now.saturating_add(LOOKAHEAD).unwrap_or(Timestamp::MAX);
        let changes = zone.following(now).map(|change| change.timestamp()).take_while(|at| *at <= until);
        let begins = |at: Timestamp| {
            let offset_minutes = zone.to_offset(at).seconds().div_euclid(60);
            (self.from - offset_minutes).rem_euclid(DAY_MINUTES)
        };
        let mut since = vec![Timestamp::UNIX_EPOCH];
        let mut minutes = vec![begins(now)];
        for at in changes {
            since.push(at);
            minutes.push(begins(at));
        }
        Some((since, minutes))
    }

    /// Returns the half-hours of the day in which a matching lesson can begin, as bits.
    ///
    /// `minutes` are the minutes at which the period begins.
    pub(crate) fn half_hour_bits(&self, minutes: &[i32]) -> i64 {
        let bits = |from: i32| {
            let last = (from + self.length - 1) / HALF_HOUR;
            (from / HALF_HOUR..=last).fold(0, |bits, half| bits | 1 << (half % (DAY_MINUTES / HALF_HOUR)))
        };
        minutes.iter().fold(0, |all, from| all | bits(*from))
    }
}

/// Returns the minute of the day of an instant in a time zone.
pub(in crate::scheduling) fn local_minute(at: Timestamp, zone: &str) -> i16 {
    let local = at.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    i16::from(local.hour()) * 60 + i16::from(local.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn between(from: i32, to: i32, zone: &str) -> TimeOfDay {
        TimeOfDay::between(from, to, Some(zone.to_owned())).unwrap()
    }

    fn begins(time: &TimeOfDay, minute_utc: i32) -> bool {
        let (_, minutes) = time.to_utc_minutes(now()).unwrap();
        time.half_hour_bits(&minutes) & 1 << (minute_utc / HALF_HOUR) != 0
    }

    #[test]
    fn an_evening_in_moscow_is_an_afternoon_by_utc() {
        let evening = between(18 * 60, 21 * 60, "Europe/Moscow");
        assert!(begins(&evening, 15 * 60) && begins(&evening, 17 * 60 + 45));
        assert!(!begins(&evening, 14 * 60) && !begins(&evening, 19 * 60));
    }

    #[test]
    fn a_zone_with_summer_time_has_the_hours_of_both_offsets() {
        let morning = between(8 * 60, 9 * 60, "Europe/Berlin");
        assert!(begins(&morning, 7 * 60) && begins(&morning, 6 * 60));
        assert!(!begins(&morning, 9 * 60) && !begins(&morning, 5 * 60));
    }

    #[test]
    fn a_while_begins_at_another_minute_after_the_clocks_change() {
        let (since, minutes) = between(8 * 60, 9 * 60, "Europe/Berlin").to_utc_minutes(now()).unwrap();
        assert_eq!(minutes[..2], [7 * 60, 6 * 60]);
        assert_eq!(since[1], "2027-03-28T01:00:00Z".parse().unwrap());
    }

    #[test]
    fn a_night_goes_over_midnight_and_a_zone_may_be_off_by_quarters() {
        let night = between(22 * 60, 2 * 60, "UTC");
        assert_eq!((night.from, night.length), (22 * 60, 240));
        assert!(begins(&night, 23 * 60) && begins(&night, 60) && !begins(&night, 12 * 60));
        let noon = between(12 * 60, 12 * 60 + 15, "Asia/Kathmandu");
        assert!(begins(&noon, 6 * 60 + 15));
    }

    #[test]
    fn a_while_of_no_length_is_none_and_a_whole_day_is_one() {
        assert_eq!(TimeOfDay::between(600, 600, None), None);
        let day = TimeOfDay::between(0, DAY_MINUTES, None).unwrap();
        assert_eq!(day.length, DAY_MINUTES);
        assert_eq!(day.half_hour_bits(&[0]), (1 << 48) - 1);
        assert_eq!(TimeOfDay::between(600, DAY_MINUTES, None).unwrap().length, 840);
    }
}
