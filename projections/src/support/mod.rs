//! Support: tickets as they are now, the welcome ticket, and the promises of the desk.

mod processes;
mod tickets;

pub use processes::{SlaTimers, SlaTimersHandler, WelcomeTicket, WelcomeTicketHandler};
pub use tickets::{
    Assignee, SlaState, TicketFilter, TicketRow, TicketSort, TicketsReadModel, count_tickets,
    find_assignment_candidates, ticket, tickets, tickets_of,
};
