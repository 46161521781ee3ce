//! Directory: all accounts, for staff lists and joins.

mod apply;
mod model;
mod queries;

use domain::{AccountId, StreamVersion};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::status::AccountStatus;

pub(crate) use apply::{add_role, remove_role};
pub use model::DirectoryReadModel;
pub use queries::{AccountFilter, AccountSort, account, accounts, count_accounts};

/// Account in the directory. It has contact data, so only entitled staff may see it.
///
/// It has no other profile data (school, parents, …); read the aggregate for them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccountRow {
    pub account_id: AccountId,
    pub status: AccountStatus,
    /// Role codes, in the order of `Role::ALL`.
    pub roles: Vec<String>,
    /// `None` after erasure, like all personal data; see [`super::pseudonym`].
    pub name: Option<String>,
    pub nickname: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub email_verified: bool,
    pub locale: String,
    pub time_zone: String,
    /// Object id of the picture.
    pub avatar: Option<Uuid>,
    pub created_at: Timestamp,
    /// Time of the last event that the person caused.
    pub last_active_at: Timestamp,
    /// Stream version of the account's last event.
    pub version: StreamVersion,
}
