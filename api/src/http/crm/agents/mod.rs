//! Agents of the support desk.

pub mod list;
