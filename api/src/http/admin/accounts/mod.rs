//! Accounts and their roles.

pub mod change_role;
pub mod list;
