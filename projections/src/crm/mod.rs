//! Read models of the CRM: users, what happened to each, their tickets.

pub mod analytics;
mod lists;
mod tickets;
mod timeline;
mod users;
mod visibility;

pub use lists::Lists;
pub use tickets::{
    Assignee, SlaState, TicketFilter, TicketRow, TicketSort, Tickets, candidates, count_tickets, ticket,
    tickets, tickets_of,
};
pub use timeline::{Activity, Timeline, TimelineRow, recent_activity, sentence, timeline};
pub use users::{CrmUser, CrmUsers, UserFilter, UserSort, UserType, count_users, user, users, users_stream};
pub use visibility::{Reader, Visibility, mask_contacts, mask_email, mask_phone};
