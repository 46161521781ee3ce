//! Personal data: values that belong to a person and can be erased.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;

/// Key of the marked object that a [`Personal`] value serialises to.
///
/// The log replaces the object by a sealed one before it writes, hashes or publishes the event. On read
/// it restores the object: `{"$personal":{"subject":"<account id>","value":…}}`. After the erasure of the
/// person, `value` is absent.
pub const PERSONAL_MARK: &str = "$personal";

/// Value that belongs to a person (`subject`): known, or erased with the person's key.
///
/// `T` must not serialise to `null`, because an absent value means erasure.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Personal<T> {
    subject: AccountId,
    value: Option<T>,
}

impl<T> Personal<T> {
    pub fn new(subject: AccountId, value: T) -> Self {
        Self { subject, value: Some(value) }
    }

    pub fn erased(subject: AccountId) -> Self {
        Self { subject, value: None }
    }

    pub fn subject(&self) -> AccountId {
        self.subject
    }

    /// Returns the value, unless the person is erased.
    pub fn known(&self) -> Option<&T> {
        self.value.as_ref()
    }

    pub fn into_known(self) -> Option<T> {
        self.value
    }

    pub fn is_erased(&self) -> bool {
        self.value.is_none()
    }

    /// Computes another value of the same person from this one.
    pub fn map<U>(&self, f: impl FnOnce(&T) -> U) -> Personal<U> {
        Personal { subject: self.subject, value: self.value.as_ref().map(f) }
    }
}

/// Shows the subject, never the value, because operators read logs and panics.
impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.value.is_some() { "known" } else { "erased" };
        write!(f, "Personal({}, {state})", self.subject)
    }
}

#[derive(Serialize, Deserialize)]
struct Marked<T> {
    #[serde(rename = "$personal")]
    body: Body<T>,
}

#[derive(Serialize, Deserialize)]
struct Body<T> {
    subject: AccountId,
    #[serde(skip_serializing_if = "Option::is_none", default = "Option::default")]
    value: Option<T>,
}

impl<T: Serialize> Serialize for Personal<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Marked { body: Body { subject: self.subject, value: self.value.as_ref() } }.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Personal<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Marked { body } = Marked::<T>::deserialize(deserializer)?;
        Ok(Self { subject: body.subject, value: body.value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anna() -> AccountId {
        "0198c0de-0000-7000-8000-000000000001".parse().unwrap()
    }

    #[test]
    fn a_personal_value_is_marked_with_its_subject() {
        let name = Personal::new(anna(), "Анна".to_owned());
        let json = serde_json::to_value(&name).unwrap();
        assert_eq!(json[PERSONAL_MARK]["subject"], anna().to_string());
        assert_eq!(json[PERSONAL_MARK]["value"], "Анна");
        assert_eq!(serde_json::from_value::<Personal<String>>(json).unwrap(), name);
    }

    #[test]
    fn an_erased_value_reads_back_as_erased() {
        let json = serde_json::json!({ PERSONAL_MARK: { "subject": anna() } });
        let name: Personal<String> = serde_json::from_value(json).unwrap();
        assert!(name.is_erased());
    }

    #[test]
    fn debug_output_shows_no_personal_value() {
        assert!(!format!("{:?}", Personal::new(anna(), "secret")).contains("secret"));
    }
}
