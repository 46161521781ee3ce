//! Validation of a query, and the buckets of its range.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

use super::query::{Comparison, DateOf, Interval, InvalidQuery, Report, ReportQuery};
use crate::crm::analytics::local_days::{LocalZone, add_days, day_of, monday_of, next_day, start_of_day};

const POINTS_MAX: usize = 1_100;
/// Maximum of cohorts. Each cohort is a series.
const COHORTS_MAX: usize = 53;
const RANGE_MAX: SignedDuration = SignedDuration::from_hours(24 * 366 * 5);
/// Earliest instant of a range. No event is older, and the database cannot represent much older instants.
const EARLIEST: Timestamp = Timestamp::constant(-62_135_596_800, 0);

/// Range and its buckets, in local days.
#[derive(Clone, Copy, Debug)]
pub(super) struct BucketedRange {
    pub from: Timestamp,
    /// Exclusive.
    pub to: Timestamp,
    pub interval: Interval,
}

impl BucketedRange {
    /// Returns the first local day that the range touches.
    pub fn first_day(&self) -> Date {
        day_of(self.from)
    }

    /// Splits the range into its whole days and the remaining parts before and after them.
    pub fn split_whole_days(&self) -> ((Date, Date), Vec<(Timestamp, Timestamp)>) {
        let (first, last) = (self.first_day(), day_of(self.to));
        let first = if start_of_day(first) == self.from { first } else { next_day(first) };
        if first >= last {
            return ((first, first), vec![(self.from, self.to)]);
        }
        let parts = [(self.from, start_of_day(first)), (start_of_day(last), self.to)];
        ((first, last), parts.into_iter().filter(|(begins, ends)| begins < ends).collect())
    }
}

/// Validates a query and returns it with the range that is counted.
pub(super) fn validate_query(query: &ReportQuery) -> Result<ReportQuery, InvalidQuery> {
    let ReportQuery { report, definition, from, to, interval, by, filter, currency, .. } = query;
    if !(1..=report.newest_definition()).contains(definition) {
        return Err(InvalidQuery::UnknownDefinition);
    }
    if by.as_deref().is_some_and(|by| !report.groupings().contains(&by)) && query.dimension().is_none() {
        return Err(InvalidQuery::UnsupportedGrouping(*report));
    }
    let given = [
        ("subject", filter.subject.is_some()),
        ("teacher_id", filter.teacher_id.is_some()),
        ("agent_id", filter.agent_id.is_some() || filter.unassigned),
        ("channel", filter.channel.is_some()),
        ("currency", currency.is_some()),
        ("role", filter.role.is_some()),
        ("date_of", query.date_of != DateOf::Decision),
    ];
    for (name, is_given) in given {
        if is_given && !report.filters().contains(&name) {
            return Err(InvalidQuery::UnsupportedFilter(name));
        }
    }
    // Active people and cohorts are known by the days, weeks and months of the installation.
    if matches!(report, Report::ActiveUsers | Report::Retention) && !query.zone.is_of_installation() {
        return Err(InvalidQuery::UnsupportedFilter("time_zone"));
    }
    if !report.intervals().contains(interval) {
        return Err(InvalidQuery::UnsupportedInterval(*report));
    }
    if from >= to {
        return Err(InvalidQuery::EmptyRange);
    }
    if to.duration_since(*from) > RANGE_MAX || *from < EARLIEST {
        return Err(InvalidQuery::RangeTooLong);
    }
    let query = widen_range(query);
    let range = BucketedRange { from: query.from, to: query.to, interval: query.interval };
    let most = if *report == Report::Retention { COHORTS_MAX } else { POINTS_MAX };
    if buckets_of(range, &query.zone).len() > most {
        return Err(InvalidQuery::TooManyPoints);
    }
    Ok(query)
}

/// Widens the range: active people are counted by whole days, cohorts by whole weeks or months.
fn widen_range(query: &ReportQuery) -> ReportQuery {
    let last = day_of(query.to);
    let end = if start_of_day(last) < query.to { next_day(last) } else { last };
    let (first, end) = match query.report {
        Report::ActiveUsers => (day_of(query.from), end),
        Report::Retention => {
            let whole = first_of_bucket(end, query.interval);
            let end = if whole < end { next_bucket(whole, query.interval) } else { whole };
            (first_of_bucket(day_of(query.from), query.interval), end)
        }
        _ => return query.clone(),
    };
    ReportQuery { from: start_of_day(first), to: start_of_day(end), ..query.clone() }
}

/// Bucket of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    /// First local day of the bucket within the range.
    pub day: Date,
    /// First instant. The first bucket begins at the start of the range.
    pub begins: Timestamp,
    /// `true` if the range has only a part of the day, week or month.
    pub is_clipped: bool,
    /// First instant after the whole day, week or month.
    pub ends: Timestamp,
}

/// Returns the buckets of a range in a zone.
pub(super) fn buckets_of(range: BucketedRange, zone: &LocalZone) -> Vec<Bucket> {
    let mut buckets = Vec::new();
    let (mut day, mut begins) = (zone.day_of(range.from), range.from);
    loop {
        let next = next_bucket(day, range.interval);
        let ends = zone.start_of_day(next);
        let whole = zone.start_of_day(first_of_bucket(day, range.interval));
        buckets.push(Bucket { day, begins, is_clipped: begins > whole || ends > range.to, ends });
        // One bucket above the maximum is enough for the refusal.
        if ends >= range.to || buckets.len() > POINTS_MAX {
            return buckets;
        }
        (day, begins) = (next, ends);
    }
}

/// Returns the first day of the bucket with this day.
pub(super) fn first_of_bucket(day: Date, interval: Interval) -> Date {
    match interval {
        Interval::Day => day,
        Interval::Week => monday_of(day),
        Interval::Month => day.first_of_month(),
    }
}

/// Returns the first day of the next bucket.
pub(super) fn next_bucket(day: Date, interval: Interval) -> Date {
    match interval {
        Interval::Day => next_day(day),
        Interval::Week => add_days(monday_of(day), 7),
        Interval::Month => next_day(day.last_of_month()),
    }
}

/// Returns the same query for the time that it is compared with.
pub(super) fn compared_query(query: &ReportQuery, comparison: Comparison) -> ReportQuery {
    let shift = match comparison {
        Comparison::Previous => {
            let length = query.to.duration_since(query.from);
            let from = query.from.checked_sub(length).unwrap_or(Timestamp::MIN);
            return ReportQuery { from, to: query.from, ..query.clone() };
        }
        Comparison::Calendar => calendar_length(query),
        Comparison::Year => 1.year(),
    };
    let before = |instant| {
        let local = query.zone.local(instant);
        query.zone.instant(local.checked_sub(shift).unwrap_or(local))
    };
    ReportQuery { from: before(query.from), to: before(query.to), ..query.clone() }
}

/// Returns the length of the range in whole months if it has only such, else in whole weeks or days.
fn calendar_length(query: &ReportQuery) -> Span {
    let (from, to) = (query.zone.local(query.from), query.zone.local(query.to));
    let begins_month = |local: DateTime| local.day() == 1 && local.time() == Time::midnight();
    if begins_month(from) && begins_month(to) {
        let years = i32::from(to.year()) - i32::from(from.year());
        return Span::new().months(12 * years + i32::from(to.month()) - i32::from(from.month()));
    }
    let last = if to.time() == Time::midnight() { to.date() } else { next_day(to.date()) };
    let days = from.date().until(last).map_or(1, |span| span.get_days()).max(1);
    let weeks = (days + 6) / 7;
    if query.interval == Interval::Day { Span::new().days(days) } else { Span::new().days(7 * weeks) }
}

#[cfg(test)]
mod tests {
    use domain::accounts::Locale;

    use super::*;

    fn query(from: &str, to: &str, interval: Interval) -> ReportQuery {
        let now = "2026-11-25T12:00:00Z".parse().unwrap();
        let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
        ReportQuery { from, to, interval, ..ReportQuery::new(Report::Bookings, now, None, Locale::En) }
    }

    /// November is compared with October, and no day is in neither.
    #[test]
    fn a_calendar_comparison_takes_whole_months_and_weeks() {
        for (from, to, interval, expected) in [
            ("2026-10-31T21:00:00Z", "2026-11-30T21:00:00Z", Interval::Month, "2026-09-30T21:00:00Z"),
            ("2026-02-28T21:00:00Z", "2026-03-31T21:00:00Z", Interval::Month, "2026-01-31T21:00:00Z"),
            ("2026-11-15T21:00:00Z", "2026-11-22T21:00:00Z", Interval::Week, "2026-11-08T21:00:00Z"),
            ("2026-11-15T21:00:00Z", "2026-11-18T21:00:00Z", Interval::Day, "2026-11-12T21:00:00Z"),
        ] {
            let before = compared_query(&query(from, to, interval), Comparison::Calendar);
            assert_eq!((before.from, before.to), (expected.parse().unwrap(), from.parse().unwrap()));
        }
        let year = compared_query(
            &query("2026-02-28T21:00:00Z", "2026-03-31T21:00:00Z", Interval::Month),
            Comparison::Year,
        );
        assert_eq!(year.from, "2025-02-28T21:00:00Z".parse().unwrap());
    }

    #[test]
    fn a_clipped_bucket_is_marked_and_has_its_local_date() {
        let query = query("2026-11-17T21:00:00Z", "2026-11-29T21:00:00Z", Interval::Week);
        let range = BucketedRange { from: query.from, to: query.to, interval: query.interval };
        let buckets = buckets_of(range, &query.zone);
        let dates: Vec<String> = buckets.iter().map(|bucket| bucket.day.to_string()).collect();
        assert_eq!(dates, ["2026-11-18", "2026-11-23"]);
        assert_eq!(buckets.iter().map(|bucket| bucket.is_clipped).collect::<Vec<_>>(), [true, false]);
        let utc = LocalZone::parse("UTC").unwrap();
        assert_eq!(buckets_of(range, &utc)[0].day.to_string(), "2026-11-17");
    }
}
