//! Checks the fields of a class.

use super::commands::{ClassChanges, ClassTerms};
use super::error::ClassError;
use crate::accounts::{Lines, ValueError, bounded_text};
use crate::dictionary::Vocabulary;
use crate::field_problem::FieldProblem;
use crate::scheduling::limits::{CLASS_DESCRIPTION_LIMIT, CLASS_NAME_LIMIT, SEATS_MAX};

/// The checked texts, in the form in which they are kept.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub name: Option<String>,
    /// Empty where there is to be none.
    pub description: Option<String>,
    pub colour: Option<String>,
}

/// The texts of a new class.
///
/// # Errors
/// Every field that is not acceptable.
pub(super) fn terms(terms: &ClassTerms) -> Result<Draft, ClassError> {
    changes(&ClassChanges {
        name: Some(terms.name.clone()),
        description: terms.description.clone(),
        subject: Some(terms.subject.clone()),
        grade: Some(terms.grade.clone()),
        colour: Some(terms.colour.clone()),
        capacity: Some(terms.capacity),
    })
}

/// The texts that change.
///
/// # Errors
/// Every field that is not acceptable.
pub(super) fn changes(changes: &ClassChanges) -> Result<Draft, ClassError> {
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
        Ok(Draft { name, description, colour })
    } else {
        Err(ClassError::InvalidFields(problems))
    }
}

/// A description; blanks alone are none.
fn description_of(text: &str) -> Result<String, &'static str> {
    match bounded_text(text, CLASS_DESCRIPTION_LIMIT, Lines::Multi) {
        Ok(text) => Ok(text),
        Err(ValueError::Empty) => Ok(String::new()),
        Err(error) => Err(error.code()),
    }
}

/// `#rrggbb` in small letters.
fn colour_of(text: &str) -> Result<String, &'static str> {
    let digits = text.strip_prefix('#').ok_or("malformed")?;
    if digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("malformed")
    }
}
