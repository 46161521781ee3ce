//! CRM users: one row per person, with the data that staff need first.

mod apply;
mod counters;
mod model;
mod queries;
mod rows;

use domain::{AccountId, Position, Role, StreamVersion};
use jiff::Timestamp;
use serde::Serialize;

use super::visibility::ContactView;
use crate::accounts::{AccountStatus, pseudonym};

pub use model::CrmUsersReadModel;
pub use queries::{UserFilter, UserSort, count_users, user, users, users_stream};

domain::code_enum!(
    /// Type of a person in the CRM. Each person has exactly one.
    #[derive(sqlx::Type)]
    #[sqlx(type_name = "text", rename_all = "snake_case")]
    UserType {
        Student = "student",
        /// A person with the role teacher, also if they are a student too.
        Teacher = "teacher",
        /// A person who is neither student nor teacher.
        Staff = "staff",
    }
);

impl UserType {
    /// Returns the type of a person with these roles.
    pub(crate) fn from_roles(holds: impl Fn(Role) -> bool) -> Self {
        if holds(Role::Teacher) {
            UserType::Teacher
        } else if holds(Role::Student) {
            UserType::Student
        } else {
            UserType::Staff
        }
    }
}

/// User as a CRM page shows them to its reader.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CrmUser {
    pub id: AccountId,
    /// The name, or a pseudonym if the person is erased.
    pub name: String,
    pub nickname: Option<String>,
    /// Masked for readers who may not see contacts.
    pub email: Option<String>,
    pub phone: Option<String>,
    #[serde(rename = "type")]
    pub kind: UserType,
    pub status: AccountStatus,
    pub roles: Vec<String>,
    pub subjects: Vec<String>,
    pub registered_at: Timestamp,
    pub last_active_at: Timestamp,
    pub lessons_completed: i32,
    pub rating: Option<f64>,
    pub tickets_open: i32,
    /// Stream version of the account.
    pub version: StreamVersion,
}

/// Stored row of a user.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct UserRow {
    account_id: AccountId,
    #[serde(rename = "type")]
    kind: UserType,
    status: AccountStatus,
    roles: Vec<String>,
    name: Option<String>,
    nickname: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    subjects: Vec<String>,
    registered_at: Timestamp,
    last_active_at: Timestamp,
    lessons_completed: i32,
    rating: Option<f64>,
    rating_sum: i64,
    reviews_count: i32,
    tickets_open: i32,
    version: StreamVersion,
    /// Position of the last event that changed the row.
    position: Position,
}

impl UserRow {
    fn view_as(self, contact_view: ContactView) -> CrmUser {
        CrmUser {
            id: self.account_id,
            name: self.name.unwrap_or_else(|| pseudonym(self.account_id, contact_view.locale)),
            nickname: self.nickname,
            email: self.email.map(|email| contact_view.show_email(email)),
            phone: self.phone.map(|phone| contact_view.show_phone(phone)),
            kind: self.kind,
            status: self.status,
            roles: self.roles,
            subjects: self.subjects,
            registered_at: self.registered_at,
            last_active_at: self.last_active_at,
            lessons_completed: self.lessons_completed,
            rating: self.rating,
            tickets_open: self.tickets_open,
            version: self.version,
        }
    }
}
