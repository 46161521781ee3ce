//! Process managers of support.

mod sla;
mod welcome_ticket;

pub use sla::{SlaWatch, SlaWatchHandler};
pub use welcome_ticket::{WelcomeTicket, WelcomeTicketHandler};
