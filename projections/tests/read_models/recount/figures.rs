//! Figures of a report from counted items, each by its own rule.

use domain::support::SlaTarget;
use domain::{AccountId, RecordedEvent};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use projections::crm::analytics::{Interval, Report, ReportQuery};

use super::{Counted, begin, desk, lessons, local, people, week_of};

/// The log up to a position, and the question.
pub struct Figures<'a> {
    pub events: &'a [RecordedEvent],
    pub question: &'a ReportQuery,
}

/// Instants at which the steps of a range begin, and its end.
/// Steps are local days, weeks from Monday or months, cut at both ends.
pub fn steps(from: Timestamp, to: Timestamp, interval: Interval) -> Vec<Timestamp> {
    let mut day = match interval {
        Interval::Day => local(from),
        Interval::Week => week_of(local(from)),
        Interval::Month => local(from).first_of_month(),
    };
    let mut steps = vec![];
    while begin(day) < to {
        steps.push(begin(day).max(from));
        let span = match interval {
            Interval::Day => Span::new().days(1),
            Interval::Week => Span::new().weeks(1),
            Interval::Month => Span::new().months(1),
        };
        day = day.checked_add(span).unwrap();
    }
    steps.push(to);
    steps
}

impl Figures<'_> {
    /// Value of the series `key` between two instants, and its sample size.
    /// Shares are rounded as numbers are.
    pub fn figure(&self, key: &str, from: Timestamp, to: Timestamp) -> (f64, i64) {
        let events = self.events;
        let by = self.question.by.as_deref();
        let within = |all: Vec<Counted>| self.within(all, from, to);
        let class = |all: Vec<Counted>| count(within(all), |one| key == "total" || one.class == key);
        let detail = |all: Vec<Counted>| count(within(all), |one| key == "total" || one.detail == key);
        let welcome = self.question.definition == 1;
        match self.question.report {
            Report::Registrations => class(people::registered(events)),
            Report::ActiveUsers => {
                let active = people::active(events, self.days(from, to));
                count(active, |one| key == "total" || one.class == key)
            }
            Report::Bookings if by == Some("booked_by") => detail(lessons::booked(events)),
            Report::Bookings => class(lessons::booked(events)),
            Report::LessonsHeld if by == Some("format") => detail(lessons::held(events)),
            Report::LessonsHeld => class(lessons::held(events)),
            Report::Cancellations if by == Some("notice") => detail(lessons::cancelled(events)),
            Report::Cancellations => class(lessons::cancelled(events)),
            Report::NoShows => class(lessons::no_shows(events)),
            Report::Utilisation => {
                let (offered, taken) =
                    (within(lessons::offered(events, false)), within(lessons::offered(events, true)));
                match key {
                    "offered" => sum(&offered),
                    "booked" => sum(&taken),
                    _ => share(sum(&taken).0, sum(&offered).0, offered.len()),
                }
            }
            Report::Revenue => {
                let currency = self.question.currency.map_or("RUB".to_owned(), |asked| asked.to_string());
                let all = if key == "held" { lessons::seats_held(events) } else { lessons::booked(events) };
                let own: Vec<Counted> =
                    within(all).into_iter().filter(|one| one.currency == currency).collect();
                sum(&own)
            }
            Report::Unresolved => {
                let ended: Vec<Counted> = within(lessons::unresolved(events))
                    .into_iter()
                    .filter(|one| one.at < self.question.now && one.currency == "RUB")
                    .collect();
                if key == "price" {
                    sum(&ended)
                } else {
                    count(ended, |one| key == "total" || one.class == key)
                }
            }
            Report::Funnel => {
                let steps = within(people::funnel(events));
                match key.strip_suffix("_share") {
                    Some(step) => part(&steps, step, "registered"),
                    None => count(steps, |one| one.class == key),
                }
            }
            Report::Retention => {
                let (size, back) = people::returned(events, key.parse().unwrap(), local(from), self.step());
                share(back as f64, size as f64, size as usize)
            }
            Report::Requests => {
                let (requests, line) = (within(lessons::requests(events)), within(lessons::waitlist(events)));
                let decided = |all: &[Counted], pending: &str| -> Vec<Counted> {
                    let counts = |one: &&Counted| self.question.definition == 1 || one.class != pending;
                    all.iter().filter(counts).cloned().collect()
                };
                match key {
                    "conversion" => part(&decided(&requests, "open"), "accepted", ""),
                    "waitlist_total" => count(line, |_| true),
                    "waitlist_booked" => count(line, |one| one.class == "booked"),
                    "waitlist_conversion" => part(&decided(&line, "waiting"), "booked", ""),
                    _ => count(requests, |one| key == "total" || one.class == key),
                }
            }
            Report::Tickets if by == Some("status") => detail(desk::opened(events, welcome)),
            Report::Tickets => class(desk::opened(events, welcome)),
            // Random desks have few categories, so the class of other categories is empty.
            Report::TicketCategories => class(desk::categories(events, welcome)),
            Report::ResponseTimes => {
                percentile(within(desk::first_responses(events, key.ends_with("_elapsed"))), key)
            }
            Report::ResolutionTimes => {
                percentile(within(desk::resolutions(events, key.ends_with("_elapsed"))), key)
            }
            Report::Sla => {
                let first = key == "first_response";
                let target = if first { SlaTarget::FirstResponse } else { SlaTarget::Resolution };
                part(&within(desk::decided(events, target)), "met", "")
            }
            Report::Csat => {
                let ratings = within(desk::ratings(events));
                match key {
                    "average" => share(sum(&ratings).0, ratings.len() as f64, ratings.len()),
                    _ => count(ratings, |one| one.class == key),
                }
            }
            Report::Messages => class(lessons::messages(events)),
        }
    }

    /// Weeks or months of a cohort that the report shows, as far as they have begun.
    pub fn followed(&self, first: Date, now: Timestamp) -> Vec<Timestamp> {
        let days = std::iter::successors(Some(first), |day| day.checked_add(self.step()).ok());
        days.map(begin).take_while(|begins| *begins <= now).collect()
    }

    /// Length of the steps of cohorts.
    fn step(&self) -> Span {
        match self.question.interval {
            Interval::Month => Span::new().months(1),
            Interval::Day | Interval::Week => Span::new().weeks(1),
        }
    }

    /// Local days that a step touches.
    fn days(&self, from: Timestamp, to: Timestamp) -> (Date, Date) {
        let last = local(to);
        let end = if begin(last) == to { last } else { last.tomorrow().unwrap() };
        (local(from), end)
    }

    fn within(&self, all: Vec<Counted>, from: Timestamp, to: Timestamp) -> Vec<Counted> {
        let filter = &self.question.filter;
        let is = |asked: Option<AccountId>, owner: Option<AccountId>| asked.is_none() || asked == owner;
        let own = |one: &Counted| {
            (from..to).contains(&one.at)
                && is(filter.teacher_id, one.owner)
                && is(filter.agent_id, one.owner)
                && (filter.subject.is_none() || filter.subject == one.subject)
        };
        all.into_iter().filter(own).collect()
    }
}

fn count(all: Vec<Counted>, which: impl Fn(&Counted) -> bool) -> (f64, i64) {
    let found = all.iter().filter(|one| which(one)).count();
    (found as f64, found as i64)
}

fn sum(all: &[Counted]) -> (f64, i64) {
    (all.iter().map(|one| one.value).sum::<i64>() as f64, all.len() as i64)
}

/// Share of one class in another class, or in all.
fn part(all: &[Counted], class: &str, whole: &str) -> (f64, i64) {
    let own = all.iter().filter(|one| one.class == class).count();
    let of = all.iter().filter(|one| whole.is_empty() || one.class == whole).count();
    share(own as f64, of as f64, of)
}

fn share(part: f64, whole: f64, sample: usize) -> (f64, i64) {
    (if whole == 0.0 { 0.0 } else { part / whole }, sample as i64)
}

/// Smallest value that the given share of all does not exceed.
fn percentile(all: Vec<Counted>, key: &str) -> (f64, i64) {
    let mut values: Vec<i64> = all.iter().map(|one| one.value).collect();
    values.sort_unstable();
    let percent = if key.starts_with("median") { 50 } else { 90 };
    let rank = (values.len() * percent).div_ceil(100).max(1);
    (values.get(rank - 1).map_or(0.0, |value| *value as f64), values.len() as i64)
}
