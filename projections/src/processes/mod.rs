//! What follows from events outside the log: processes record tasks, their handlers do them.

pub mod crm;
mod series;
mod welcome_ticket;

pub use series::{SeriesHandler, SeriesKeeper};
pub use welcome_ticket::{WelcomeTicket, WelcomeTicketHandler};
