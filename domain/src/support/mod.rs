//! Support: tickets and what happens to them.

mod canned;
mod limits;
mod merging;
mod sla;
mod ticket;
mod validate;
mod values;
mod welcome;

pub use canned::{Filling, VARIABLES, canned_reply, fill};
pub use limits::*;
pub use merging::{merge, unmerge};
pub use sla::{BusinessCalendar, SLA_POLICIES, SlaClock, SlaPolicy, SlaTargets};
pub use ticket::{
    Candidate, Case, Classification, NewTicket, Ticket, TicketCommand, TicketError, TicketEvent, whose_turn,
};
pub use values::{AssignedBy, Channel, Priority, SlaTarget, Status, StatusCause};
pub use welcome::{welcome_ticket, welcome_ticket_id};
