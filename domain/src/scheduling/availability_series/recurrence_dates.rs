//! Expands a recurrence rule into local times, period by period (RFC 5545, 3.3.10).

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::recurrence_rule::{Frequency, RecurrenceRule, RuleDay};

/// Returns the local times of a rule from its start until the end of a day, in order.
pub(super) fn local_times(
    rule: &RecurrenceRule,
    start: DateTime,
    through: Date,
) -> impl Iterator<Item = DateTime> {
    let days = DaysOfRule::new(rule, start.date());
    let times = times_of_day(rule, start);
    let positions = rule.positions.clone();
    periods(rule, start.date(), through)
        .flat_map(move |period| {
            let days = period.into_iter().filter(|day| days.contain(*day)).collect::<Vec<_>>();
            let all =
                days.iter().flat_map(|day| times.iter().map(|(hour, minute)| day.at(*hour, *minute, 0, 0)));
            select_positions(all.collect(), &positions)
        })
        .skip_while(move |time| *time < start)
        .take_while(move |time| time.date() <= through)
}

/// Returns the days of each period of the rule, in order.
fn periods(rule: &RecurrenceRule, start: Date, through: Date) -> impl Iterator<Item = Vec<Date>> {
    let first = match rule.frequency {
        Frequency::Daily => start,
        Frequency::Weekly => first_of_week(start, rule),
        Frequency::Monthly => start.first_of_month(),
        Frequency::Yearly => start.first_of_year(),
    };
    let (frequency, interval) = (rule.frequency, i64::from(rule.interval));
    let step = move |number: i64| match frequency {
        Frequency::Daily => number.days(),
        Frequency::Weekly => number.weeks(),
        Frequency::Monthly => number.months(),
        Frequency::Yearly => number.years(),
    };
    (0..)
        .map_while(move |number: i64| first.checked_add(step(number * interval)).ok())
        .take_while(move |first| *first <= through)
        .map(move |first| {
            let end = first.checked_add(step(1)).unwrap_or(Date::MAX);
            first.series(1.day()).take_while(|day| *day < end).collect()
        })
}

fn first_of_week(day: Date, rule: &RecurrenceRule) -> Date {
    day.saturating_sub(i32::from(rule.week_start.until(day.weekday())).days())
}

/// Returns the hours and minutes of the rule, in order. Without them they are those of the start.
fn times_of_day(rule: &RecurrenceRule, start: DateTime) -> Vec<(i8, i8)> {
    let or_start = |list: &[i16], own: i8| -> Vec<i8> {
        let mut list: Vec<i8> = list.iter().filter_map(|number| i8::try_from(*number).ok()).collect();
        list.sort_unstable();
        list.dedup();
        if list.is_empty() { vec![own] } else { list }
    };
    let minutes = or_start(&rule.minutes, start.minute());
    let hours = or_start(&rule.hours, start.hour());
    hours.iter().flat_map(|hour| minutes.iter().map(|minute| (*hour, *minute))).collect()
}

/// Returns the times with these numbers in their period, or all times without BYSETPOS.
fn select_positions(times: Vec<DateTime>, positions: &[i16]) -> Vec<DateTime> {
    if positions.is_empty() {
        return times;
    }
    let count = i16::try_from(times.len()).unwrap_or(i16::MAX);
    let numbered = (0..count).zip(times);
    numbered
        .filter(|(index, _)| positions.contains(&(index + 1)) || positions.contains(&(index - count)))
        .map(|(_, time)| time)
        .collect()
}

/// Days that a rule names, with those that it takes from its start.
struct DaysOfRule {
    rule: RecurrenceRule,
}

impl DaysOfRule {
    /// Completes the rule: without any part about days, they are those of the start.
    fn new(rule: &RecurrenceRule, start: Date) -> Self {
        let mut rule = rule.clone();
        let names_days = !rule.week_numbers.is_empty()
            || !rule.year_days.is_empty()
            || !rule.month_days.is_empty()
            || !rule.week_days.is_empty();
        if !names_days {
            match rule.frequency {
                Frequency::Daily => {}
                Frequency::Weekly => {
                    rule.week_days = vec![RuleDay { number: None, weekday: start.weekday() }];
                }
                Frequency::Monthly => rule.month_days = vec![i16::from(start.day())],
                Frequency::Yearly => {
                    rule.month_days = vec![i16::from(start.day())];
                    if rule.months.is_empty() {
                        rule.months = vec![i16::from(start.month())];
                    }
                }
            }
        }
        Self { rule }
    }

    fn contain(&self, day: Date) -> bool {
        let rule = &self.rule;
        let allows = |list: &[i16], numbers: &[i16]| {
            list.is_empty() || numbers.iter().any(|number| list.contains(number))
        };
        let (year_day, month_day) = (day.day_of_year(), i16::from(day.day()));
        let from_year_end = year_day - day.days_in_year() - 1;
        let from_month_end = month_day - i16::from(day.days_in_month()) - 1;
        allows(&rule.months, &[i16::from(day.month())])
            && allows(&rule.month_days, &[month_day, from_month_end])
            && allows(&rule.year_days, &[year_day, from_year_end])
            && (rule.week_numbers.is_empty() || allows(&rule.week_numbers, &self.week_numbers(day)))
            && (rule.week_days.is_empty() || rule.week_days.iter().any(|named| self.is_named(*named, day)))
    }

    /// Returns whether a day is this day of BYDAY. Numbers count in the month, or in the year of a yearly rule
    /// without BYMONTH.
    fn is_named(&self, named: RuleDay, day: Date) -> bool {
        let Some(number) = named.number else { return named.weekday == day.weekday() };
        let in_year = self.rule.frequency == Frequency::Yearly && self.rule.months.is_empty();
        let (index, length) = if in_year {
            (day.day_of_year(), day.days_in_year())
        } else {
            (i16::from(day.day()), i16::from(day.days_in_month()))
        };
        let from_start = (index - 1) / 7 + 1;
        let from_end = -((length - index) / 7 + 1);
        named.weekday == day.weekday() && (number == from_start || number == from_end)
    }

    /// Returns the number of the week of a day from the start and from the end of the year to which the week
    /// belongs. The first week has at least four days in its year.
    fn week_numbers(&self, day: Date) -> [i16; 2] {
        let week = first_of_week(day, &self.rule);
        // The fourth day of a week is in the year to which the week belongs.
        let middle = week.saturating_add(3.days());
        let number = (middle.day_of_year() - 1) / 7 + 1;
        let after = (middle.days_in_year() - middle.day_of_year()) / 7;
        [number, -(after + 1)]
    }
}
