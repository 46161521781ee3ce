//! The users of the CRM, with their uniqueness by e-mail.

use std::collections::HashMap;

use uuid::Uuid;

use super::change::UserChange;
use super::record::{NOT_FOUND, User, user_id};
use crate::answer::Refusal;
use crate::record_store::RecordStore;

/// The users, and the number of users of each e-mail (more than one only by the duplicating fault).
#[derive(Default)]
pub(crate) struct Users {
    shelf: RecordStore<User>,
    emails: HashMap<String, u32>,
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
        self.emails.contains_key(&normalize_email(email))
    }

    pub fn put(&mut self, user: User, key: Option<String>) {
        self.count_email(&user.email);
        self.shelf.put(user, key);
    }

    pub fn remove(&mut self, id: Uuid) -> Option<User> {
        let user = self.shelf.remove(id)?;
        self.release_email(&user.email);
        Some(user)
    }

    pub fn change(&mut self, id: &str, change: UserChange) -> Result<User, Refusal> {
        let id = user_id(id).ok_or(NOT_FOUND)?;
        let before = self.shelf.get(id).ok_or(NOT_FOUND)?.email.clone();
        let is_moving =
            change.email.as_deref().is_some_and(|email| normalize_email(email) != normalize_email(&before));
        if is_moving && change.email.as_deref().is_some_and(|email| self.has_email(email)) {
            return Err(Refusal::EmailTaken);
        }
        let user = self.shelf.get_mut(id).ok_or(NOT_FOUND)?;
        change.apply(user);
        let user = user.clone();
        if is_moving {
            self.release_email(&before);
            self.count_email(&user.email);
        }
        Ok(user)
    }

    fn count_email(&mut self, email: &str) {
        *self.emails.entry(normalize_email(email)).or_default() += 1;
    }

    fn release_email(&mut self, email: &str) {
        let email = normalize_email(email);
        if let Some(count) = self.emails.get_mut(&email) {
            *count -= 1;
            if *count == 0 {
                self.emails.remove(&email);
            }
        }
    }
}

/// E-mail for comparison: the case of letters does not matter.
fn normalize_email(email: &str) -> String {
    email.to_lowercase()
}
