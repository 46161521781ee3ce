//! Commands on two tickets: merge and unmerge.

use super::ticket::{TicketCommand, TicketError};
use crate::dispatch::Command;
use crate::ids::TicketId;

/// Returns the commands that merge a duplicate into another ticket, for one append to both.
///
/// # Errors
/// [`TicketError::MergeIntoItself`] if both are the same ticket.
pub fn merge(duplicate: TicketId, into: TicketId) -> Result<Vec<Command>, TicketError> {
    if duplicate == into {
        return Err(TicketError::MergeIntoItself);
    }
    Ok(vec![
        Command::Ticket(duplicate, TicketCommand::Merge { into }),
        Command::Ticket(into, TicketCommand::ReceiveDuplicate { duplicate }),
    ])
}

/// Returns the commands that separate a duplicate from the other ticket, for one append to both.
pub fn unmerge(duplicate: TicketId, from: TicketId) -> Vec<Command> {
    vec![
        Command::Ticket(duplicate, TicketCommand::Unmerge { from }),
        Command::Ticket(from, TicketCommand::ReturnDuplicate { duplicate }),
    ]
}
