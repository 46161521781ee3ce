//! Lists of tickets under a name, for oneself or for all agents.

pub mod change;
pub mod create;
pub mod delete;
pub mod list;
pub mod view;
