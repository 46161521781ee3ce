//! The directory: everybody with an account, for staff lists and joins.

mod apply;
mod model;
mod queries;

use domain::AccountId;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::status::AccountStatus;

pub(crate) use apply::{add_role, remove_role};
pub use model::DirectoryReadModel;
pub use queries::{AccountFilter, AccountSort, account, accounts, count_accounts};

/// One account. Contact data: for staff who may see it.
///
/// Not here: what a profile tells (school, parents, …). Who needs to know that reads the aggregate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccountRow {
    pub account_id: AccountId,
    pub status: AccountStatus,
    /// Codes of the roles, in the order of `Role::ALL`.
    pub roles: Vec<String>,
    /// `None` once erased, like everything personal; see [`super::pseudonym`].
    pub name: Option<String>,
    pub nickname: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub email_verified: bool,
    pub locale: String,
    pub time_zone: String,
    /// The object id of the picture.
    pub avatar: Option<Uuid>,
    pub created_at: Timestamp,
    /// When the person last did something that is in the log.
    pub last_active_at: Timestamp,
    /// Sequence of the account's last event.
    pub version: i64,
}
