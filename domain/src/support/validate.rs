//! Checks the texts of tickets and canned replies.

use crate::accounts::{Lines, bounded_text};
use crate::field_problem::FieldProblem;

/// Returns the checked text.
pub(super) fn checked(field: &str, text: &str, max: usize, lines: Lines) -> Result<String, FieldProblem> {
    bounded_text(text, max, lines).map_err(|error| FieldProblem::of_value(format!("/{field}"), error))
}
