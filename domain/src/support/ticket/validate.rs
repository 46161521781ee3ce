//! Checks the category and the tags of a ticket.

use crate::accounts::{Lines, ValueError, bounded_text, fold_label};
use crate::field_problem::FieldProblem;
use crate::support::find_category;
use crate::support::limits::{TAG_LIMIT, TAGS_MAX};

/// Most digits of a tag. More could be a phone number.
const TAG_DIGITS_MAX: usize = 4;

/// Returns the name of the category, which must be in the dictionary.
pub(super) fn checked_category(category: &str) -> Result<String, FieldProblem> {
    let error = if category.trim().is_empty() { ValueError::Empty } else { ValueError::Unknown };
    find_category(category).map(str::to_owned).ok_or_else(|| FieldProblem::of("category", error.code()))
}

/// Returns the checked tags in their folded form, or all their problems.
pub(super) fn checked_tags(tags: &[String]) -> Result<Vec<String>, Vec<FieldProblem>> {
    let (mut kept, mut problems) = (Vec::new(), Vec::new());
    if tags.len() > TAGS_MAX {
        problems.push(FieldProblem::of("tags", "too_many").with("max", TAGS_MAX));
    }
    for (i, tag) in tags.iter().enumerate().take(TAGS_MAX) {
        match checked_tag(tag) {
            Ok(tag) if kept.contains(&tag) => problems.push(FieldProblem::inside("tags", i, "duplicate")),
            Ok(tag) => kept.push(tag),
            Err(error) => problems.push(FieldProblem::of_value(format!("/tags/{i}"), error)),
        }
    }
    if problems.is_empty() { Ok(kept) } else { Err(problems) }
}

/// Returns a tag in its folded form. It consists of letters, a few digits, spaces and dashes, so it holds no contacts.
fn checked_tag(tag: &str) -> Result<String, ValueError> {
    let tag = fold_label(&bounded_text(tag, TAG_LIMIT, Lines::Single)?);
    let is_word = tag.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    let digits = tag.chars().filter(|c| c.is_numeric()).count();
    if !is_word || digits > TAG_DIGITS_MAX || tag.chars().count() > TAG_LIMIT {
        return Err(ValueError::Malformed);
    }
    Ok(tag)
}
