//! `PUT /notification-preferences`: switches kinds of notifications on or off.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::ValueError;
use domain::notifications::{Channel, Inbox, InboxCommand, NotificationKind, Preference};
use domain::{Command, Dispatch};

use super::view::{PreferenceView, list_preferences};
use crate::app::AppState;
use crate::http::body::JsonListOrNull;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::{FieldErrors, Problem};

/// Switches kinds of notifications on or off.
///
/// Combinations of kind and channel that are not in the list stay unchanged.
///
/// Refusals: 409 `critical_kind` if a kind cannot be switched off; 422 per field.
#[utoipa::path(
    put,
    path = "/notification-preferences",
    tag = "notifications",
    request_body = Vec<PreferenceView>,
    params(Invocation),
    responses((status = 200, body = Vec<PreferenceView>)),
)]
pub async fn change_notification_preferences(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    JsonListOrNull(wanted): JsonListOrNull<Vec<PreferenceView>>,
) -> Result<impl IntoResponse, Problem> {
    let mut invalid = FieldErrors::default();
    let mut preferences = Vec::new();
    for (index, PreferenceView { kind, channel, on }) in wanted.iter().enumerate() {
        let kind = NotificationKind::parse(kind).ok_or(ValueError::Unknown);
        let kind = invalid.check(&format!("/{index}/kind"), kind);
        let channel = Channel::parse(channel).ok_or(ValueError::Unknown);
        let channel = invalid.check(&format!("/{index}/channel"), channel);
        preferences.extend(kind.zip(channel).map(|(kind, channel)| Preference { kind, channel, on: *on }));
    }
    invalid.ensure_empty()?;
    let command = Command::Inbox(caller.account_id, InboxCommand::ChangePreferences(preferences));
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    let inbox = app.bus.load::<Inbox>(caller.account_id).await?;
    Ok((LogPosition(receipt.position), ETag(receipt.version()), axum::Json(list_preferences(&inbox.state))))
}
