//! Support: tickets, the welcome ticket, and the SLA timers.

mod processes;
mod tickets;

pub use processes::{
    DepartedAgents, DepartedAgentsHandler, SlaTimers, SlaTimersHandler, WelcomeTicket, WelcomeTicketHandler,
};
pub use tickets::{
    AgentRow, Assignee, SlaState, TicketFilter, TicketRow, TicketSort, TicketsReadModel, agents,
    count_tickets, find_assignment_candidates, open_tickets_of_agent, ticket, tickets, tickets_of,
};
