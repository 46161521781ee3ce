//! Validates the texts of a lesson and the times of a slot.

use jiff::Timestamp;

use super::error::SlotError;
use crate::accounts::{Lines, ValueError, bounded_text};
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::personal::Personal;
use crate::scheduling::limits::{AHEAD_MAX, PLACE_LIMIT};
use crate::scheduling::terms::{Period, is_offered_duration};

/// Validates an optional text; an empty text counts as none.
pub(super) fn written(
    field: &'static str,
    text: Option<&str>,
    limit: usize,
    author: AccountId,
) -> Result<Option<Personal<String>>, SlotError> {
    match text.map(|text| bounded_text(text, limit, Lines::Multi)) {
        None | Some(Err(ValueError::Empty)) => Ok(None),
        Some(Ok(text)) => Ok(Some(Personal::new(author, text))),
        Some(Err(error)) => Err(SlotError::InvalidFields(vec![FieldProblem::of(field, error.code())])),
    }
}

/// Validates a required text.
pub(super) fn required(
    field: &'static str,
    text: &str,
    limit: usize,
    author: AccountId,
) -> Result<Personal<String>, SlotError> {
    let missing = || SlotError::InvalidFields(vec![FieldProblem::of(field, ValueError::Empty.code())]);
    written(field, Some(text), limit, author)?.ok_or_else(missing)
}

/// Returns the problems of a time, by the field names of the API.
pub(super) fn time_problems(period: Period, now: Timestamp) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let whole = u16::try_from(period.minutes())
        .ok()
        .and_then(|minutes| Period::of_minutes(period.starts_at, minutes));
    if whole != Some(period) || !is_offered_duration(period.minutes()) {
        problems.push(FieldProblem::of("duration_minutes", "unknown"));
    }
    if period.starts_at.duration_since(now) > AHEAD_MAX {
        problems.push(FieldProblem::of("starts_at", "too_far"));
    }
    problems
}

pub(super) fn refuse_invalid(problems: Vec<FieldProblem>) -> Result<(), SlotError> {
    if problems.is_empty() { Ok(()) } else { Err(SlotError::InvalidFields(problems)) }
}

/// Returns the place in its stored form: a text of the teacher, trimmed if valid.
pub(super) fn place_of(teacher: AccountId, place: &Personal<String>) -> Personal<String> {
    match place.known() {
        Some(text) => Personal::new(
            teacher,
            bounded_text(text, PLACE_LIMIT, Lines::Single).unwrap_or_else(|_| text.clone()),
        ),
        None => Personal::erased(teacher),
    }
}
