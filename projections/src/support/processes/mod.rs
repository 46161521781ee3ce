//! Process managers of support.

mod sla;
mod welcome_ticket;

pub use sla::{SlaTimers, SlaTimersHandler};
pub use welcome_ticket::{WelcomeTicket, WelcomeTicketHandler};
