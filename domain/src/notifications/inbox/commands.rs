//! Commands to an inbox.

use super::events::{Cause, DeliveryDelay};
use crate::ids::NotificationId;
use crate::notifications::kinds::{Channel, NonDelivery, NotificationKind};
use crate::notifications::notice::{NotificationContent, Topic};
use crate::notifications::quiet_hours::QuietHours;

/// Commands to the aggregate `Inbox`.
#[derive(Clone, Debug)]
pub enum InboxCommand {
    /// Changes nothing if the notification was raised before, or an unread one has the same topic.
    RaiseNotification(Box<NewNotification>),
    /// One e-mail may contain several notifications.
    RecordDelivery {
        notification_ids: Vec<NotificationId>,
        channel: Channel,
    },
    DelayDelivery {
        notification_id: NotificationId,
        channel: Channel,
        wait: DeliveryDelay,
    },
    RecordNonDelivery {
        notification_id: NotificationId,
        channel: Channel,
        reason: NonDelivery,
    },
    /// Ignores ids that are not in this inbox.
    ReadNotifications {
        notification_ids: Vec<NotificationId>,
    },
    ReadUpTo {
        number: u64,
    },
    /// Marks the unread notifications of a topic that the person has seen elsewhere.
    ReadTopic {
        topic: Topic,
    },
    DismissNotification {
        notification_id: NotificationId,
    },
    ChangePreferences(Vec<Preference>),
    ChangeQuietHours(Option<QuietHours>),
}

/// Notification to be raised.
#[derive(Clone, Debug, PartialEq)]
pub struct NewNotification {
    pub notification_id: NotificationId,
    pub notice: NotificationContent,
    pub cause: Cause,
    /// Delay of the e-mail. The notification joins a digest that already waits.
    pub email_wait: Option<DeliveryDelay>,
}

/// Preference: the kind, the channel, and the switch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Preference {
    pub kind: NotificationKind,
    pub channel: Channel,
    pub on: bool,
}

impl InboxCommand {
    /// Returns the name of the command for logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            InboxCommand::RaiseNotification(_) => "RaiseNotification",
            InboxCommand::RecordDelivery { .. } => "RecordDelivery",
            InboxCommand::DelayDelivery { .. } => "DelayDelivery",
            InboxCommand::RecordNonDelivery { .. } => "RecordNonDelivery",
            InboxCommand::ReadNotifications { .. } => "ReadNotifications",
            InboxCommand::ReadUpTo { .. } => "ReadUpTo",
            InboxCommand::ReadTopic { .. } => "ReadTopic",
            InboxCommand::DismissNotification { .. } => "DismissNotification",
            InboxCommand::ChangePreferences(_) => "ChangePreferences",
            InboxCommand::ChangeQuietHours(_) => "ChangeQuietHours",
        }
    }
}
