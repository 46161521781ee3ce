//! Definitions of the reports: one table for cards, charts, exports and drill-downs.

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::Role;
use domain::accounts::Locale;
use jiff::civil::Date;

use super::buckets::{first_of_bucket, next_bucket};
use super::labels::label;
use super::query::{DateOf, Dimension, Interval, Report, ReportQuery};
use super::result::Unit;
use crate::crm::analytics::Measure;
use crate::crm::analytics::local_days::{add_days, add_months, day_of, start_of_day};

/// Number of ticket categories that have their own series.
pub(super) const CATEGORIES: usize = 20;
/// Series of all facts without their own series.
pub(super) const OTHER: &str = "other";
pub(super) const TOTAL: &str = "total";

const ROLES: &[&str] = &["student", "teacher", "support", "analyst", "admin", "auditor"];
const USER_TYPES: &[&str] = &["student", "teacher", "staff"];
const LESSON_TYPES: &[&str] = &["regular", "trial"];
const BOOKED_BY: &[&str] = &["student", "teacher", "request", "waitlist", "class"];
const FORMATS: &[&str] = &["online", "offline", "mini_group"];
const PARTIES: &[&str] = &["student", "teacher", "system"];
const NOTICE: &[&str] = &["in_time", "late"];
const ABSENT: &[&str] = &["student", "teacher"];
const STEPS: &[&str] =
    &["registered", "profile_filled", "first_booking", "first_lesson_held", "second_booking"];
const REQUESTS: &[&str] = &["accepted", "expired", "cancelled", "open"];
const PRIORITIES: &[&str] = &["low", "medium", "high", "urgent"];
const STATUSES: &[&str] = &["open", "in_progress", "waiting", "resolved", "closed"];
const RATINGS: &[&str] = &["1", "2", "3", "4", "5"];
const CONVERSATIONS: &[&str] = &["direct", "class", "lesson"];

/// Selector of facts by measure, class and detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FactSelector {
    pub measure: Measure,
    pub class: Option<Cow<'static, str>>,
    pub detail: Option<&'static str>,
    /// Classes to leave out.
    pub excluded_classes: Vec<String>,
}

/// Computation of a value from facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Aggregation {
    Count(FactSelector),
    /// Sum of the values.
    Sum(FactSelector),
    Ratio {
        part: FactSelector,
        whole: FactSelector,
    },
    /// Ratio of two sums of values.
    RatioOfSums {
        part: FactSelector,
        whole: FactSelector,
    },
    /// Mean of the values.
    Average(FactSelector),
    /// Value that this percentage of all values does not exceed.
    Percentile(Measure, PercentileRank),
    /// Share of the people of a cohort who were active in the week or the month of the point.
    Cohort(Cohort),
}

/// People who registered in one week or month: of a role at registration, or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cohort {
    /// First day of the week or the month.
    pub first_day: Date,
    /// A week or a month.
    pub interval: Interval,
    pub role: Option<Role>,
}

impl Cohort {
    /// Returns the first day of the week or the month that is `number` after the first.
    pub fn day_after(&self, number: i32) -> Date {
        match self.interval {
            Interval::Month => add_months(self.first_day, number),
            Interval::Day | Interval::Week => add_days(self.first_day, 7 * number),
        }
    }

    /// Selects the registrations.
    pub fn registered(&self) -> FactSelector {
        FactSelector { class: self.role.map(|role| role.as_str().into()), ..all_facts(Measure::Registered) }
    }

    /// Selects the returns, in any week or month.
    pub fn returned(&self) -> FactSelector {
        let measure = match self.interval {
            Interval::Month => Measure::ReturnedMonth,
            Interval::Day | Interval::Week => Measure::Returned,
        };
        FactSelector { detail: self.role.map(Role::as_str), ..all_facts(measure) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PercentileRank {
    P50,
    P90,
}

/// Series of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SeriesDef {
    pub key: String,
    pub unit: Unit,
    pub aggregation: Aggregation,
    /// `true` if the series has a total but no points.
    pub only_total: bool,
}

impl SeriesDef {
    /// Returns the label. The label of a category is its name.
    pub fn label(&self, locale: Locale) -> String {
        match &self.aggregation {
            Aggregation::Count(FactSelector {
                measure: Measure::TicketCategory | Measure::AskedTicketCategory,
                class: Some(category),
                ..
            }) => category.clone().into_owned(),
            _ => label(&self.key, locale),
        }
    }
}

impl Aggregation {
    /// Returns the selectors of all facts behind the value.
    pub fn selectors(&self) -> Vec<FactSelector> {
        match self {
            Aggregation::Count(selector) | Aggregation::Sum(selector) | Aggregation::Average(selector) => {
                vec![selector.clone()]
            }
            Aggregation::Ratio { part, whole } | Aggregation::RatioOfSums { part, whole } => {
                vec![part.clone(), whole.clone()]
            }
            Aggregation::Percentile(measure, _) => vec![all_facts(*measure)],
            Aggregation::Cohort(cohort) => vec![cohort.registered(), cohort.returned()],
        }
    }
}

/// Returns the series of a report. `categories` are the ticket categories that have their own series.
pub(super) fn series_of_report(query: &ReportQuery, categories: &[String]) -> Vec<SeriesDef> {
    let second = query.by.as_deref().is_some_and(|by| query.report.groupings().get(1) == Some(&by));
    let by_date = |decision, lesson| match query.date_of {
        DateOf::Decision => decision,
        DateOf::Lesson => lesson,
    };
    match query.report {
        Report::Registrations => series_by_class(Measure::Registered, ROLES),
        Report::ActiveUsers => series_by_class(Measure::Active, USER_TYPES),
        Report::Bookings if second => series_by_detail(Measure::Booked, BOOKED_BY),
        Report::Bookings => series_by_class(Measure::Booked, LESSON_TYPES),
        Report::LessonsHeld if second => {
            series_by_detail(by_date(Measure::Held, Measure::LessonHeld), FORMATS)
        }
        Report::LessonsHeld => series_by_class(by_date(Measure::Held, Measure::LessonHeld), LESSON_TYPES),
        Report::Cancellations if second => series_by_detail(Measure::Cancelled, NOTICE),
        Report::Cancellations => series_by_class(Measure::Cancelled, PARTIES),
        Report::NoShows => series_by_class(Measure::NoShow, ABSENT),
        Report::Utilisation => utilisation_series(),
        Report::Revenue => vec![
            money_series("booked", by_date(Measure::Booked, Measure::LessonBooked)),
            money_series("held", by_date(Measure::SeatHeld, Measure::LessonSeatHeld)),
        ],
        Report::Unresolved => {
            let mut series = series_by_class(Measure::Unresolved, LESSON_TYPES);
            series.push(money_series("price", Measure::Unresolved));
            series
        }
        Report::Funnel => funnel_series(),
        Report::Retention => cohort_series(query),
        Report::Requests => request_series(query.definition),
        Report::Tickets if second => series_by_detail(ticket_measures(query).0, STATUSES),
        Report::Tickets => series_by_class(ticket_measures(query).0, PRIORITIES),
        Report::TicketCategories => ticket_category_series(ticket_measures(query).1, categories),
        Report::ResponseTimes => duration_series(Measure::FirstResponse, Measure::FirstResponseElapsed),
        Report::ResolutionTimes => duration_series(Measure::Resolution, Measure::ResolutionElapsed),
        Report::Sla => vec![
            sla_series("first_response", Measure::SlaFirstResponse),
            sla_series("resolution", Measure::SlaResolution),
        ],
        Report::Csat => {
            let mut series = class_count_series(Measure::Csat, RATINGS);
            series.push(series_def("average", Unit::Points, Aggregation::Average(all_facts(Measure::Csat))));
            series
        }
        Report::Messages => series_by_class(Measure::Message, CONVERSATIONS),
    }
}

/// Returns the series that each group of a dimension has. The first decides which groups are the largest.
pub(super) fn series_of_group(query: &ReportQuery) -> Vec<SeriesDef> {
    let kept = |keys: &[&str]| -> Vec<SeriesDef> {
        let series = series_of_report(query, &[]);
        keys.iter().filter_map(|key| series.iter().find(|def| def.key == *key).cloned()).collect()
    };
    match query.report {
        Report::Revenue => kept(&["booked", "held"]),
        Report::Unresolved => kept(&[TOTAL, "price"]),
        Report::Utilisation => kept(&["offered", "booked", "utilisation"]),
        Report::Requests => kept(&[TOTAL, "accepted", "conversion"]),
        Report::ResponseTimes | Report::ResolutionTimes => kept(&["median", "p90"]),
        Report::Sla => kept(&["first_response", "resolution"]),
        Report::Csat => kept(&["average"]),
        Report::Registrations
        | Report::ActiveUsers
        | Report::Bookings
        | Report::LessonsHeld
        | Report::Cancellations
        | Report::NoShows
        | Report::Funnel
        | Report::Retention
        | Report::Tickets
        | Report::TicketCategories
        | Report::Messages => kept(&[TOTAL]),
    }
}

/// Returns the measures behind series, without duplicates.
pub(super) fn measures_of(series: &[SeriesDef]) -> Vec<Measure> {
    let selectors = series.iter().flat_map(|def| def.aggregation.selectors());
    selectors.map(|selector| selector.measure).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Selects every fact of a measure.
pub(super) fn all_facts(measure: Measure) -> FactSelector {
    FactSelector { measure, class: None, detail: None, excluded_classes: Vec::new() }
}

/// Selects the facts of one class.
pub(super) fn facts_of_class(measure: Measure, class: impl Into<Cow<'static, str>>) -> FactSelector {
    FactSelector { class: Some(class.into()), ..all_facts(measure) }
}

/// Selects the facts with one detail.
pub(super) fn facts_with_detail(measure: Measure, detail: &'static str) -> FactSelector {
    FactSelector { detail: Some(detail), ..all_facts(measure) }
}

fn series_def(key: impl Into<String>, unit: Unit, aggregation: Aggregation) -> SeriesDef {
    SeriesDef { key: key.into(), unit, aggregation, only_total: false }
}

fn count_series(key: impl Into<String>, selector: FactSelector) -> SeriesDef {
    series_def(key, Unit::Count, Aggregation::Count(selector))
}

fn class_count_series(measure: Measure, classes: &'static [&'static str]) -> Vec<SeriesDef> {
    classes.iter().map(|class| count_series(*class, facts_of_class(measure, *class))).collect()
}

fn series_by_class(measure: Measure, classes: &'static [&'static str]) -> Vec<SeriesDef> {
    let mut series = class_count_series(measure, classes);
    series.push(count_series(TOTAL, all_facts(measure)));
    series
}

fn series_by_detail(measure: Measure, details: &'static [&'static str]) -> Vec<SeriesDef> {
    let mut series: Vec<SeriesDef> =
        details.iter().map(|detail| count_series(*detail, facts_with_detail(measure, detail))).collect();
    series.push(count_series(TOTAL, all_facts(measure)));
    series
}

/// Returns the measures of tickets and of their categories. Since definition 2, welcome tickets count only where the
/// query names a channel.
pub(super) fn ticket_measures(query: &ReportQuery) -> (Measure, Measure) {
    let names_channel = query.filter.channel.is_some() || query.dimension() == Some(Dimension::Channel);
    if query.definition == 1 || names_channel {
        (Measure::Ticket, Measure::TicketCategory)
    } else {
        (Measure::AskedTicket, Measure::AskedTicketCategory)
    }
}

fn money_series(key: &str, measure: Measure) -> SeriesDef {
    series_def(key, Unit::Money, Aggregation::Sum(all_facts(measure)))
}

fn utilisation_series() -> Vec<SeriesDef> {
    let (part, whole) = (all_facts(Measure::Taken), all_facts(Measure::Offered));
    vec![
        series_def("offered", Unit::Minutes, Aggregation::Sum(whole.clone())),
        series_def("booked", Unit::Minutes, Aggregation::Sum(part.clone())),
        series_def("utilisation", Unit::Ratio, Aggregation::RatioOfSums { part, whole }),
    ]
}

fn funnel_series() -> Vec<SeriesDef> {
    let mut series = class_count_series(Measure::Funnel, STEPS);
    series.extend(STEPS[1..].iter().map(|step| {
        let (part, whole) =
            (facts_of_class(Measure::Funnel, *step), facts_of_class(Measure::Funnel, STEPS[0]));
        let share = series_def(format!("{step}_share"), Unit::Ratio, Aggregation::Ratio { part, whole });
        SeriesDef { only_total: true, ..share }
    }));
    series
}

/// Returns a series for each week or month in which the range has a day.
fn cohort_series(query: &ReportQuery) -> Vec<SeriesDef> {
    let (interval, role) = (query.interval, query.filter.role);
    let first = first_of_bucket(day_of(query.from), interval);
    std::iter::successors(Some(first), |day| Some(next_bucket(*day, interval)))
        .take_while(|day| start_of_day(*day) < query.to)
        .map(|first_day| {
            let cohort = Aggregation::Cohort(Cohort { first_day, interval, role });
            series_def(first_day.to_string(), Unit::Ratio, cohort)
        })
        .collect()
}

/// Returns the series of requests. In definition 1, conversion is the share of all requests. Since definition
/// 2, undecided requests do not count, because they make the last days look worse than they are.
fn request_series(definition: u16) -> Vec<SeriesDef> {
    let mut series = series_by_class(Measure::Request, REQUESTS);
    let conversion = |key, measure, class, pending: &str| {
        let excluded_classes = if definition == 1 { Vec::new() } else { vec![pending.to_owned()] };
        let whole = FactSelector { excluded_classes, ..all_facts(measure) };
        series_def(key, Unit::Ratio, Aggregation::Ratio { part: facts_of_class(measure, class), whole })
    };
    series.push(conversion("conversion", Measure::Request, "accepted", "open"));
    series.push(count_series("waitlist_total", all_facts(Measure::Waitlist)));
    series.push(count_series("waitlist_booked", facts_of_class(Measure::Waitlist, "booked")));
    series.push(conversion("waitlist_conversion", Measure::Waitlist, "booked", "waiting"));
    series
}

fn ticket_category_series(measure: Measure, categories: &[String]) -> Vec<SeriesDef> {
    let mut series: Vec<SeriesDef> = categories
        .iter()
        .map(|category| count_series(category, facts_of_class(measure, category.clone())))
        .collect();
    series.push(count_series(
        OTHER,
        FactSelector { excluded_classes: categories.to_vec(), ..all_facts(measure) },
    ));
    series.push(count_series(TOTAL, all_facts(measure)));
    series
}

fn duration_series(business: Measure, elapsed: Measure) -> Vec<SeriesDef> {
    let time =
        |key, measure, percent| series_def(key, Unit::Seconds, Aggregation::Percentile(measure, percent));
    vec![
        time("median", business, PercentileRank::P50),
        time("p90", business, PercentileRank::P90),
        time("median_elapsed", elapsed, PercentileRank::P50),
        time("p90_elapsed", elapsed, PercentileRank::P90),
    ]
}

fn sla_series(key: &str, measure: Measure) -> SeriesDef {
    series_def(
        key,
        Unit::Ratio,
        Aggregation::Ratio { part: facts_of_class(measure, "met"), whole: all_facts(measure) },
    )
}
