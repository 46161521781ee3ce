//! Conversations of the caller.

pub mod create;
pub mod get;
pub mod list;
pub mod participant_actions;
pub mod view;
