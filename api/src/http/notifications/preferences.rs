//! `GET` and `PUT /notification-preferences`: which kinds one wants by which channels.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::ValueError;
use domain::notifications::{Channel, Inbox, InboxCommand, NotificationKind, Preference};
use domain::{Command, Dispatch};
use serde::{Deserialize, Serialize};

use crate::app::Shared;
use crate::http::body::AnyJson;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
use crate::http::page::{NoFilter, Query};
use crate::http::problem::{Invalid, Problem};

/// Whether a kind goes by a channel.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationPreference)]
pub struct PreferenceView {
    kind: String,
    /// `in_app` or `email`.
    channel: String,
    on: bool,
}

/// Every kind by every channel. `PUT` takes what this gives.
#[utoipa::path(
    get,
    path = "/notification-preferences",
    tag = "notifications",
    responses((status = 200, body = Vec<PreferenceView>)),
)]
pub async fn preferences(
    State(app): State<Shared>,
    caller: Caller,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let inbox = app.bus.load::<Inbox>(caller.account_id).await?;
    Ok((LogPosition(inbox.position), Version(inbox.version), axum::Json(all(&inbox.state))))
}

/// Switches kinds on and off; what is not named stays as it is.
/// Refusals: 409 `critical_kind` for what can not be switched off.
#[utoipa::path(
    put,
    path = "/notification-preferences",
    tag = "notifications",
    request_body = Vec<PreferenceView>,
    responses((status = 200, body = Vec<PreferenceView>)),
)]
pub async fn change(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    AnyJson(wanted): AnyJson<Vec<PreferenceView>>,
) -> Result<impl IntoResponse, Problem> {
    let mut invalid = Invalid::default();
    let mut preferences = Vec::new();
    for (index, PreferenceView { kind, channel, on }) in wanted.iter().enumerate() {
        let kind = NotificationKind::parse(kind).ok_or(ValueError::Unknown);
        let kind = invalid.check(&format!("/{index}/kind"), kind);
        let channel = Channel::parse(channel).ok_or(ValueError::Unknown);
        let channel = invalid.check(&format!("/{index}/channel"), channel);
        preferences.extend(kind.zip(channel).map(|(kind, channel)| Preference { kind, channel, on: *on }));
    }
    invalid.done()?;
    let command = Command::Inbox(caller.account_id, InboxCommand::ChangePreferences(preferences));
    let receipt = app.bus.dispatch(command, asking.context()).await?;
    let inbox = app.bus.load::<Inbox>(caller.account_id).await?;
    Ok((LogPosition(receipt.position), Version(receipt.version()), axum::Json(all(&inbox.state))))
}

fn all(inbox: &Inbox) -> Vec<PreferenceView> {
    let by_channel = |kind: &NotificationKind| {
        let kind = *kind;
        Channel::ALL.iter().map(move |channel| PreferenceView {
            kind: kind.as_str().to_owned(),
            channel: channel.as_str().to_owned(),
            on: inbox.is_on(kind, *channel),
        })
    };
    NotificationKind::ALL.iter().flat_map(by_channel).collect()
}
