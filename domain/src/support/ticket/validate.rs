//! Checks the tags of a ticket.

use crate::accounts::{Lines, bounded_text};
use crate::field_problem::FieldProblem;
use crate::support::limits::{TAG_LIMIT, TAGS_MAX};

/// Returns the checked tags, or all their problems.
pub(super) fn checked_tags(tags: &[String]) -> Result<Vec<String>, Vec<FieldProblem>> {
    let (mut kept, mut problems) = (Vec::new(), Vec::new());
    if tags.len() > TAGS_MAX {
        problems.push(FieldProblem::of("tags", "too_many"));
    }
    for (i, tag) in tags.iter().enumerate().take(TAGS_MAX) {
        match bounded_text(tag, TAG_LIMIT, Lines::Single) {
            Ok(tag) if kept.contains(&tag) => problems.push(FieldProblem::inside("tags", i, "duplicate")),
            Ok(tag) => kept.push(tag),
            Err(error) => problems.push(FieldProblem::inside("tags", i, error.code())),
        }
    }
    if problems.is_empty() { Ok(kept) } else { Err(problems) }
}
