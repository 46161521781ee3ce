//! State of the link between an account and its records in the external CRM.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::events::SyncSubject;
use crate::ids::TicketId;

/// What the external CRM holds of one account, as far as it told us.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CrmLink {
    pub(super) user: Option<String>,
    pub(super) tickets: BTreeMap<TicketId, String>,
    /// What was asked for or failed since it was last delivered: linking it again is news, even
    /// under the id that is known already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unsettled: Vec<SyncSubject>,
}

impl CrmLink {
    /// The id of the account's user there, once known.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The id of a ticket there, once known.
    pub fn ticket(&self, ticket_id: TicketId) -> Option<&str> {
        self.tickets.get(&ticket_id).map(String::as_str)
    }

    /// Whether the last that is known of a record is that it was delivered.
    pub fn is_settled(&self, what: SyncSubject) -> bool {
        !self.unsettled.contains(&what)
    }
}
