//! The link to the external CRM: what was delivered there and what became of it.

mod crm_link;

pub use crm_link::{CrmLink, CrmLinkCommand, CrmLinkError, CrmLinkEvent, Drift, FailureCause, SyncSubject};
