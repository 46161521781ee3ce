//! Support: tickets and what happens to them.

mod commands;
mod error;
mod events;
#[cfg(test)]
mod tests;
mod ticket;
mod welcome;

pub use commands::{NewTicket, TicketCommand};
pub use error::TicketError;
pub use events::{Channel, Priority, TicketEvent};
pub use ticket::Ticket;
pub use welcome::{welcome_ticket, welcome_ticket_id};
