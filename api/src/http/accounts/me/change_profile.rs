//! `PATCH /me/profile`: changes fields of the profile.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, parse_profile_patch};
use domain::{Command, Dispatch, Reason};
use serde_json::{Map, Value};

use crate::app::AppState;
use crate::http::accounts::view::AccountView;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::document::shapes::profile::ProfileChanges;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::Problem;

/// Changes fields of the profile.
///
/// The body is flat: the fields of `profile` in the account, and `name`, `nickname`, `locale`, `time_zone`.
/// An absent field stays as it is. `null` or an empty list empties a field.
/// Refusals: 409 `nickname_taken`; 412 `stale_version`; 422 per field, also for unknown fields.
#[utoipa::path(
    patch,
    path = "/me/profile",
    tag = "me",
    request_body = ProfileChanges,
    params(Invocation),
    responses((status = 200, body = AccountView)),
)]
pub async fn change_profile(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(mut patch): Json<Map<String, Value>>,
) -> Result<impl IntoResponse, Problem> {
    if let Some(Value::String(phone)) = patch.get_mut("parent_phone") {
        *phone = app.settings.phones.to_e164(phone);
    }
    let (changes, cleared) = parse_profile_patch(caller.account_id, &patch).map_err(|found| Problem {
        errors: found.iter().map(Reason::from).collect(),
        ..Problem::new("invalid_fields")
    })?;
    let command = AccountCommand::UpdateProfile { changes: Box::new(changes), cleared };
    let receipt =
        app.bus.dispatch(Command::Account(caller.account_id, command), invocation.context()).await?;
    let account = app.account(caller.account_id).await?;
    Ok((
        LogPosition(receipt.position),
        ETag(account.version),
        Answer(AccountView::load(&app.pool, &account).await?),
    ))
}
