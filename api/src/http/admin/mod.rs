//! What admins see and do: accounts and roles, the link to the CRM, read models, the system.

pub mod accounts;
pub mod crm;
pub mod projections;
pub mod roles;
pub mod system;
