//! What each report shows, out of which facts: the one table that cards, charts, exports and drill-downs read.

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::accounts::Locale;
use jiff::civil::Date;

use super::answer::Unit;
use super::labels::label;
use super::question::{Interval, Question, Report};
use crate::crm::analytics::Measure;
use crate::crm::analytics::local_days::{add_days, day_of, monday_of, start_of_day};

/// So many categories of tickets have a series of their own.
pub(super) const CATEGORIES: usize = 20;
/// The series of everything that has none of its own.
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

/// Which facts: of a measure, and of a class or a detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pick {
    pub measure: Measure,
    pub class: Option<Cow<'static, str>>,
    pub detail: Option<&'static str>,
    /// None of these classes.
    pub not: Vec<String>,
}

/// How facts become a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum How {
    Count(Pick),
    /// The sum of their values.
    Sum(Pick),
    Ratio {
        part: Pick,
        whole: Pick,
    },
    /// Of the sums of their values.
    RatioOfSums {
        part: Pick,
        whole: Pick,
    },
    /// Of their values.
    Average(Pick),
    /// A value that so many percent of all do not exceed.
    Percentile(Measure, Percent),
    /// Of those who registered in this week, how many were active in the week of the point.
    Cohort(Date),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Percent {
    Half,
    Ninety,
}

/// A series of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub key: String,
    pub unit: Unit,
    pub how: How,
    /// Has no points, but a figure of the whole range.
    pub only_total: bool,
}

impl Line {
    /// What people call it; categories are called what they are.
    pub fn label(&self, locale: Locale) -> String {
        match &self.how {
            How::Count(Pick { measure: Measure::TicketCategory, class: Some(category), .. }) => {
                category.clone().into_owned()
            }
            _ => label(&self.key, locale),
        }
    }
}

impl How {
    /// The facts behind the value, all parts of it.
    pub fn picks(&self) -> Vec<Pick> {
        match self {
            How::Count(pick) | How::Sum(pick) | How::Average(pick) => vec![pick.clone()],
            How::Ratio { part, whole } | How::RatioOfSums { part, whole } => {
                vec![part.clone(), whole.clone()]
            }
            How::Percentile(measure, _) => vec![all(*measure)],
            How::Cohort(_) => vec![all(Measure::Registered), all(Measure::Returned)],
        }
    }
}

/// What a report can be filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Lessons,
    Requests,
    Tickets,
    Nothing,
}

impl Report {
    /// The newest of its definitions, which are counted from 1. A figure that would come out differently is a
    /// new one; it stands beside the old ones, which can be asked on, over all history.
    pub fn newest_definition(self) -> u16 {
        match self {
            Report::Requests => 2,
            _ => 1,
        }
    }

    pub(super) fn taken(self) -> Taken {
        match self {
            Report::Bookings
            | Report::LessonsHeld
            | Report::Cancellations
            | Report::NoShows
            | Report::Utilisation
            | Report::Revenue => Taken::Lessons,
            Report::Requests => Taken::Requests,
            Report::Tickets
            | Report::TicketCategories
            | Report::ResponseTimes
            | Report::ResolutionTimes
            | Report::Sla
            | Report::Csat => Taken::Tickets,
            Report::Registrations
            | Report::ActiveUsers
            | Report::Funnel
            | Report::Retention
            | Report::Messages => Taken::Nothing,
        }
    }

    /// The filters that it takes, by the names of their parameters.
    pub fn filters(self) -> &'static [&'static str] {
        match self.taken() {
            Taken::Lessons if self == Report::Revenue => &["subject", "teacher_id", "currency"],
            Taken::Lessons => &["subject", "teacher_id"],
            Taken::Requests => &["subject"],
            Taken::Tickets => &["agent_id"],
            Taken::Nothing => &[],
        }
    }

    /// By what its series can be told apart; the first is the usual one. Empty where there is no choice.
    pub fn groupings(self) -> &'static [&'static str] {
        match self {
            Report::Bookings => &["lesson_type", "booked_by"],
            Report::LessonsHeld => &["lesson_type", "format"],
            Report::Cancellations => &["side", "notice"],
            Report::Tickets => &["priority", "status"],
            _ => &[],
        }
    }

    /// The intervals in which it comes.
    pub fn intervals(self) -> &'static [Interval] {
        if self == Report::Retention { &[Interval::Week] } else { Interval::ALL }
    }

    pub fn usual_interval(self) -> Interval {
        self.intervals()[0]
    }
}

/// The series of a report; `categories` are those of tickets that have one of their own.
pub(super) fn lines(question: &Question, categories: &[String]) -> Vec<Line> {
    let second = question.by.as_deref().is_some_and(|by| question.report.groupings().get(1) == Some(&by));
    match question.report {
        Report::Registrations => by_class(Measure::Registered, ROLES),
        Report::ActiveUsers => by_class(Measure::Active, USER_TYPES),
        Report::Bookings if second => by_detail(Measure::Booked, BOOKED_BY),
        Report::Bookings => by_class(Measure::Booked, LESSON_TYPES),
        Report::LessonsHeld if second => by_detail(Measure::Held, FORMATS),
        Report::LessonsHeld => by_class(Measure::Held, LESSON_TYPES),
        Report::Cancellations if second => by_detail(Measure::Cancelled, NOTICE),
        Report::Cancellations => by_class(Measure::Cancelled, PARTIES),
        Report::NoShows => by_class(Measure::NoShow, ABSENT),
        Report::Utilisation => utilisation(),
        Report::Revenue => vec![
            line("booked", Unit::Money, How::Sum(all(Measure::Booked))),
            line("held", Unit::Money, How::Sum(all(Measure::SeatHeld))),
        ],
        Report::Funnel => funnel(),
        Report::Retention => cohorts(question),
        Report::Requests => requests(question.definition),
        Report::Tickets if second => by_detail(Measure::Ticket, STATUSES),
        Report::Tickets => by_class(Measure::Ticket, PRIORITIES),
        Report::TicketCategories => ticket_categories(categories),
        Report::ResponseTimes => times(Measure::FirstResponse, Measure::FirstResponseElapsed),
        Report::ResolutionTimes => times(Measure::Resolution, Measure::ResolutionElapsed),
        Report::Sla => vec![
            attainment("first_response", Measure::SlaFirstResponse),
            attainment("resolution", Measure::SlaResolution),
        ],
        Report::Csat => {
            let mut lines = counts(Measure::Csat, RATINGS);
            lines.push(line("average", Unit::Points, How::Average(all(Measure::Csat))));
            lines
        }
        Report::Messages => by_class(Measure::Message, CONVERSATIONS),
    }
}

/// The measures behind series, each once.
pub(super) fn measures(lines: &[Line]) -> Vec<Measure> {
    let picks = lines.iter().flat_map(|line| line.how.picks());
    picks.map(|pick| pick.measure).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Every fact of a measure.
pub(super) fn all(measure: Measure) -> Pick {
    Pick { measure, class: None, detail: None, not: Vec::new() }
}

/// Those of one class.
pub(super) fn of(measure: Measure, class: impl Into<Cow<'static, str>>) -> Pick {
    Pick { class: Some(class.into()), ..all(measure) }
}

/// Those with one detail.
pub(super) fn with(measure: Measure, detail: &'static str) -> Pick {
    Pick { detail: Some(detail), ..all(measure) }
}

fn line(key: impl Into<String>, unit: Unit, how: How) -> Line {
    Line { key: key.into(), unit, how, only_total: false }
}

fn count(key: impl Into<String>, pick: Pick) -> Line {
    line(key, Unit::Count, How::Count(pick))
}

fn counts(measure: Measure, classes: &'static [&'static str]) -> Vec<Line> {
    classes.iter().map(|class| count(*class, of(measure, *class))).collect()
}

fn by_class(measure: Measure, classes: &'static [&'static str]) -> Vec<Line> {
    let mut lines = counts(measure, classes);
    lines.push(count(TOTAL, all(measure)));
    lines
}

fn by_detail(measure: Measure, details: &'static [&'static str]) -> Vec<Line> {
    let mut lines: Vec<Line> = details.iter().map(|detail| count(*detail, with(measure, detail))).collect();
    lines.push(count(TOTAL, all(measure)));
    lines
}

fn utilisation() -> Vec<Line> {
    let (part, whole) = (all(Measure::Taken), all(Measure::Offered));
    vec![
        line("offered", Unit::Minutes, How::Sum(whole.clone())),
        line("booked", Unit::Minutes, How::Sum(part.clone())),
        line("utilisation", Unit::Ratio, How::RatioOfSums { part, whole }),
    ]
}

fn funnel() -> Vec<Line> {
    let mut lines = counts(Measure::Funnel, STEPS);
    lines.extend(STEPS[1..].iter().map(|step| {
        let (part, whole) = (of(Measure::Funnel, *step), of(Measure::Funnel, STEPS[0]));
        let share = line(format!("{step}_share"), Unit::Ratio, How::Ratio { part, whole });
        Line { only_total: true, ..share }
    }));
    lines
}

/// The weeks in which the range has a day.
fn cohorts(question: &Question) -> Vec<Line> {
    let first = monday_of(day_of(question.from));
    std::iter::successors(Some(first), |week| Some(add_days(*week, 7)))
        .take_while(|week| start_of_day(*week) < question.to)
        .map(|week| line(week.to_string(), Unit::Ratio, How::Cohort(week)))
        .collect()
}

/// Of definition 1, conversion is the share of all; since 2, of those of which something has become: else the last
/// days look worse than they are.
fn requests(definition: u16) -> Vec<Line> {
    let mut lines = by_class(Measure::Request, REQUESTS);
    let conversion = |key, measure, class, pending: &str| {
        let not = if definition == 1 { Vec::new() } else { vec![pending.to_owned()] };
        let whole = Pick { not, ..all(measure) };
        line(key, Unit::Ratio, How::Ratio { part: of(measure, class), whole })
    };
    lines.push(conversion("conversion", Measure::Request, "accepted", "open"));
    lines.push(count("waitlist_total", all(Measure::Waitlist)));
    lines.push(count("waitlist_booked", of(Measure::Waitlist, "booked")));
    lines.push(conversion("waitlist_conversion", Measure::Waitlist, "booked", "waiting"));
    lines
}

fn ticket_categories(categories: &[String]) -> Vec<Line> {
    let measure = Measure::TicketCategory;
    let mut lines: Vec<Line> =
        categories.iter().map(|category| count(category, of(measure, category.clone()))).collect();
    lines.push(count(OTHER, Pick { not: categories.to_vec(), ..all(measure) }));
    lines.push(count(TOTAL, all(measure)));
    lines
}

fn times(business: Measure, elapsed: Measure) -> Vec<Line> {
    let time = |key, measure, percent| line(key, Unit::Seconds, How::Percentile(measure, percent));
    vec![
        time("median", business, Percent::Half),
        time("p90", business, Percent::Ninety),
        time("median_elapsed", elapsed, Percent::Half),
        time("p90_elapsed", elapsed, Percent::Ninety),
    ]
}

fn attainment(key: &str, measure: Measure) -> Line {
    line(key, Unit::Ratio, How::Ratio { part: of(measure, "met"), whole: all(measure) })
}
