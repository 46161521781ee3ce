//! What admins see and do: the link to the CRM, read models, roles, the system.

pub mod crm;
pub mod projections;
pub mod roles;
pub mod system;
