//! Texts that agents share, with variables that are filled in for a ticket.

pub mod change;
pub mod create;
pub mod delete;
pub mod list;
pub mod text;
pub mod view;
