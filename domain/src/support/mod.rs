//! Support: tickets and what happens to them.

mod assigning;
mod canned;
mod commands;
mod deciding;
mod error;
mod events;
mod opening;
mod sla;
#[cfg(test)]
mod tests;
mod ticket;
mod values;
mod welcome;

pub use assigning::whose_turn;
pub use canned::{Filling, VARIABLES, canned_reply, fill};
pub use commands::{Classification, NewTicket, TicketCommand, merge, unmerge};
pub use error::TicketError;
pub use events::{Candidate, TicketEvent};
pub use sla::{BusinessCalendar, SLA_POLICIES, SlaClock, SlaPolicy, SlaTargets};
pub use ticket::{Case, Ticket};
pub use values::{AssignedBy, Channel, Priority, SlaTarget, Status, StatusCause};
pub use welcome::{welcome_ticket, welcome_ticket_id};

/// Longest texts, in characters, and the longest list of tags.
pub const TITLE_LIMIT: usize = 200;
pub const DESCRIPTION_LIMIT: usize = 10_000;
pub const CATEGORY_LIMIT: usize = 100;
pub const TAG_LIMIT: usize = 50;
pub const TAGS_MAX: usize = 20;
/// Of a reply or a note.
pub const BODY_LIMIT: usize = 10_000;
/// Of a rating.
pub const COMMENT_LIMIT: usize = 2_000;
