//! The desk: tickets as agents see them, and what they do about them.

pub mod assign;
pub mod bulk;
pub mod canned;
pub mod change;
pub mod list;
pub mod merge;
pub mod one;
pub mod say;
pub mod view;
pub mod views;
