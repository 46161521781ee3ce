//! JSON of the external CRM: the requests, and the parts of the responses that are read.
//!
//! The types have no debug output, because all of it is personal data.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Subject in the CRM of a person without subjects.
pub(crate) const NO_SUBJECTS: &str = "Общие предметы";

/// The fields of a user that Kafedra writes.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserFields {
    pub name: String,
    pub email: String,
    /// `student` or `tutor`.
    pub r#type: &'static str,
    /// Phone number; empty if there is none.
    pub phone: String,
    pub subjects: Vec<String>,
    /// `YYYY-MM-DD`.
    pub join_date: String,
}

/// A user in the CRM.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserRecord {
    #[serde(deserialize_with = "text_or_number")]
    pub id: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub email: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub r#type: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub status: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub phone: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub join_date: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub subjects: Vec<String>,
    #[serde(flatten)]
    _rest: IgnoredFields,
}

/// The fields of a ticket that Kafedra writes.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TicketFields {
    pub title: String,
    pub description: String,
    pub priority: &'static str,
    pub category: String,
    /// Account id in Kafedra.
    pub created_by: String,
    pub tags: Vec<String>,
}

/// A ticket in the CRM.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TicketRecord {
    #[serde(deserialize_with = "text_or_number")]
    pub id: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub title: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub description: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub created_by: String,
    #[serde(flatten)]
    _rest: IgnoredFields,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<T> {
    pub data: Vec<T>,
    #[serde(default)]
    pub total_pages: Option<u64>,
    #[serde(flatten)]
    _rest: IgnoredFields,
}

/// Envelope of a response: `{"success":…,"data":…}`.
#[derive(Deserialize)]
pub(crate) struct Envelope {
    pub success: bool,
    #[serde(default)]
    pub data: Value,
    #[serde(flatten)]
    _rest: IgnoredFields,
}

/// Other fields of an object.
///
/// With this field serde reads only objects. Without it, serde would read a list as the fields in their
/// order.
type IgnoredFields = IgnoredAny;

impl Envelope {
    /// Returns the envelope of a success without data.
    pub fn empty() -> Self {
        Self { success: true, data: Value::Null, _rest: IgnoredAny }
    }
}

impl UserFields {
    /// Returns the names of the fields in which a record differs.
    pub fn differing(&self, record: &UserRecord) -> Vec<String> {
        let mut fields = Vec::new();
        let mut compare = |field: &str, is_same: bool| {
            if !is_same {
                fields.push(field.to_owned());
            }
        };
        compare("name", self.name == record.name);
        compare("email", same_email(&self.email, &record.email));
        compare("type", self.r#type == record.r#type);
        compare("phone", self.phone == record.phone);
        compare("subjects", self.subjects == record.subjects);
        // Some servers send an instant instead of a date.
        compare("joinDate", record.join_date.starts_with(&self.join_date));
        fields
    }
}

impl TicketFields {
    /// Returns the names of the fields in which a record differs.
    ///
    /// Status, priority, tags and assignment are not compared: the users of the CRM change them.
    pub fn differing(&self, record: &TicketRecord) -> Vec<String> {
        let pairs = [
            ("title", self.title == record.title),
            ("description", self.description == record.description),
            ("createdBy", self.created_by == record.created_by),
        ];
        pairs.into_iter().filter(|(_, is_same)| !is_same).map(|(field, _)| field.to_owned()).collect()
    }
}

/// Returns true if two addresses are equal for the CRM, which ignores case.
pub(crate) fn same_email(left: &str, right: &str) -> bool {
    email_key(left) == email_key(right)
}

/// Returns the form of an address for comparisons.
pub(crate) fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Deserializes an id, which may be a text or a number, as a text.
fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(serde_json::Number),
    }
    let id = match Id::deserialize(deserializer)? {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    };
    // The id becomes a part of a path and of an event.
    let is_sound =
        (1..=200).contains(&id.len()) && id.trim() == id && id.chars().all(|c| !c.is_control() && c != '/');
    if is_sound { Ok(id) } else { Err(serde::de::Error::custom("not usable as an id")) }
}

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn anna() -> UserFields {
        UserFields {
            name: "Анна".to_owned(),
            email: "Anna@example.com".to_owned(),
            r#type: "student",
            phone: String::new(),
            subjects: vec![NO_SUBJECTS.to_owned()],
            join_date: "2026-03-15".to_owned(),
        }
    }

    #[test]
    fn a_user_is_sent_in_the_words_of_the_contract() {
        let json = serde_json::to_value(anna()).unwrap();
        assert_eq!(
            json,
            json!({"name":"Анна","email":"Anna@example.com","type":"student","phone":"",
                   "subjects":["Общие предметы"],"joinDate":"2026-03-15"})
        );
    }

    #[test]
    fn a_record_with_nulls_and_a_number_as_id_is_understood() {
        let record: UserRecord =
            serde_json::from_value(json!({"id":17,"name":"Анна","phone":null,"subjects":null})).unwrap();
        assert_eq!((record.id.as_str(), record.phone.as_str()), ("17", ""));
    }

    #[test]
    fn a_list_is_not_taken_for_a_record() {
        assert!(serde_json::from_value::<UserRecord>(json!([1])).is_err());
        assert!(serde_json::from_value::<TicketRecord>(json!(["1", "title"])).is_err());
        assert!(serde_json::from_value::<Page<UserRecord>>(json!([[], 1])).is_err());
        assert!(serde_json::from_value::<Envelope>(json!([true, {}])).is_err());
    }

    #[test]
    fn an_id_that_would_change_the_path_is_refused() {
        assert!(serde_json::from_value::<UserRecord>(json!({"id":"../users"})).is_err());
    }

    #[test]
    fn differing_fields_are_named_and_their_values_are_not() {
        let record: UserRecord = serde_json::from_value(json!({
            "id":"1","name":"Аня","email":"anna@EXAMPLE.com","type":"tutor","phone":"",
            "subjects":["Общие предметы"],"joinDate":"2026-03-15T00:00:00Z"
        }))
        .unwrap();
        assert_eq!(anna().differing(&record), ["name", "type"]);
    }
}
