//! Rules of matching, one function each. A missing profile field of a teacher matches no rule.

use super::{Pair, lesson_price};
use crate::personal::Personal;
use crate::refusal::Reason;
use crate::scheduling::terms::{LessonFormat, Period};

/// Result of a rule; `None` if the request does not ask for it.
type RuleResult = Option<Result<Reason, Reason>>;
type Rule = fn(&Pair<'_>, Reason) -> RuleResult;

/// All rules, by code.
pub(super) const RULES: &[(&str, Rule)] = &[
    ("another_person", another_person),
    ("active", active),
    ("takes_requests", takes_requests),
    ("subject", subject),
    ("grade", grade),
    ("goals", goals),
    ("format", format),
    ("city", city),
    ("duration", duration),
    ("experience", experience),
    ("price", price),
    ("free_time", free_time),
];

fn found(good: bool, reason: Reason) -> RuleResult {
    Some(if good { Ok(reason) } else { Err(reason) })
}

/// Excludes the student from their own request.
fn another_person(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    found(pair.student != pair.teacher, reason)
}

fn active(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    found(pair.facts.active, reason)
}

fn takes_requests(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    found(pair.facts.takes_requests, reason)
}

fn subject(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    one_of(&pair.terms.subject, &pair.facts.subjects, reason)
}

fn grade(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    one_of(&pair.terms.grade, &pair.facts.grades, reason)
}

fn format(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    one_of(pair.terms.format.as_str(), &pair.facts.formats, reason)
}

fn duration(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    let told: Vec<String> = pair.facts.durations.iter().map(u16::to_string).collect();
    one_of(&pair.terms.duration_minutes.to_string(), &told, reason)
}

/// Matches at least one goal of the student.
fn goals(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    let (asked, told) = (&pair.terms.goals, &pair.facts.goals);
    let served = asked.iter().any(|goal| told.contains(goal));
    found(served, told_and_asked(&asked.join(","), told, reason))
}

/// Compares the city of an offline lesson. The reason does not contain the city.
fn city(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    if pair.terms.format != LessonFormat::Offline {
        return None;
    }
    let asked = pair.terms.city.as_ref().and_then(Personal::known).map(|city| city_key(city));
    let told = pair.facts.city.as_deref().map(city_key).filter(|city| !city.is_empty());
    let same = asked.is_some() && asked == told;
    found(same, reason.with("told", if told.is_some() { "yes" } else { "no" }))
}

fn experience(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    let asked = pair.terms.experience.as_deref()?;
    let told: Vec<String> = pair.facts.experience.iter().cloned().collect();
    one_of(asked, &told, reason)
}

/// Matches a teacher without a rate: they name a price when they accept.
fn price(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    let limit = pair.terms.max_price?;
    let reason = reason.with("at_most", limit.amount).with("currency", limit.currency);
    let Some(rate) = pair.facts.hourly_rate else { return found(true, reason.with("rate", "none")) };
    let price = lesson_price(rate, pair.terms.duration_minutes);
    let within = price.currency == limit.currency && price.amount <= limit.amount;
    found(within, reason.with("price", price.amount).with("price_currency", price.currency))
}

/// Compares intervals: any overlapping lesson excludes the teacher.
fn free_time(pair: &Pair<'_>, reason: Reason) -> RuleResult {
    let Some(asked) = Period::of_minutes(pair.terms.starts_at, pair.terms.duration_minutes) else {
        return found(false, reason);
    };
    match pair.facts.busy.iter().find(|busy| busy.overlaps(&asked)) {
        None => found(true, reason),
        Some(busy) => found(false, reason.with("from", busy.starts_at).with("to", busy.ends_at)),
    }
}

fn one_of(asked: &str, told: &[String], reason: Reason) -> RuleResult {
    found(told.iter().any(|code| code == asked), told_and_asked(asked, told, reason))
}

fn told_and_asked(asked: &str, told: &[String], reason: Reason) -> Reason {
    reason.with("asked", asked).with("teacher", told.join(","))
}

/// Normalises a city for comparison: case folded, Ё as Е, single spaces.
fn city_key(city: &str) -> String {
    let folded = crate::accounts::fold_case(city).replace('ё', "е");
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
