//! What can be asked of an inbox.

use super::events::{Cause, Wait};
use crate::ids::NotificationId;
use crate::notifications::kinds::{Channel, NonDelivery, NotificationKind};
use crate::notifications::notice::{Notice, Topic};
use crate::notifications::quiet_hours::QuietHours;

/// Commands to the aggregate `Inbox`.
#[derive(Clone, Debug)]
pub enum InboxCommand {
    /// Nothing happens where it was raised before, or an unread one stands for the same.
    RaiseNotification(Box<NewNotification>),
    /// One mail may carry several.
    RecordDelivery {
        notification_ids: Vec<NotificationId>,
        channel: Channel,
    },
    DelayDelivery {
        notification_id: NotificationId,
        channel: Channel,
        wait: Wait,
    },
    RecordNonDelivery {
        notification_id: NotificationId,
        channel: Channel,
        reason: NonDelivery,
    },
    /// What is not in this inbox is left alone.
    ReadNotifications {
        notification_ids: Vec<NotificationId>,
    },
    ReadUpTo {
        number: u64,
    },
    /// Whatever is unread about something that the person has seen elsewhere.
    ReadTopic {
        topic: Topic,
    },
    DismissNotification {
        notification_id: NotificationId,
    },
    ChangePreferences(Vec<Preference>),
    ChangeQuietHours(Option<QuietHours>),
}

/// A notification to be raised.
#[derive(Clone, Debug, PartialEq)]
pub struct NewNotification {
    pub notification_id: NotificationId,
    pub notice: Notice,
    pub cause: Cause,
    /// Not by mail at once; a digest that is being gathered already is joined.
    pub email_wait: Option<Wait>,
}

/// Whether a kind goes by a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Preference {
    pub kind: NotificationKind,
    pub channel: Channel,
    pub on: bool,
}

impl InboxCommand {
    /// The name of the command, as logs and metrics show it.
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
