//! Checks the texts of tickets and canned replies.

use crate::accounts::bounded_text;
use crate::field_problem::FieldProblem;

/// The text as it is kept.
pub(super) fn checked(field: &str, text: &str, max: usize, multiline: bool) -> Result<String, FieldProblem> {
    bounded_text(text, max, multiline).map_err(|error| FieldProblem::of(field, error.code()))
}
