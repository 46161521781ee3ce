//! Business hours: civil times of a zone, so that a day's nine hours stay nine when clocks change.

use std::sync::LazyLock;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp, ToSpan};

/// The rules bundled with the program, never the machine's: the same answer everywhere.
static BUNDLED: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
/// How far ahead a due time is looked for; beyond, nothing is due.
const DAYS_AHEAD: usize = 3_660;

/// When the desk works.
#[derive(Clone, Copy, Debug)]
pub struct BusinessCalendar {
    /// IANA.
    pub zone: &'static str,
    /// From Monday: whole hours `(from, to)` of the local day, `None` on days off.
    pub week: [Option<(i8, i8)>; 7],
    /// Days off of every year: month, day.
    pub holidays: &'static [(i8, i8)],
}

impl BusinessCalendar {
    /// Business time within `[from, to)`.
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

    /// The first instant by which so much business time has passed since `from`; `from` itself where
    /// nothing is left. `None` in a calendar without business hours.
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

    /// The business hours of each day that has some, from the local day of an instant on.
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
        // An hour of 24 is the midnight that ends the day.
        let closes = if to == 24 {
            let next = day.checked_add(1.day()).ok()?;
            zone.to_ambiguous_timestamp(next.to_datetime(Time::midnight())).compatible().ok()?
        } else {
            at(to)?
        };
        Some((at(from)?, closes))
    }

    /// Whether the calendar has any business hours at all.
    pub fn is_ever_open(&self) -> bool {
        self.week.iter().any(Option::is_some) && BUNDLED.get(self.zone).is_ok()
    }
}

/// Monday to Friday and Saturday, as a week that starts on Monday.
pub(super) const fn week(workday: (i8, i8), saturday: Option<(i8, i8)>) -> [Option<(i8, i8)>; 7] {
    let mut week = [Some(workday); 7];
    week[Weekday::Saturday.to_monday_zero_offset() as usize] = saturday;
    week[Weekday::Sunday.to_monday_zero_offset() as usize] = None;
    week
}
