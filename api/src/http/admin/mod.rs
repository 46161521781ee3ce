//! What admins see and do: accounts, roles, read models, the system.

pub mod accounts;
pub mod projections;
pub mod roles;
pub mod system;
