//! Notifications: inboxes, settings, deliveries and texts.

mod conversation_members;
mod inbox;
mod processes;
mod texts;

pub use conversation_members::ConversationMembersReadModel;
pub(crate) use conversation_members::find_conversation_members;
pub use inbox::{
    Deliveries, EmailState, NotificationFilter, NotificationRow, NotificationsReadModel, count_notifications,
    deliveries, find_notification_number, notifications,
};
pub(crate) use inbox::{MailRow, MailSettings, find_mail, load_digest, load_mail_settings, load_names};
pub use processes::{
    AccountLinkIssuer, Mailer, MailerError, NewAccountLink, NotificationSettings, RatingLinks, Smtp,
    Transport, notification_handlers, notification_process_managers,
};
pub use texts::{NotificationText, Recipient, notification_text};
