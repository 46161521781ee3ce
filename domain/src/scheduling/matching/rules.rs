//! The rules of matching, one function each; what a teacher has not told meets no rule.

use super::{Pair, lesson_price};
use crate::personal::Personal;
use crate::refusal::Reason;
use crate::scheduling::terms::{LessonFormat, Period};

/// What a rule finds: `None` where the request does not ask for it.
type Finding = Option<Result<Reason, Reason>>;
type Rule = fn(&Pair<'_>, Reason) -> Finding;

/// Every rule, by its code.
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

fn found(good: bool, reason: Reason) -> Finding {
    Some(if good { Ok(reason) } else { Err(reason) })
}

/// Nobody teaches themselves.
fn another_person(pair: &Pair<'_>, reason: Reason) -> Finding {
    found(pair.student != pair.teacher, reason)
}

fn active(pair: &Pair<'_>, reason: Reason) -> Finding {
    found(pair.facts.active, reason)
}

fn takes_requests(pair: &Pair<'_>, reason: Reason) -> Finding {
    found(pair.facts.takes_requests, reason)
}

fn subject(pair: &Pair<'_>, reason: Reason) -> Finding {
    one_of(&pair.terms.subject, &pair.facts.subjects, reason)
}

fn grade(pair: &Pair<'_>, reason: Reason) -> Finding {
    one_of(&pair.terms.grade, &pair.facts.grades, reason)
}

fn format(pair: &Pair<'_>, reason: Reason) -> Finding {
    one_of(pair.terms.format.as_str(), &pair.facts.formats, reason)
}

fn duration(pair: &Pair<'_>, reason: Reason) -> Finding {
    let told: Vec<String> = pair.facts.durations.iter().map(u16::to_string).collect();
    one_of(&pair.terms.duration_minutes.to_string(), &told, reason)
}

/// At least one of the goals that the student pursues is served.
fn goals(pair: &Pair<'_>, reason: Reason) -> Finding {
    let (asked, told) = (&pair.terms.goals, &pair.facts.goals);
    let served = asked.iter().any(|goal| told.contains(goal));
    found(served, told_and_asked(&asked.join(","), told, reason))
}

/// For a lesson offline; whose city it is stays out of the reason.
fn city(pair: &Pair<'_>, reason: Reason) -> Finding {
    if pair.terms.format != LessonFormat::Offline {
        return None;
    }
    let asked = pair.terms.city.as_ref().and_then(Personal::known).map(|city| city_key(city));
    let told = pair.facts.city.as_deref().map(city_key).filter(|city| !city.is_empty());
    let same = asked.is_some() && asked == told;
    found(same, reason.with("told", if told.is_some() { "yes" } else { "no" }))
}

fn experience(pair: &Pair<'_>, reason: Reason) -> Finding {
    let asked = pair.terms.experience.as_deref()?;
    let told: Vec<String> = pair.facts.experience.iter().cloned().collect();
    one_of(asked, &told, reason)
}

/// A teacher without a rate names a price when accepting: nothing is known against them.
fn price(pair: &Pair<'_>, reason: Reason) -> Finding {
    let limit = pair.terms.max_price?;
    let reason = reason.with("at_most", limit.amount).with("currency", limit.currency);
    let Some(rate) = pair.facts.hourly_rate else { return found(true, reason.with("rate", "none")) };
    let price = lesson_price(rate, pair.terms.duration_minutes);
    let within = price.currency == limit.currency && price.amount <= limit.amount;
    found(within, reason.with("price", price.amount).with("price_currency", price.currency))
}

/// By interval: a lesson that has begun before, or begins meanwhile, is in the way too.
fn free_time(pair: &Pair<'_>, reason: Reason) -> Finding {
    let Some(asked) = Period::of_minutes(pair.terms.starts_at, pair.terms.duration_minutes) else {
        return found(false, reason);
    };
    match pair.facts.busy.iter().find(|busy| busy.overlaps(&asked)) {
        None => found(true, reason),
        Some(busy) => found(false, reason.with("from", busy.starts_at).with("to", busy.ends_at)),
    }
}

fn one_of(asked: &str, told: &[String], reason: Reason) -> Finding {
    found(told.iter().any(|code| code == asked), told_and_asked(asked, told, reason))
}

fn told_and_asked(asked: &str, told: &[String], reason: Reason) -> Reason {
    reason.with("asked", asked).with("teacher", told.join(","))
}

/// A city as it is compared: case folded, Ё with Е, one space between the words.
fn city_key(city: &str) -> String {
    let folded = caseless::default_case_fold_str(city).replace('ё', "е");
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
