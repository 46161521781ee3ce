//! `POST /me/phone`: changes or removes the phone number.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, Phone};
use domain::{Command, Dispatch};
use serde::Deserialize;

use super::contact::{parse_contact, respond_with_account};
use crate::app::AppState;
use crate::http::accounts::view::AccountView;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;

/// A new phone number. Null removes it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePhoneRequest {
    phone: Option<String>,
}

/// Changes or removes the phone number.
///
/// Refusals: 422 for a malformed number.
#[utoipa::path(
    post,
    path = "/me/phone",
    tag = "me",
    request_body = ChangePhoneRequest,
    params(Invocation),
    responses((status = 200, body = AccountView)),
)]
pub async fn change_phone(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(change): Json<ChangePhoneRequest>,
) -> Result<impl IntoResponse, Problem> {
    let phone = change.phone.as_deref().map(|text| app.settings.phones.to_e164(text));
    let phone = phone.as_deref().map(|text| parse_contact("/phone", text, Phone::parse)).transpose()?;
    let command = Command::Account(caller.account_id, AccountCommand::ChangePhone { phone });
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    respond_with_account(&app, &caller, receipt.position).await
}
