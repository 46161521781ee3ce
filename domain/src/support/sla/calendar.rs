//! Business hours: civil times of a zone, so that nine hours of a day stay nine when clocks change.

use std::sync::LazyLock;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp, ToSpan};

/// Bundled rules of the time zones, never the machine's, so that the result is the same everywhere.
static BUNDLED: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
/// Number of days in which a due time is searched; beyond them nothing is due.
const DAYS_AHEAD: usize = 3_660;

/// Business calendar of the support desk.
#[derive(Clone, Copy, Debug)]
pub struct BusinessCalendar {
    /// IANA name.
    pub zone: &'static str,
    /// Whole hours `(from, to)` of the local days from Monday, `None` on days off.
    pub week: [Option<(i8, i8)>; 7],
    /// Days off of every year: `(month, day)`.
    pub holidays: &'static [(i8, i8)],
}

impl BusinessCalendar {
    /// Returns the business time within `[from, to)`.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        let mut total = SignedDuration::ZERO;
        for (opens, closes) in self.days_from(from) {
            if opens >= to {
                break;
            }
            total += closes.min(to).duration_since(opens.max(from)).max(SignedDuration::ZERO);
        }
        total
    }

    /// Returns the first instant by which so much business time has passed since `from`; `from` itself if the
    /// time is not positive. Returns `None` in a calendar without business hours.
    pub fn add(&self, from: Timestamp, time: SignedDuration) -> Option<Timestamp> {
        if time <= SignedDuration::ZERO {
            return Some(from);
        }
        let mut left = time;
        for (opens, closes) in self.days_from(from).take(DAYS_AHEAD) {
            let begins = opens.max(from);
            let open = closes.duration_since(begins).max(SignedDuration::ZERO);
            if left <= open {
                return begins.checked_add(left).ok();
            }
            left -= open;
        }
        None
    }

    /// Returns the business hours of each working day, from the local day of an instant.
    fn days_from(&self, from: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let calendar = *self;
        let zone = BUNDLED.get(self.zone).unwrap_or(TimeZone::UTC);
        let first = from.to_zoned(zone.clone()).date();
        std::iter::successors(Some(first), |day| day.checked_add(1.day()).ok())
            .filter_map(move |day| calendar.hours_of(day, &zone))
    }

    fn hours_of(&self, day: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        if self.holidays.contains(&(day.month(), day.day())) {
            return None;
        }
        let (from, to) = self.week[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())]?;
        let at = |hour: i8| {
            let time = Time::new(hour, 0, 0, 0).ok()?;
            zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().ok()
        };
        // Hour 24 is the midnight at the end of the day.
        let closes = if to == 24 {
            let next = day.checked_add(1.day()).ok()?;
            zone.to_ambiguous_timestamp(next.to_datetime(Time::midnight())).compatible().ok()?
        } else {
            at(to)?
        };
        Some((at(from)?, closes))
    }

    /// Returns whether the calendar has any business hours.
    pub fn is_ever_open(&self) -> bool {
        self.week.iter().any(Option::is_some) && BUNDLED.get(self.zone).is_ok()
    }
}

/// Returns the week with these hours for Monday to Friday and for Saturday.
pub(super) const fn week(workday: (i8, i8), saturday: Option<(i8, i8)>) -> [Option<(i8, i8)>; 7] {
    let mut week = [Some(workday); 7];
    week[Weekday::Saturday.to_monday_zero_offset() as usize] = saturday;
    week[Weekday::Sunday.to_monday_zero_offset() as usize] = None;
    week
}
