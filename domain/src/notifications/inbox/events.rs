//! What can have happened in a person's inbox.

use cqrs_es::DomainEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::decider::EventEffects;
use crate::ids::NotificationId;
use crate::notifications::kinds::{Channel, DelayCause, NonDelivery, NotificationKind};
use crate::notifications::notice::Notice;
use crate::notifications::quiet_hours::QuietHours;

/// Events of the aggregate `Inbox` (one per account, under the account's id).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InboxEvent {
    /// It is in the inbox, unless `muted` names `in_app`; by mail it goes unless `muted` names `email`.
    NotificationRaised {
        notification_id: NotificationId,
        /// In this inbox: from 1, without holes.
        number: u64,
        #[serde(flatten)]
        notice: Notice,
        cause: Cause,
        /// Channels that the person had switched off for this kind.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        muted: Vec<Channel>,
        /// Not by mail at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email_wait: Option<Wait>,
    },
    NotificationDelivered {
        notification_id: NotificationId,
        channel: Channel,
    },
    NotificationDelayed {
        notification_id: NotificationId,
        channel: Channel,
        #[serde(flatten)]
        wait: Wait,
    },
    NotificationNotDelivered {
        notification_id: NotificationId,
        channel: Channel,
        reason: NonDelivery,
    },
    /// These, or all up to a number.
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
    /// Absent where there are none any more.
    QuietHoursChanged {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quiet_hours: Option<QuietHours>,
    },
}

/// The event of which a person is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cause {
    pub event_id: Uuid,
    pub position: u64,
}

/// Until when a delivery waits, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wait {
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
