//! Events of an inbox.

use cqrs_es::DomainEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::decider::EventEffects;
use crate::ids::NotificationId;
use crate::notifications::kinds::{Channel, DelayCause, NonDelivery, NotificationKind};
use crate::notifications::notice::NotificationContent;
use crate::notifications::quiet_hours::QuietHours;
use crate::position::Position;

/// Events of the aggregate `Inbox` (one per account, under the account's id).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InboxEvent {
    /// The notification is in the inbox unless `muted` has `in_app`. It goes by e-mail unless `muted` has
    /// `email`.
    NotificationRaised {
        notification_id: NotificationId,
        /// Number in this inbox: from 1, without gaps.
        number: u64,
        #[serde(flatten)]
        notice: NotificationContent,
        cause: Cause,
        /// Channels that the person has switched off for this kind.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        muted: Vec<Channel>,
        /// Delay of the e-mail.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email_wait: Option<DeliveryDelay>,
    },
    NotificationDelivered {
        notification_id: NotificationId,
        channel: Channel,
    },
    NotificationDelayed {
        notification_id: NotificationId,
        channel: Channel,
        #[serde(flatten)]
        wait: DeliveryDelay,
    },
    NotificationNotDelivered {
        notification_id: NotificationId,
        channel: Channel,
        reason: NonDelivery,
    },
    /// The named notifications were read, or all up to a number.
    NotificationsRead {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notification_ids: Vec<NotificationId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<u64>,
    },
    NotificationDismissed {
        notification_id: NotificationId,
    },
    PreferencesChanged {
        kind: NotificationKind,
        channel: Channel,
        on: bool,
    },
    /// Absent if the person no longer has quiet hours.
    QuietHoursChanged {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quiet_hours: Option<QuietHours>,
    },
}

/// Event that caused a notification.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cause {
    pub event_id: Uuid,
    pub position: Position,
}

/// Delay of a delivery: its end and its cause.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeliveryDelay {
    pub until: Timestamp,
    pub cause: DelayCause,
}

impl DomainEvent for InboxEvent {
    fn event_type(&self) -> String {
        match self {
            InboxEvent::NotificationRaised { .. } => "NotificationRaised",
            InboxEvent::NotificationDelivered { .. } => "NotificationDelivered",
            InboxEvent::NotificationDelayed { .. } => "NotificationDelayed",
            InboxEvent::NotificationNotDelivered { .. } => "NotificationNotDelivered",
            InboxEvent::NotificationsRead { .. } => "NotificationsRead",
            InboxEvent::NotificationDismissed { .. } => "NotificationDismissed",
            InboxEvent::PreferencesChanged { .. } => "PreferencesChanged",
            InboxEvent::QuietHoursChanged { .. } => "QuietHoursChanged",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl EventEffects for InboxEvent {}
