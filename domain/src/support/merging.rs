//! Commands on two tickets: merge and unmerge.

use super::ticket::{TicketCommand, TicketError};
use crate::dispatch::Command;
use crate::ids::{AccountId, TicketId};

/// Returns the commands that merge a duplicate of this requester into another ticket, for one append to both.
/// The other ticket refuses a duplicate of another requester.
///
/// # Errors
/// [`TicketError::MergeIntoItself`] if both are the same ticket.
pub fn merge(duplicate: TicketId, requester: AccountId, into: TicketId) -> Result<Vec<Command>, TicketError> {
    if duplicate == into {
        return Err(TicketError::MergeIntoItself);
    }
    Ok(vec![
        Command::Ticket(duplicate, TicketCommand::Merge { into }),
        Command::Ticket(into, TicketCommand::ReceiveDuplicate { duplicate, requester }),
    ])
}

/// Returns the commands that separate a duplicate from the other ticket, for one append to both.
pub fn unmerge(duplicate: TicketId, from: TicketId) -> Vec<Command> {
    vec![
        Command::Ticket(duplicate, TicketCommand::Unmerge { from }),
        Command::Ticket(from, TicketCommand::ReturnDuplicate { duplicate }),
    ]
}
