//! What follows from events outside the log: processes record tasks, their handlers do them.

mod acting;
mod class_departures;
mod classes;
pub mod crm;
mod waitlist;
mod welcome_ticket;

pub use acting::Acting;
pub use class_departures::{ClassDepartures, ClassDeparturesHandler};
pub use classes::{ClassSeats, ClassSeatsHandler};
pub use waitlist::{WaitlistHandler, WaitlistProcess};
pub use welcome_ticket::{WelcomeTicket, WelcomeTicketHandler};
