//! Support: tickets, canned replies and the SLA.

mod canned;
mod categories;
mod limits;
mod merging;
mod sla;
mod ticket;
mod upcasters;
mod validate;
mod values;
mod welcome;

pub use canned::{TemplateValues, VARIABLES, canned_reply, fill};
pub use categories::find_category;
pub use limits::*;
pub use merging::{merge, unmerge};
pub use sla::{BusinessCalendar, SLA_POLICIES, SlaClock, SlaPolicy, SlaTargets};
pub use ticket::{
    Candidate, Classification, NewTicket, Ticket, TicketCommand, TicketError, TicketEvent, TicketState,
    next_assignee,
};
pub(crate) use upcasters::upcasters;
pub use values::{AssignedBy, Channel, Priority, SlaTarget, Status, StatusCause};
pub use welcome::{welcome_ticket, welcome_ticket_id};
