//! Collects the invalid fields of a request, so that one response reports all of them.

use domain::Reason;
use domain::accounts::{
    PASSWORD_MAX, PASSWORD_MIN, PasswordAdvice, ValueError, WeakPassword, check_password,
};

use super::Problem;

/// Invalid fields found so far.
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<Reason>);

impl FieldErrors {
    /// Returns the value. If it is invalid, records the field at `pointer` and returns `None`.
    pub fn check<T>(&mut self, pointer: &str, value: Result<T, ValueError>) -> Option<T> {
        value.map_err(|error| self.push(field_reason(pointer, error))).ok()
    }

    /// Checks a required field like [`FieldErrors::check`].
    pub fn check_required<T>(
        &mut self,
        pointer: &str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        match text {
            Some(text) => self.check(pointer, parse(text)),
            None => {
                self.push(Reason::field(pointer, "required"));
                None
            }
        }
    }

    /// Checks an optional field like [`FieldErrors::check`].
    pub fn check_optional<T>(
        &mut self,
        pointer: &str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        text.and_then(|text| self.check(pointer, parse(text)))
    }

    /// Checks a new password. `own` has the person's e-mail, nickname and name.
    pub fn check_password(&mut self, pointer: &str, password: &str, own: &[&str]) {
        if let Err(weak) = check_password(password, own) {
            let reason = Reason::field(pointer, weak.code());
            self.push(match weak {
                WeakPassword::Guessable(PasswordAdvice { cause, advice }) => {
                    reason.with("cause", cause).with("advice", advice)
                }
                WeakPassword::TooShort | WeakPassword::TooLong | WeakPassword::OwnName => {
                    reason.with("min", PASSWORD_MIN).with("max", PASSWORD_MAX)
                }
            });
        }
    }

    pub fn push(&mut self, reason: Reason) {
        self.0.push(reason);
    }

    /// Checks that no field is invalid.
    ///
    /// # Errors
    /// `invalid_fields` with all invalid fields.
    pub fn ensure_empty(&self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(self.to_problem()) }
    }

    /// Builds the problem with all invalid fields.
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
        | ValueError::Reserved
        | ValueError::OutOfRange => reason,
    }
}
