//! Inboxes: what people are told, what they read, what became of each delivery, and the words for it.

mod changes;
mod mail;
mod model;
mod queries;
mod settings;
mod talks;
mod words;

pub(crate) use mail::{MailRow, MailSettings, digest, mail, names, settings_of};
pub use model::Notifications;
pub use queries::{
    Deliveries, EmailState, NotificationFilter, NotificationRow, count_notifications, deliveries,
    notifications, number_of,
};
pub use talks::Talks;
pub(crate) use talks::talk;
pub use words::{Reader, Words, words};
