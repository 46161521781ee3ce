//! A person in the CRM views, and the visibility of contact data.

use domain::accounts::Locale;
use domain::{AccountId, Role};
use jiff::Timestamp;
use projections::accounts::AccountStatus;
use projections::crm::{ContactView, CrmUser, UserType, Visibility};
use serde::Serialize;

use crate::http::caller::Caller;

/// A person in the CRM views. E-mail and phone are masked for analysts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CrmUser)]
pub struct UserView {
    #[schema(value_type = uuid::Uuid)]
    pub id: AccountId,
    /// A pseudonym after erasure of the person.
    pub name: String,
    pub nickname: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// `student`, `teacher` or `staff`.
    #[schema(value_type = String)]
    pub r#type: UserType,
    /// `active`, `suspended` or `erased`.
    #[schema(value_type = String)]
    pub status: AccountStatus,
    pub roles: Vec<String>,
    pub subjects: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub registered_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub last_active_at: Timestamp,
    pub lessons_completed: i32,
    /// Average rating, 1 to 5. Null without reviews.
    pub rating: Option<f64>,
    pub tickets_open: i32,
}

impl From<CrmUser> for UserView {
    fn from(user: CrmUser) -> Self {
        Self {
            id: user.id,
            name: user.name,
            nickname: user.nickname,
            email: user.email,
            phone: user.phone,
            r#type: user.kind,
            status: user.status,
            roles: user.roles,
            subjects: user.subjects,
            registered_at: user.registered_at,
            last_active_at: user.last_active_at,
            lessons_completed: user.lessons_completed,
            rating: user.rating,
            tickets_open: user.tickets_open,
        }
    }
}

/// Returns the view of the caller. Support and admins see contact data unmasked.
pub fn contact_view(caller: &Caller, locale: Locale) -> ContactView {
    let contacts = caller.has_role(Role::Support) || caller.has_role(Role::Admin);
    ContactView { visibility: if contacts { Visibility::Full } else { Visibility::Masked }, locale }
}
