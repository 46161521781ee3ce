//! Notifications: their content, their channels, and the results of their deliveries.

mod derived_ids;
mod inbox;
mod kinds;
mod limits;
mod notice;
mod quiet_hours;

pub use derived_ids::notification_id;
pub use inbox::{
    Cause, DeliveryDelay, Inbox, InboxCommand, InboxError, InboxEvent, InboxItem, NewNotification, Preference,
};
pub use kinds::{Channel, DelayCause, NonDelivery, NotificationKind};
pub use limits::INBOX_MAX;
pub use notice::{
    LessonFacts, NotificationContent, RequestFacts, RescheduleStep, SecurityStep, SyncTrouble, Topic,
};
pub use quiet_hours::{LocalTime, QuietHours};
