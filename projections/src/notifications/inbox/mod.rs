//! Inboxes: what people are told, what they read, what became of each delivery.

mod apply;
mod mail;
mod model;
mod queries;
mod settings;

pub(crate) use mail::{MailRow, MailSettings, digest, mail, names, settings_of};
pub use model::Notifications;
pub use queries::{
    Deliveries, EmailState, NotificationFilter, NotificationRow, count_notifications, deliveries,
    notifications, number_of,
};
