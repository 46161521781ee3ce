//! The record of a user.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use uuid::Uuid;

use crate::answer::Refusal;
use crate::record_store::Record;

pub(super) const TYPES: &str = "student, tutor";

pub(super) const STATUSES: &str = "active, inactive, suspended";

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub r#type: UserType,
    pub status: UserStatus,
    pub phone: String,
    pub join_date: Date,
    pub last_active: Timestamp,
    pub subjects: Vec<String>,
    /// Null without a rating.
    pub rating: Option<Number>,
    pub total_students: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum UserType {
    Student,
    Tutor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum UserStatus {
    Active,
    Inactive,
    Suspended,
}

pub(super) const NOT_FOUND: Refusal = Refusal::NotFound("User");

/// Parses a user's id; a text that is not a UUID is no id.
pub(super) fn user_id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

impl User {
    pub fn new(id: Uuid, now: Timestamp) -> Self {
        Self {
            id,
            name: String::new(),
            email: String::new(),
            r#type: UserType::Student,
            status: UserStatus::Active,
            phone: String::new(),
            join_date: now.to_zoned(TimeZone::UTC).date(),
            last_active: now,
            subjects: Vec::new(),
            rating: None,
            total_students: 0,
        }
    }
}

impl Record for User {
    fn id(&self) -> Uuid {
        self.id
    }
}
