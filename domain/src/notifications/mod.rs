//! Notifications: what a person is told, by which channel, and what became of it.

mod derived_ids;
mod inbox;
mod kinds;
mod limits;
mod notice;
mod quiet_hours;

pub use derived_ids::notification_id;
pub use inbox::{
    Cause, Entry, Inbox, InboxCommand, InboxError, InboxEvent, NewNotification, Preference, Wait,
};
pub use kinds::{Channel, DelayCause, NonDelivery, NotificationKind};
pub use limits::INBOX_MAX;
pub use notice::{LessonFacts, Notice, RequestFacts, RescheduleStep, SecurityStep, SyncTrouble, Topic};
pub use quiet_hours::{LocalTime, QuietHours};
