//! Checks the fields of a class.

use super::commands::{ClassChanges, ClassTerms};
use super::error::ClassError;
use crate::accounts::{Lines, ValueError, bounded_text};
use crate::dictionary::Vocabulary;
use crate::field_problem::FieldProblem;
use crate::scheduling::limits::{CLASS_DESCRIPTION_LIMIT, CLASS_NAME_LIMIT, SEATS_MAX};

/// Valid texts in their stored form.
#[derive(Debug, Default)]
pub(super) struct ClassDraft {
    pub name: Option<String>,
    /// Empty if the description is removed.
    pub description: Option<String>,
    pub colour: Option<String>,
}

/// Validates the texts of a new class.
///
/// # Errors
/// [`FieldProblem`] for each invalid field.
pub(super) fn terms(terms: &ClassTerms) -> Result<ClassDraft, ClassError> {
    changes(&ClassChanges {
        name: Some(terms.name.clone()),
        description: terms.description.clone(),
        subject: Some(terms.subject.clone()),
        grade: Some(terms.grade.clone()),
        colour: Some(terms.colour.clone()),
        capacity: Some(terms.capacity),
    })
}

/// Validates the changed texts.
///
/// # Errors
/// [`FieldProblem`] for each invalid field.
pub(super) fn changes(changes: &ClassChanges) -> Result<ClassDraft, ClassError> {
    let mut problems = Vec::new();
    let mut checked = |field: &str, text: Option<Result<String, &'static str>>| match text? {
        Ok(text) => Some(text),
        Err(code) => {
            problems.push(FieldProblem::of(field, code));
            None
        }
    };
    let code = |error: ValueError| error.code();
    let name = |text: &String| bounded_text(text, CLASS_NAME_LIMIT, Lines::Single).map_err(code);
    let name = checked("name", changes.name.as_ref().map(name));
    let description = checked("description", changes.description.as_ref().map(|text| description_of(text)));
    let known = |list: Vocabulary, text: &String| {
        if list.knows(text) { Ok(text.clone()) } else { Err("unknown_value") }
    };
    checked("subject", changes.subject.as_ref().map(|text| known(Vocabulary::Subjects, text)));
    checked("grade", changes.grade.as_ref().map(|text| known(Vocabulary::Grades, text)));
    let colour = checked("colour", changes.colour.as_ref().map(|text| colour_of(text)));
    if changes.capacity.is_some_and(|capacity| !(1..=SEATS_MAX).contains(&capacity)) {
        problems.push(FieldProblem::of("capacity", "out_of_range"));
    }
    if problems.is_empty() {
        Ok(ClassDraft { name, description, colour })
    } else {
        Err(ClassError::InvalidFields(problems))
    }
}

/// Validates a description; blanks alone count as none.
fn description_of(text: &str) -> Result<String, &'static str> {
    match bounded_text(text, CLASS_DESCRIPTION_LIMIT, Lines::Multi) {
        Ok(text) => Ok(text),
        Err(ValueError::Empty) => Ok(String::new()),
        Err(error) => Err(error.code()),
    }
}

/// Normalises a colour to `#rrggbb` in lower case.
fn colour_of(text: &str) -> Result<String, &'static str> {
    let digits = text.strip_prefix('#').ok_or("malformed")?;
    if digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("malformed")
    }
}
