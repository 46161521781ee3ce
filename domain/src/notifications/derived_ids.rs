//! Ids that follow from what they name, so that it can exist only once.

use uuid::Uuid;

use super::kinds::NotificationKind;
use crate::ids::{AccountId, NotificationId};

/// The notification of an event to a person: the same however often the event is looked at.
pub fn notification_id(event_id: Uuid, person: AccountId, kind: NotificationKind) -> NotificationId {
    NotificationId(Uuid::new_v5(&event_id, format!("{person}:{kind}").as_bytes()))
}
