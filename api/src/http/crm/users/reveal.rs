//! `POST /crm/users/{id}/reveal`: reads masked contacts of a person, with a reason.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::AccountCommand;
use domain::{AccountId, Command, Dispatch, Personal};
use serde::Serialize;

use super::reason::ReasonRequest;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Contacts of a person, unmasked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RevealedContacts {
    #[schema(value_type = uuid::Uuid)]
    id: AccountId,
    email: Option<String>,
    phone: Option<String>,
}

/// Reveals the contacts of a person.
///
/// Analysts see masked contacts. The answer has them unmasked, once; the reason is an event, which the timeline of
/// the person and the auditors show.
///
/// Refusals: 404 `account_not_found`; 409 `account_erased`; 422 per field.
#[utoipa::path(
    post,
    path = "/crm/users/{id}/reveal",
    tag = "crm",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = ReasonRequest,
    responses((status = 200, body = RevealedContacts)),
)]
pub async fn reveal_user_contacts(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<AccountId>,
    Json(request): Json<ReasonRequest>,
) -> Result<impl IntoResponse, Problem> {
    let reason = Personal::new(caller.account_id, request.parse_reason()?);
    let command = Command::Account(id, AccountCommand::RevealContacts { reason });
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    let account = app.account(id).await?;
    let person = account.state.person().ok_or_else(Problem::not_found)?;
    let contacts = RevealedContacts {
        id,
        email: person.email.known().map(|email| email.as_str().to_owned()),
        phone: person.phone.as_ref().and_then(Personal::known).map(|phone| phone.as_str().to_owned()),
    };
    Ok((LogPosition(receipt.position), Answer(contacts)))
}
