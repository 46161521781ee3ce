//! Validates the fields of a lesson request: codes of the dictionary, duration, future start.

use jiff::Timestamp;

use super::commands::NewRequest;
use super::events::RequestTerms;
use crate::accounts::{Lines, bounded_text};
use crate::dictionary::Vocabulary;
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::money::Money;
use crate::personal::Personal;
use crate::scheduling::limits::{AHEAD_MAX, COMMENT_LIMIT, PLACE_LIMIT, PRICE_MAX};
use crate::scheduling::terms::{LessonFormat, is_offered_duration, unknown_codes};

/// Request in its stored form: texts trimmed, instants cut to the precision of the log.
pub(super) struct ValidRequest {
    pub(super) terms: RequestTerms,
    pub(super) comment: Option<Personal<String>>,
}

/// # Errors
/// All problems, by the field names of the API.
pub(super) fn check(request: &NewRequest, now: Timestamp) -> Result<ValidRequest, Vec<FieldProblem>> {
    let terms = &request.terms;
    let mut problems = Vec::new();
    let mut expect = |good: bool, field: &str, code: &'static str| {
        if !good {
            problems.push(FieldProblem::of(field, code));
        }
    };
    expect(Vocabulary::Grades.knows(&terms.grade), "grade", "unknown");
    expect(Vocabulary::Subjects.knows(&terms.subject), "subject", "unknown");
    expect(!terms.goals.is_empty(), "goals", "empty");
    let experience = terms.experience.as_deref();
    expect(experience.is_none_or(|code| Vocabulary::TeacherExperience.knows(code)), "experience", "unknown");
    expect(is_offered_duration(i64::from(terms.duration_minutes)), "duration_minutes", "unknown");
    expect(terms.format != LessonFormat::Offline || terms.city.is_some(), "city", "required");
    expect(terms.starts_at.duration_since(now) <= AHEAD_MAX, "starts_at", "too_far");
    problems.extend(unknown_codes("goals", Vocabulary::Goals, &terms.goals));
    problems.extend(terms.max_price.iter().flat_map(|price| price_problems("max_price", *price)));
    let city = own_text(request.student, terms.city.as_ref(), "city", &mut problems);
    let comment = bounded(request.comment.as_deref(), COMMENT_LIMIT, Lines::Multi, "comment", &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let starts_at = Timestamp::from_microsecond(terms.starts_at.as_microsecond()).unwrap_or(terms.starts_at);
    Ok(ValidRequest {
        terms: RequestTerms { city, starts_at, ..terms.clone() },
        comment: comment.map(|text| Personal::new(request.student, text)),
    })
}

/// Returns the problem of a price.
pub(super) fn price_problems(field: &str, price: Money) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if !(0..=PRICE_MAX).contains(&price.amount) {
        problems.push(FieldProblem::inside(field, "amount", "out_of_range"));
    }
    if !price.currency.is_in_use() {
        problems.push(FieldProblem::inside(field, "currency", "unknown_currency"));
    }
    problems
}

/// Validates a text that must belong to the student.
fn own_text(
    student: AccountId,
    text: Option<&Personal<String>>,
    field: &str,
    problems: &mut Vec<FieldProblem>,
) -> Option<Personal<String>> {
    let text = text?;
    if text.subject() != student {
        problems.push(FieldProblem::of(field, "not_own"));
        return None;
    }
    let known = bounded(text.known().map(String::as_str), PLACE_LIMIT, Lines::Single, field, problems);
    known.map(|text| Personal::new(student, text))
}

fn bounded(
    text: Option<&str>,
    limit: usize,
    lines: Lines,
    field: &str,
    problems: &mut Vec<FieldProblem>,
) -> Option<String> {
    match bounded_text(text?, limit, lines) {
        Ok(text) => Some(text),
        Err(error) => {
            problems.push(FieldProblem::of(field, error.code()));
            None
        }
    }
}
