//! The link to the external CRM: the deliveries to it and their results.

mod crm_link;

pub use crm_link::{CrmLink, CrmLinkCommand, CrmLinkError, CrmLinkEvent, Drift, FailureCause, SyncSubject};
