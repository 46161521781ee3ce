//! Matching of a lesson request with a teacher, with reasons.

mod rules;
#[cfg(test)]
mod tests;

use rules::RULES;

use super::lesson_request::RequestTerms;
use super::terms::Period;
use crate::ids::AccountId;
use crate::money::Money;
use crate::refusal::Reason;

/// Version of the rules, recorded with every decision. Any change of a rule raises it.
pub const RULES_VERSION: u16 = 1;

/// Facts about a teacher that the rules use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TeacherFacts {
    /// Registered as a teacher, not suspended, not erased.
    pub active: bool,
    /// Takes requests.
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
    /// Occupied times of the teacher; at least those that overlap the requested time.
    pub busy: Vec<Period>,
}

/// Result of the rules for one teacher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// The teacher gets an offer; one reason for each rule that matches.
    Included { reasons: Vec<Reason> },
    /// The teacher is excluded; one reason for each rule that does not match.
    Excluded { reasons: Vec<Reason> },
}

/// Input of the rules: a request and a teacher.
struct Pair<'a> {
    student: AccountId,
    teacher: AccountId,
    terms: &'a RequestTerms,
    facts: &'a TeacherFacts,
}

/// Decides whether a teacher gets an offer for a student's request. Reasons hold codes and numbers, no
/// personal data.
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

/// Returns the price of a lesson from the price of an hour, rounded down to a whole minor unit.
pub fn lesson_price(hourly_rate: Money, minutes: u16) -> Money {
    let amount = i128::from(hourly_rate.amount) * i128::from(minutes) / 60;
    Money { amount: i64::try_from(amount).unwrap_or(i64::MAX), ..hourly_rate }
}
