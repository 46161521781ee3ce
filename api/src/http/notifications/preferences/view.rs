//! Notification preferences as the API shows them.

use domain::notifications::{Channel, Inbox, NotificationKind};
use serde::{Deserialize, Serialize};

/// Setting of one kind of notification for one channel.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationPreference)]
pub struct PreferenceView {
    pub(super) kind: String,
    /// `in_app` or `email`.
    pub(super) channel: String,
    pub(super) on: bool,
}

pub(super) fn list_preferences(inbox: &Inbox) -> Vec<PreferenceView> {
    let by_channel = |kind: &NotificationKind| {
        let kind = *kind;
        Channel::ALL.iter().map(move |channel| PreferenceView {
            kind: kind.as_str().to_owned(),
            channel: channel.as_str().to_owned(),
            on: inbox.is_enabled(kind, *channel),
        })
    };
    NotificationKind::ALL.iter().flat_map(by_channel).collect()
}
