//! The texts that people write into a lesson, checked and marked as theirs.

use super::error::SlotError;
use crate::accounts::{ValueError, bounded_text};
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::personal::Personal;

/// A text that may be left out: an empty one says nothing.
pub(super) fn written(
    field: &'static str,
    text: Option<&str>,
    limit: usize,
    author: AccountId,
) -> Result<Option<Personal<String>>, SlotError> {
    match text.map(|text| bounded_text(text, limit, true)) {
        None | Some(Err(ValueError::Empty)) => Ok(None),
        Some(Ok(text)) => Ok(Some(Personal::new(author, text))),
        Some(Err(error)) => Err(SlotError::InvalidFields(vec![FieldProblem::of(field, error.code())])),
    }
}

/// A text that has to be there.
pub(super) fn required(
    field: &'static str,
    text: &str,
    limit: usize,
    author: AccountId,
) -> Result<Personal<String>, SlotError> {
    let missing = || SlotError::InvalidFields(vec![FieldProblem::of(field, ValueError::Empty.code())]);
    written(field, Some(text), limit, author)?.ok_or_else(missing)
}
