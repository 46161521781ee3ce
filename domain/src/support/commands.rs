//! What can be asked of a support ticket.

use super::events::{Channel, Priority};
use crate::ids::AccountId;

/// Commands to the aggregate `Ticket`.
#[derive(Clone, Debug)]
pub enum TicketCommand {
    OpenTicket(NewTicket),
}

/// A ticket as it is opened; texts are personal to the requester.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTicket {
    pub requester: AccountId,
    pub title: String,
    pub description: String,
    pub priority: Priority,
    pub category: String,
    pub tags: Vec<String>,
    pub channel: Channel,
}
