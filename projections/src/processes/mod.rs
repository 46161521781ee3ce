//! What follows from events outside the log: processes record tasks, their handlers do them.

mod acting;
mod classes;
pub mod crm;
mod series;
mod waitlist;
mod welcome_ticket;

pub use acting::Acting;
pub use classes::{ClassSeats, ClassSeatsHandler};
pub use series::{SeriesHandler, SeriesKeeper};
pub use waitlist::{WaitlistHandler, WaitlistProcess};
pub use welcome_ticket::{WelcomeTicket, WelcomeTicketHandler};
