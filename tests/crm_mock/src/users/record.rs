//! The record of a user, and the users with their uniqueness by e-mail.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use uuid::Uuid;

use super::change::UserChange;
use crate::answer::Refusal;
use crate::shelf::{Record, Shelf};

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
    /// Null until someone has rated.
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

/// The users, and how many of them have each e-mail (more than one only by the duplicating fault).
#[derive(Default)]
pub(crate) struct Users {
    shelf: Shelf<User>,
    emails: HashMap<String, u32>,
}

pub(super) const NOT_FOUND: Refusal = Refusal::NotFound("User");

/// What is not a UUID is nobody's id.
pub(super) fn user_id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

impl Users {
    pub fn iter(&self) -> impl Iterator<Item = &User> {
        self.shelf.iter()
    }

    pub fn len(&self) -> usize {
        self.shelf.len()
    }

    pub fn get(&self, id: Uuid) -> Option<&User> {
        self.shelf.get(id)
    }

    pub fn created_by_key(&self, key: Option<&str>) -> Option<&User> {
        self.shelf.created_by_key(key)
    }

    pub fn has_email(&self, email: &str) -> bool {
        self.emails.contains_key(&folded(email))
    }

    pub fn put(&mut self, user: User, key: Option<String>) {
        self.count_email(&user.email);
        self.shelf.put(user, key);
    }

    pub fn remove(&mut self, id: Uuid) -> Option<User> {
        let user = self.shelf.remove(id)?;
        self.forget_email(&user.email);
        Some(user)
    }

    pub fn change(&mut self, id: &str, change: UserChange) -> Result<User, Refusal> {
        let id = user_id(id).ok_or(NOT_FOUND)?;
        let before = self.shelf.get(id).ok_or(NOT_FOUND)?.email.clone();
        let is_moving = change.email.as_deref().is_some_and(|email| folded(email) != folded(&before));
        if is_moving && change.email.as_deref().is_some_and(|email| self.has_email(email)) {
            return Err(Refusal::EmailTaken);
        }
        let user = self.shelf.get_mut(id).ok_or(NOT_FOUND)?;
        change.apply(user);
        let user = user.clone();
        if is_moving {
            self.forget_email(&before);
            self.count_email(&user.email);
        }
        Ok(user)
    }

    fn count_email(&mut self, email: &str) {
        *self.emails.entry(folded(email)).or_default() += 1;
    }

    fn forget_email(&mut self, email: &str) {
        let email = folded(email);
        if let Some(count) = self.emails.get_mut(&email) {
            *count -= 1;
            if *count == 0 {
                self.emails.remove(&email);
            }
        }
    }
}

/// E-mails are the same whatever the case of their letters.
fn folded(email: &str) -> String {
    email.to_lowercase()
}

impl User {
    pub fn blank(id: Uuid, now: Timestamp) -> Self {
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
