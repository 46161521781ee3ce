//! What follows from events outside the log: processes record tasks, their handlers do them.

pub mod crm;
mod requests;
mod welcome_ticket;

pub use requests::{RequestHandlers, Requests};
pub use welcome_ticket::{WelcomeTicket, WelcomeTicketHandler};
