//! Read models of the CRM views: users, timelines, and the figures of the reports.

pub mod analytics;
mod snapshot;
mod timeline;
mod users;
mod visibility;

pub use snapshot::CrmSnapshot;
pub use timeline::{TimelineActivity, TimelineReadModel, TimelineRow, event_text, recent_activity, timeline};
pub use users::{
    CrmUser, CrmUsersReadModel, UserFilter, UserSort, UserType, count_users, user, users, users_stream,
};
pub use visibility::{ContactView, FreeText, Visibility, mask_contacts, mask_email, mask_phone};
