//! Inboxes: what people are told, what they read, what became of each delivery, and the words for it.

mod inbox;
mod processes;
mod talks;
mod words;

pub use inbox::{
    Deliveries, EmailState, NotificationFilter, NotificationRow, Notifications, count_notifications,
    deliveries, notifications, number_of,
};
pub(crate) use inbox::{MailRow, MailSettings, digest, mail, names, settings_of};
pub use processes::{
    Mailer, MailerError, NotificationSettings, RatingLinks, Smtp, Transport, notification_handlers,
    notification_processes,
};
pub use talks::Talks;
pub(crate) use talks::talk;
pub use words::{Reader, Words, words};
