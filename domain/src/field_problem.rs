//! A problem with one field of a request.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::accounts::ValueError;
use crate::refusal::Reason;

/// Longest token of a pointer that comes from the client, in characters.
const NAME_LIMIT: usize = 64;

/// Problem of one field: its pointer and a code, never its value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct FieldProblem {
    /// JSON pointer (RFC 6901) into the request.
    pub pointer: String,
    /// Stable, snake_case.
    pub code: &'static str,
    /// Allowed values, for the text of the problem.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<&'static str, String>,
}

impl FieldProblem {
    /// Creates the problem of a field at the top level.
    pub fn of(field: &str, code: &'static str) -> Self {
        Self::at(format!("/{}", pointer_token(field)), code)
    }

    /// Creates a problem inside a field, at an index or a name.
    pub fn inside(field: &str, part: impl ToString, code: &'static str) -> Self {
        let part = pointer_token(&part.to_string());
        Self::at(format!("/{}/{part}", pointer_token(field)), code)
    }

    /// Creates the problem at a JSON pointer.
    pub fn at(pointer: String, code: &'static str) -> Self {
        Self { pointer, code, facts: BTreeMap::new() }
    }

    /// Creates the problem of an invalid text at a JSON pointer.
    pub fn of_value(pointer: String, error: ValueError) -> Self {
        let problem = Self::at(pointer, error.code());
        match error {
            ValueError::TooLong { max } => problem.with("max", max),
            ValueError::TooShort { min } => problem.with("min", min),
            ValueError::Empty
            | ValueError::ForbiddenCharacter
            | ValueError::Malformed
            | ValueError::Reserved
            | ValueError::Unknown
            | ValueError::OutOfRange => problem,
        }
    }

    /// Adds a fact that says what is allowed.
    #[must_use]
    pub fn with(mut self, fact: &'static str, value: impl ToString) -> Self {
        self.facts.insert(fact, value.to_string());
        self
    }
}

impl From<&FieldProblem> for Reason {
    fn from(problem: &FieldProblem) -> Self {
        let reason = Reason::field(&problem.pointer, problem.code);
        problem.facts.iter().fold(reason, |reason, (fact, value)| reason.with(fact, value))
    }
}

/// Returns a name as a token of a JSON pointer, truncated to [`NAME_LIMIT`].
fn pointer_token(name: &str) -> String {
    let cut: String = name.chars().take(NAME_LIMIT).collect();
    cut.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_what_the_rfc_asks_for() {
        assert_eq!(FieldProblem::of("a/b~c", "unknown_field").pointer, "/a~1b~0c");
        assert_eq!(FieldProblem::inside("courses", 3, "empty").pointer, "/courses/3");
    }

    #[test]
    fn an_absurd_name_does_not_come_back_whole() {
        assert!(FieldProblem::of(&"x".repeat(10_000), "unknown_field").pointer.len() < 100);
    }
}
