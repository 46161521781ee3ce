//! State of the link between an account and its records in the external CRM.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::events::SyncSubject;
use crate::ids::TicketId;

/// Records of one account in the external CRM, as far as its responses tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CrmLink {
    pub(super) user: Option<String>,
    pub(super) tickets: BTreeMap<TicketId, String>,
    /// Records whose delivery was requested or failed since the last success. For these, a new link is an
    /// event, also under the known id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unsettled: Vec<SyncSubject>,
}

impl CrmLink {
    /// Returns the id of the account's user in the external CRM, if known.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Returns the id of a ticket in the external CRM, if known.
    pub fn ticket(&self, ticket_id: TicketId) -> Option<&str> {
        self.tickets.get(&ticket_id).map(String::as_str)
    }

    /// Returns whether the last known result of a record is a successful delivery.
    pub fn is_settled(&self, what: SyncSubject) -> bool {
        !self.unsettled.contains(&what)
    }
}
