//! Notifications: what a person is told, by which channel, and what became of it.

mod commands;
mod deciding;
mod error;
mod events;
mod inbox;
mod kinds;
mod notice;
mod quiet_hours;
#[cfg(test)]
mod tests;

pub use commands::{InboxCommand, NewNotification, Preference};
pub use error::InboxError;
pub use events::{Cause, InboxEvent, Wait};
pub use inbox::{Entry, Inbox};
pub use kinds::{Channel, DelayCause, NonDelivery, NotificationKind};
pub use notice::{LessonFacts, Notice, RequestFacts, RescheduleStep, SecurityStep, SyncTrouble, Topic};
pub use quiet_hours::{LocalTime, QuietHours};

use crate::ids::{AccountId, NotificationId};
use uuid::Uuid;

/// How many notifications an inbox shows: older ones leave it when new ones come.
pub const INBOX_MAX: u64 = 1_000;

/// The notification of an event to a person: the same however often the event is looked at.
pub fn notification_id(event_id: Uuid, person: AccountId, kind: NotificationKind) -> NotificationId {
    NotificationId(Uuid::new_v5(&event_id, format!("{person}:{kind}").as_bytes()))
}
