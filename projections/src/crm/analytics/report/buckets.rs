//! Validation of a query, and the steps of its range.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::counts::BucketedRange;
use super::query::{Interval, InvalidQuery, Report, ReportQuery};
use crate::crm::analytics::local_days::{add_days, day_of, monday_of, next_day, start_of_day};

const POINTS_MAX: usize = 1_100;
/// Maximum of cohorts. Each cohort is a series.
const COHORTS_MAX: usize = 53;
const RANGE_MAX: SignedDuration = SignedDuration::from_hours(24 * 366 * 5);
/// Earliest instant of a range. No event is older, and the database cannot represent much older instants.
const EARLIEST: Timestamp = Timestamp::constant(-62_135_596_800, 0);

/// Validates a query and returns it with the range that is counted.
pub(super) fn validate_query(query: &ReportQuery) -> Result<ReportQuery, InvalidQuery> {
    let ReportQuery { report, definition, from, to, interval, by, filter, currency, .. } = query;
    if !(1..=report.newest_definition()).contains(definition) {
        return Err(InvalidQuery::UnknownDefinition);
    }
    if by.as_deref().is_some_and(|by| !report.groupings().contains(&by)) {
        return Err(InvalidQuery::UnsupportedGrouping(*report));
    }
    let given = [
        ("subject", filter.subject.is_some()),
        ("teacher_id", filter.teacher_id.is_some()),
        ("agent_id", filter.agent_id.is_some()),
        ("currency", currency.is_some()),
    ];
    for (name, is_given) in given {
        if is_given && !report.filters().contains(&name) {
            return Err(InvalidQuery::UnsupportedFilter(name));
        }
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
    if buckets_of(range).len() > most {
        return Err(InvalidQuery::TooManyPoints);
    }
    Ok(query)
}

/// Widens the range: active people are counted by whole days, cohorts by whole weeks.
fn widen_range(query: &ReportQuery) -> ReportQuery {
    let last = day_of(query.to);
    let end = if start_of_day(last) < query.to { next_day(last) } else { last };
    let (first, end) = match query.report {
        Report::ActiveUsers => (day_of(query.from), end),
        Report::Retention => {
            let whole = monday_of(end);
            let end = if whole < end { add_days(whole, 7) } else { whole };
            (monday_of(day_of(query.from)), end)
        }
        _ => return query.clone(),
    };
    ReportQuery { from: start_of_day(first), to: start_of_day(end), ..query.clone() }
}

/// Returns the steps of a range: the first day and the first instant of each. The first step begins at the
/// start of the range.
pub(super) fn buckets_of(range: BucketedRange) -> Vec<(Date, Timestamp)> {
    let mut buckets = vec![(range.first_day(), range.from)];
    let mut day = range.first_day();
    loop {
        day = next_bucket(day, range.interval);
        let begins = start_of_day(day);
        // One step above the maximum is enough for the refusal.
        if begins >= range.to || buckets.len() > POINTS_MAX {
            return buckets;
        }
        buckets.push((day, begins));
    }
}

/// Returns the first day of the next step.
fn next_bucket(day: Date, interval: Interval) -> Date {
    match interval {
        Interval::Day => next_day(day),
        Interval::Week => add_days(monday_of(day), 7),
        Interval::Month => next_day(day.last_of_month()),
    }
}
