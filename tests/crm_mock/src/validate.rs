//! Reads the fields of a request one by one and collects all errors.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use crate::answer::{FieldError, Refusal, is_json};

/// The object in a request's body.
pub(crate) struct JsonObject(pub Map<String, Value>);

/// Meaning of a field that is missing in the body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    /// An error: the record is being created.
    Refused,
    /// Unchanged: the record is being changed.
    Left,
}

/// Reads the fields of an object. Every method returns `None` if a field is missing or invalid; `finish`
/// returns the errors.
pub(crate) struct Fields {
    object: Map<String, Value>,
    absent: Absent,
    taken: usize,
    errors: Vec<FieldError>,
}

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            return Err(Refusal::NotJsonType);
        }
        let body = Bytes::from_request(request, state).await.map_err(|_| Refusal::TooLarge)?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(_) => Err(Refusal::NotJson("The body must be a JSON object".to_owned())),
            Err(error) => Err(Refusal::NotJson(format!("The body is not JSON: {error}"))),
        }
    }
}

impl Fields {
    pub fn new(object: JsonObject, absent: Absent) -> Self {
        Self { object: object.0, absent, taken: 0, errors: Vec::new() }
    }

    /// All errors, or the refusal of a body without one known field.
    pub fn finish(mut self) -> Result<(), Refusal> {
        if self.taken == 0 && self.errors.is_empty() {
            self.wrong("body", "names no known field");
        }
        if self.errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self.errors)) }
    }

    pub fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    /// Text with at least one visible character, at most `max` characters, trimmed.
    pub fn text(&mut self, field: &str, max: usize) -> Option<String> {
        let text = self.text_or_empty(field, max)?;
        if text.is_empty() {
            self.wrong(field, "must not be empty");
            return None;
        }
        Some(text)
    }

    /// Text of at most `max` characters, trimmed; it may be empty.
    pub fn text_or_empty(&mut self, field: &str, max: usize) -> Option<String> {
        let value = self.take_field(field)?;
        match value.as_str().map(str::trim) {
            Some(text) if text.chars().count() <= max => Some(text.to_owned()),
            Some(_) => self.refuse(field, &format!("must have at most {max} characters")),
            None => self.refuse(field, "must be text"),
        }
    }

    /// Text, or null, which removes the value.
    pub fn text_or_null(&mut self, field: &str, max: usize) -> Option<Option<String>> {
        if self.object.get(field) == Some(&Value::Null) {
            self.take_field(field);
            return Some(None);
        }
        self.text(field, max).map(Some)
    }

    /// An address with one `@` between two parts that are not empty and hold no white space.
    pub fn email(&mut self, field: &str) -> Option<String> {
        let email = self.text(field, 254)?;
        let is_address = email
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
        if is_address && !email.contains(char::is_whitespace) {
            return Some(email);
        }
        self.refuse(field, "must be an e-mail address")
    }

    /// One of the values of an enum; `words` names them for the caller.
    pub fn word<T: DeserializeOwned>(&mut self, field: &str, words: &str) -> Option<T> {
        let value = self.take_field(field)?;
        match serde_json::from_value(value) {
            Ok(word) => Some(word),
            Err(_) => self.refuse(field, &format!("must be one of {words}")),
        }
    }

    /// A calendar day, `YYYY-MM-DD` and nothing else.
    pub fn day(&mut self, field: &str) -> Option<Date> {
        let value = self.take_field(field)?;
        let text = value.as_str().filter(|text| text.len() == 10);
        match text.and_then(|text| text.parse().ok()) {
            Some(day) => Some(day),
            None => self.refuse(field, "must be a day, YYYY-MM-DD"),
        }
    }

    /// An instant (RFC 3339).
    pub fn instant(&mut self, field: &str) -> Option<Timestamp> {
        let value = self.take_field(field)?;
        match value.as_str().and_then(|text| text.parse().ok()) {
            Some(instant) => Some(instant),
            None => self.refuse(field, "must be an instant, RFC 3339"),
        }
    }

    /// A list of texts, each with at least one visible character.
    pub fn texts(&mut self, field: &str, least: usize) -> Option<Vec<String>> {
        let value = self.take_field(field)?;
        let texts: Option<Vec<String>> = serde_json::from_value(value).ok();
        match texts {
            Some(texts) if texts.iter().any(|text| text.trim().is_empty() || text.chars().count() > 200) => {
                self.refuse(field, "must hold texts of 1 to 200 characters")
            }
            Some(texts) if texts.len() < least => self.refuse(field, "must not be empty"),
            Some(texts) if texts.len() > 100 => self.refuse(field, "must hold at most 100 texts"),
            Some(texts) => Some(texts),
            None => self.refuse(field, "must be a list of texts"),
        }
    }

    /// A rating from 0 to 5, kept as written.
    pub fn rating(&mut self, field: &str) -> Option<Number> {
        match self.take_field(field)? {
            Value::Number(rating) if rating.as_f64().is_some_and(|r| (0.0..=5.0).contains(&r)) => {
                Some(rating)
            }
            _ => self.refuse(field, "must be a number from 0 to 5"),
        }
    }

    pub fn count(&mut self, field: &str) -> Option<u32> {
        let value = self.take_field(field)?;
        match value.as_u64().and_then(|count| u32::try_from(count).ok()) {
            Some(count) => Some(count),
            None => self.refuse(field, "must be a whole number that is not negative"),
        }
    }

    fn take_field(&mut self, field: &str) -> Option<Value> {
        let value = self.object.remove(field);
        match value {
            Some(_) => self.taken += 1,
            None if self.absent == Absent::Refused => self.wrong(field, "is required"),
            None => {}
        }
        value
    }

    fn refuse<T>(&mut self, field: &str, message: &str) -> Option<T> {
        self.wrong(field, message);
        None
    }
}
