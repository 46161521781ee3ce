//! Messages: send, edit, delete, report and search.

pub mod delete;
pub mod edit;
pub mod history;
pub mod list;
pub mod lookup;
pub mod report;
pub mod search;
pub mod send;
pub mod view;
