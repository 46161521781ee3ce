//! Notification preferences of the caller.

pub mod change;
pub mod get;
pub mod view;
