//! `POST /me/phone`: changes the telephone number, or takes it away.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, Phone};
use domain::{Command, Dispatch};
use serde::Deserialize;

use super::contact::{answer, parse};
use crate::app::Shared;
use crate::http::accounts::view::AccountView;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::problem::Problem;

/// A new number, or null for none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneChange {
    phone: Option<String>,
}

/// Changes the telephone number, or takes it away.
#[utoipa::path(
    post,
    path = "/me/phone",
    tag = "me",
    request_body = PhoneChange,
    responses((status = 200, body = AccountView)),
)]
pub async fn change_phone(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(change): Json<PhoneChange>,
) -> Result<impl IntoResponse, Problem> {
    let phone = change.phone.as_deref().map(|text| parse("/phone", text, Phone::parse)).transpose()?;
    let command = Command::Account(caller.account_id, AccountCommand::ChangePhone { phone });
    let receipt = app.bus.dispatch(command, asking.context()).await?;
    answer(&app, &caller, receipt.position).await
}
