//! The link to the external CRM: what was delivered there and what became of it.

mod commands;
mod crm_link;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use commands::CrmLinkCommand;
pub use crm_link::CrmLink;
pub use error::CrmLinkError;
pub use events::{CrmLinkEvent, Drift, FailureCause, SyncSubject};
