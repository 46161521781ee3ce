//! Process managers of support.

mod departed_agents;
mod sla;
mod welcome_ticket;

pub use departed_agents::{DepartedAgents, DepartedAgentsHandler};
pub use sla::{SlaTimers, SlaTimersHandler};
pub use welcome_ticket::{WelcomeTicket, WelcomeTicketHandler};
