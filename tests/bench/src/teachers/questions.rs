//! Questions of visitors to the catalogue.

use domain::{Currency, Money};
use jiff::{SignedDuration, Timestamp};
use projections::accounts::{TeacherFilter, TeacherSort};
use projections::scheduling::TimeOfDay;

use super::catalogue_data::SUBJECTS;
use crate::rng::SeededRng;

/// A question, with its form as a query string.
pub(super) struct Question {
    pub filter: TeacherFilter,
    pub sort: TeacherSort,
    pub query: String,
}

/// One question of each kind.
pub(super) fn samples(now: Timestamp) -> Vec<Question> {
    let mut rng = SeededRng(1);
    (0..KINDS).map(|kind| question(kind, &mut rng, now)).collect()
}

/// So many questions of all kinds in turn, each with other values.
pub(super) fn questions(now: Timestamp, count: usize) -> Vec<Question> {
    let mut rng = SeededRng(2);
    (0..count).map(|n| question(n % KINDS, &mut rng, now)).collect()
}

const KINDS: usize = 12;

fn question(kind: usize, rng: &mut SeededRng, now: Timestamp) -> Question {
    let subject = Some(SUBJECTS[rng.below(SUBJECTS.len())].to_owned());
    let none = TeacherFilter::default;
    let day = now + SignedDuration::from_hours(24 * (1 + rng.below(20) as i64));
    let price = Some(Money { amount: 80_000 + 10_000 * rng.below(10) as i64, currency: Currency::RUB });
    let evening = TimeOfDay::between(18 * 60, 21 * 60, Some("Europe/Moscow".to_owned()));
    let early = TimeOfDay::between(4 * 60, 6 * 60, Some("Europe/Moscow".to_owned()));
    let mut typed = None;
    let (filter, sort) = match kind {
        0 => (none(), TeacherSort::Newest),
        1 => (TeacherFilter { subject, ..none() }, TeacherSort::Newest),
        2 => (TeacherFilter { subject, has_free_slots: Some(true), ..none() }, TeacherSort::SoonestSlot),
        3 => (TeacherFilter { has_free_slots: Some(true), ..none() }, TeacherSort::CheapestSlot),
        4 => (TeacherFilter { subject, max_price: price, ..none() }, TeacherSort::CheapestSlot),
        5 => (TeacherFilter { max_price: price, min_rating: Some(4.0), ..none() }, TeacherSort::BestRated),
        6 => {
            let available_to = Some(day + SignedDuration::from_hours(24));
            (TeacherFilter { available_from: Some(day), available_to, ..none() }, TeacherSort::Newest)
        }
        7 => {
            let available_to = Some(day + SignedDuration::from_hours(48));
            let filter = TeacherFilter { subject, available_from: Some(day), available_to, ..none() };
            (TeacherFilter { time_of_day: evening, max_price: price, ..filter }, TeacherSort::SoonestSlot)
        }
        8 => (TeacherFilter { time_of_day: early, ..none() }, TeacherSort::Newest),
        9 => {
            let q = ["физ", "матем", "иван"][rng.below(3)];
            typed = Some(q.to_owned());
            let filter = TeacherFilter { q: Some(q.into()), has_free_slots: Some(true), ..none() };
            (filter, TeacherSort::Newest)
        }
        10 => {
            let format = Some("offline".to_owned());
            (TeacherFilter { format, duration: Some(90), ..none() }, TeacherSort::Cheapest)
        }
        _ => (TeacherFilter { time_of_day: evening, subject, ..none() }, TeacherSort::BestRated),
    };
    let query = query(&filter, typed, sort);
    Question { filter, sort, query }
}

fn query(filter: &TeacherFilter, typed: Option<String>, sort: TeacherSort) -> String {
    let mut parts = vec![format!("sort={}", sort.as_str())];
    let mut part = |name: &str, value: Option<String>| {
        parts.extend(value.map(|value| format!("{name}={value}")));
    };
    part("subject", filter.subject.clone());
    part("format", filter.format.clone());
    part("duration", filter.duration.map(|minutes| minutes.to_string()));
    part("q", typed);
    part("min_rating", filter.min_rating.map(|rating| rating.to_string()));
    part("max_price", filter.max_price.map(|price| price.amount.to_string()));
    part("has_free_slots", filter.has_free_slots.map(|has| has.to_string()));
    part("available_from", filter.available_from.map(|at| at.to_string()));
    part("available_to", filter.available_to.map(|at| at.to_string()));
    if let Some(time) = &filter.time_of_day {
        let clock = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
        part("time_from", Some(clock(time.from)));
        part("time_to", Some(clock(time.from + time.length)));
        part("time_zone", time.zone.clone());
    }
    parts.join("&")
}
