//! Dashboard of the CRM views.

pub mod get;
