//! Inboxes: notifications, read state, deliveries and settings.

mod apply;
mod mail;
mod model;
mod queries;
mod settings;

pub(crate) use mail::{MailRow, MailSettings, find_mail, load_digest, load_mail_settings, load_names};
pub use model::NotificationsReadModel;
pub use queries::{
    Deliveries, EmailState, NotificationFilter, NotificationRow, count_notifications, deliveries,
    find_notification_number, notifications,
};
