//! What admins see and do: read models, roles, the system.

pub mod projections;
pub mod roles;
pub mod system;
