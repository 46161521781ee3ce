//! Quiet hours of the caller: no mail is sent in them.

pub mod change;
pub mod get;
pub mod view;
