//! Commands over two tickets: a merge, and its end.

use super::ticket::{TicketCommand, TicketError};
use crate::dispatch::Command;
use crate::ids::TicketId;

/// The commands by which a duplicate goes into another ticket: for one append over both.
///
/// # Errors
/// A ticket is no duplicate of itself.
pub fn merge(duplicate: TicketId, into: TicketId) -> Result<Vec<Command>, TicketError> {
    if duplicate == into {
        return Err(TicketError::MergeIntoItself);
    }
    Ok(vec![
        Command::Ticket(duplicate, TicketCommand::Merge { into }),
        Command::Ticket(into, TicketCommand::ReceiveDuplicate { duplicate }),
    ])
}

/// The commands by which a duplicate is on its own again: for one append over both.
pub fn unmerge(duplicate: TicketId, from: TicketId) -> Vec<Command> {
    vec![
        Command::Ticket(duplicate, TicketCommand::Unmerge { from }),
        Command::Ticket(from, TicketCommand::ReturnDuplicate { duplicate }),
    ]
}
