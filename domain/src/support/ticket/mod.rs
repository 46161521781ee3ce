//! A support ticket: its commands, its events, and the rules between them.

mod apply;
mod assignment;
mod commands;
mod decide;
mod error;
mod events;
#[cfg(test)]
mod tests;
mod ticket;
mod validate;

pub use assignment::next_assignee;
pub use commands::{Classification, NewTicket, TicketCommand};
pub use error::TicketError;
pub use events::{Candidate, TicketEvent};
pub use ticket::{Ticket, TicketState};
