//! The link of an account to its records in the external CRM.

mod apply;
mod commands;
mod crm_link;
mod decide;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use commands::CrmLinkCommand;
pub use crm_link::CrmLink;
pub use error::CrmLinkError;
pub use events::{CrmLinkEvent, Drift, FailureCause, SyncSubject};
