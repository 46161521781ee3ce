//! Gathers what is wrong with the fields of one request, so that all of it is said at once.

use domain::Reason;
use domain::accounts::{PASSWORD_MAX, PASSWORD_MIN, ValueError, check_password};

use super::Problem;

/// The unacceptable fields found so far.
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<Reason>);

impl FieldErrors {
    /// The value, or `None` and a note of what is wrong with the field at `pointer`.
    pub fn check<T>(&mut self, pointer: &str, value: Result<T, ValueError>) -> Option<T> {
        value.map_err(|error| self.push(field_reason(pointer, error))).ok()
    }

    /// The same for a field that may be absent.
    pub fn check_optional<T>(
        &mut self,
        pointer: &str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        text.and_then(|text| self.check(pointer, parse(text)))
    }

    /// Notes what is wrong with a new password; `own` are the person's e-mail, nickname and name.
    pub fn check_password(&mut self, pointer: &str, password: &str, own: &[&str]) {
        if let Err(weak) = check_password(password, own) {
            self.push(
                Reason::field(pointer, weak.code()).with("min", PASSWORD_MIN).with("max", PASSWORD_MAX),
            );
        }
    }

    pub fn push(&mut self, reason: Reason) {
        self.0.push(reason);
    }

    /// # Errors
    /// A field was not acceptable.
    pub fn ensure_empty(&self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(self.to_problem()) }
    }

    /// The answer that names every field.
    pub fn to_problem(&self) -> Problem {
        Problem { errors: self.0.clone(), ..Problem::new("invalid_fields") }
    }
}

fn field_reason(pointer: &str, error: ValueError) -> Reason {
    let reason = Reason::field(pointer, error.code());
    match error {
        ValueError::TooLong { max } => reason.with("max", max),
        ValueError::TooShort { min } => reason.with("min", min),
        ValueError::Empty
        | ValueError::ForbiddenCharacter
        | ValueError::Malformed
        | ValueError::Unknown
        | ValueError::OutOfRange => reason,
    }
}
