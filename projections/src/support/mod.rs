//! Support: tickets as they are now, the welcome ticket, and the promises of the desk.

mod processes;
mod tickets;

pub use processes::{SlaTimers, SlaTimersHandler, WelcomeTicket, WelcomeTicketHandler};
pub use tickets::{
    Assignee, SlaState, TicketFilter, TicketRow, TicketSort, Tickets, candidates, count_tickets, ticket,
    tickets, tickets_of,
};
