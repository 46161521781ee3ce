//! The one function that says which teachers a request is for, and why each is asked or left out.

mod rules;
#[cfg(test)]
mod tests;

use rules::RULES;

use super::lesson_request::RequestTerms;
use super::terms::Period;
use crate::ids::AccountId;
use crate::money::Money;
use crate::refusal::Reason;

/// Counts up whenever a rule is added, taken away or says something else; kept with every decision.
pub const RULES_VERSION: u16 = 1;

/// What the rules look at in a teacher.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TeacherFacts {
    /// Registered as a teacher, not suspended, not erased.
    pub active: bool,
    /// Wants to be asked.
    pub takes_requests: bool,
    /// Codes of the dictionary, as in the profile.
    pub subjects: Vec<String>,
    pub grades: Vec<String>,
    pub goals: Vec<String>,
    pub formats: Vec<String>,
    /// Minutes.
    pub durations: Vec<u16>,
    pub experience: Option<String>,
    pub city: Option<String>,
    /// Price of one hour.
    pub hourly_rate: Option<Money>,
    /// When they teach, offer a lesson, or are taught; at least what overlaps the time that is asked for.
    pub busy: Vec<Period>,
}

/// What the rules say of one teacher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// They are asked; one reason for each rule that they meet.
    Included { reasons: Vec<Reason> },
    /// They are not; one reason for each rule that stands against it.
    Excluded { reasons: Vec<Reason> },
}

/// A request and a teacher, as the rules see them.
struct Pair<'a> {
    student: AccountId,
    teacher: AccountId,
    terms: &'a RequestTerms,
    facts: &'a TeacherFacts,
}

/// Says whether a teacher is asked for a student's request. Reasons hold codes and numbers, nothing
/// that belongs to a person.
pub fn match_teacher(
    student: AccountId,
    terms: &RequestTerms,
    teacher: AccountId,
    facts: &TeacherFacts,
) -> Match {
    let pair = Pair { student, teacher, terms, facts };
    let (mut met, mut against) = (Vec::new(), Vec::new());
    for (code, rule) in RULES {
        match rule(&pair, Reason::rule(code)) {
            None => {}
            Some(Ok(reason)) => met.push(reason),
            Some(Err(reason)) => against.push(reason),
        }
    }
    if against.is_empty() { Match::Included { reasons: met } } else { Match::Excluded { reasons: against } }
}

/// What a lesson of so many minutes costs at this price of an hour, rounded down to a whole minor unit.
pub fn lesson_price(hourly_rate: Money, minutes: u16) -> Money {
    let amount = i128::from(hourly_rate.amount) * i128::from(minutes) / 60;
    Money { amount: i64::try_from(amount).unwrap_or(i64::MAX), ..hourly_rate }
}
