//! Read models of the CRM: users, what happened to each, and the figures of the reports.

pub mod analytics;
mod lists;
mod timeline;
mod users;
mod visibility;

pub use lists::Lists;
pub use timeline::{TimelineActivity, TimelineReadModel, TimelineRow, event_text, recent_activity, timeline};
pub use users::{CrmUser, CrmUsers, UserFilter, UserSort, UserType, count_users, user, users, users_stream};
pub use visibility::{Reader, Visibility, mask_contacts, mask_email, mask_phone};
