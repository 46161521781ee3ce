//! Derived ids: an id follows from the thing that it names, so that the thing can exist only once.

use uuid::Uuid;

use super::kinds::NotificationKind;
use crate::ids::{AccountId, NotificationId};

/// Returns the id of the notification of an event to a person; repeated deliveries of the event give the
/// same id.
pub fn notification_id(event_id: Uuid, person: AccountId, kind: NotificationKind) -> NotificationId {
    NotificationId(Uuid::new_v5(&event_id, format!("{person}:{kind}").as_bytes()))
}
