//! Endpoints of admins: accounts and roles, the link to the CRM, read models, the system.

pub mod accounts;
pub mod crm_sync;
pub mod projections;
pub mod system;
