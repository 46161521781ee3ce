//! Pictures of accounts.

pub mod get;
pub mod put;
