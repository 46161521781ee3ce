//! What can be asked of a support ticket.

use std::fmt;

use super::events::{Channel, Priority};
use crate::ids::AccountId;

/// Commands to the aggregate `Ticket`.
#[derive(Clone, Debug)]
pub enum TicketCommand {
    OpenTicket(NewTicket),
}

/// A ticket as it is opened; texts are personal to the requester.
#[derive(Clone, PartialEq)]
pub struct NewTicket {
    pub requester: AccountId,
    pub title: String,
    pub description: String,
    pub priority: Priority,
    pub category: String,
    pub tags: Vec<String>,
    pub channel: Channel,
}

/// Shows whose ticket and of what sort, never its text.
impl fmt::Debug for NewTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewTicket")
            .field("requester", &self.requester)
            .field("priority", &self.priority)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}
