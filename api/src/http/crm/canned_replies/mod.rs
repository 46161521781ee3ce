//! Canned replies: shared texts of agents with variables for a ticket.

pub mod change;
pub mod create;
pub mod delete;
pub mod list;
pub mod text;
pub mod view;
