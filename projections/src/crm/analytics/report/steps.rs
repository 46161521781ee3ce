//! What may be asked, and into which steps its range falls.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::counting::Range;
use super::question::{Interval, Question, Refusal, Report};
use crate::crm::analytics::local_days::{add_days, day_of, monday_of, next_day, start_of_day};

const POINTS_MAX: usize = 1_100;
/// Each cohort is a series.
const COHORTS_MAX: usize = 53;
const RANGE_MAX: SignedDuration = SignedDuration::from_hours(24 * 366 * 5);
/// Nothing was recorded before, and the database does not reach far beyond.
const EARLIEST: Timestamp = Timestamp::constant(-62_135_596_800, 0);

/// The question with the range that is counted, if the report takes it.
pub(super) fn checked(question: &Question) -> Result<Question, Refusal> {
    let Question { report, definition, from, to, interval, by, filter, currency, .. } = question;
    if !(1..=report.newest_definition()).contains(definition) {
        return Err(Refusal::UnknownDefinition);
    }
    if by.as_deref().is_some_and(|by| !report.groupings().contains(&by)) {
        return Err(Refusal::GroupingNotTaken);
    }
    let given = [
        ("subject", filter.subject.is_some()),
        ("teacher_id", filter.teacher_id.is_some()),
        ("agent_id", filter.agent_id.is_some()),
        ("currency", currency.is_some()),
    ];
    for (name, is_given) in given {
        if is_given && !report.filters().contains(&name) {
            return Err(Refusal::FilterNotTaken(name));
        }
    }
    if !report.intervals().contains(interval) {
        return Err(Refusal::IntervalNotTaken);
    }
    if from >= to {
        return Err(Refusal::EmptyRange);
    }
    if to.duration_since(*from) > RANGE_MAX || *from < EARLIEST {
        return Err(Refusal::RangeTooLong);
    }
    let question = widened(question);
    let range = Range { from: question.from, to: question.to, interval: question.interval };
    let most = if *report == Report::Retention { COHORTS_MAX } else { POINTS_MAX };
    if steps(range).len() > most {
        return Err(Refusal::TooManyPoints);
    }
    Ok(question)
}

/// People are counted by whole days, cohorts by whole weeks.
fn widened(question: &Question) -> Question {
    let last = day_of(question.to);
    let end = if start_of_day(last) < question.to { next_day(last) } else { last };
    let (first, end) = match question.report {
        Report::ActiveUsers => (day_of(question.from), end),
        Report::Retention => {
            let whole = monday_of(end);
            let end = if whole < end { add_days(whole, 7) } else { whole };
            (monday_of(day_of(question.from)), end)
        }
        _ => return question.clone(),
    };
    Question { from: start_of_day(first), to: start_of_day(end), ..question.clone() }
}

/// The steps of a range: the day with which each begins, and the instant, which in the first is that of the range.
pub(super) fn steps(range: Range) -> Vec<(Date, Timestamp)> {
    let mut steps = vec![(range.first_day(), range.from)];
    let mut day = range.first_day();
    loop {
        day = following(day, range.interval);
        let begins = start_of_day(day);
        // One step too many is as good as a thousand.
        if begins >= range.to || steps.len() > POINTS_MAX {
            return steps;
        }
        steps.push((day, begins));
    }
}

/// The first day of the next step.
fn following(day: Date, interval: Interval) -> Date {
    match interval {
        Interval::Day => next_day(day),
        Interval::Week => add_days(monday_of(day), 7),
        Interval::Month => next_day(day.last_of_month()),
    }
}
