//! Tickets of the support desk: list, detail and actions of agents.

pub mod action;
pub mod add_note;
pub mod assign;
pub mod bulk;
pub mod change;
pub mod change_category;
pub mod change_priority;
pub mod change_status;
pub mod change_tags;
pub mod create;
pub mod get;
pub mod list;
pub mod merge;
pub mod merge_targets;
pub mod reply;
pub mod unmerge;
pub mod view;
