//! Saved views: named queries of tickets, private or shared by all agents.

pub mod change;
pub mod create;
pub mod delete;
pub mod list;
pub mod view;
