//! `POST /email-verifications/{token}`: verifies an e-mail address by a mailed link.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, LinkPurpose, Person};
use domain::{Command, Dispatch};
use serde::Serialize;

use crate::app::{App, AppState};
use crate::auth::account_links::{self, StoredLink};
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// State of the e-mail address of an account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EmailVerification {
    pub email_verified: bool,
}

/// Verifies an e-mail address by a mailed link.
///
/// The link may be used again while it is valid; nothing changes then.
///
/// Refusals: 404 `link_not_found` if the link is unknown or expired, or the address has changed.
#[utoipa::path(
    post,
    path = "/email-verifications/{token}",
    tag = "accounts",
    params(("token" = String, Path)),
    responses((status = 200, body = EmailVerification)),
)]
pub async fn verify_email(
    State(app): State<AppState>,
    invocation: Invocation,
    Path(token): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let link = account_links::find(&app.pool, &token, app.clock.now()).await?;
    let link = link.filter(|link| link.purpose == LinkPurpose::EmailVerification).ok_or_else(unknown_link)?;
    load_addressee(&app, &link).await?.ok_or_else(unknown_link)?;
    let context = Invocation::on_behalf_of(invocation.context(), link.account_id, None);
    let command = Command::Account(link.account_id, AccountCommand::VerifyEmail);
    let receipt = app.bus.dispatch(command, context).await?;
    Ok((LogPosition(receipt.position), Answer(EmailVerification { email_verified: true })))
}

/// Loads the person to whom a link was mailed; `None` if their address has changed or they are suspended.
///
/// # Errors
/// [`Problem`] if the log is unavailable.
pub(in crate::http) async fn load_addressee(app: &App, link: &StoredLink) -> Result<Option<Person>, Problem> {
    let account = app.account(link.account_id).await?;
    let person = account.state.person().filter(|person| {
        let is_same = person.email.known().is_some_and(|email| link.was_mailed_to(&app.keys, email));
        is_same && !person.suspended
    });
    Ok(person.cloned())
}

pub(in crate::http) fn unknown_link() -> Problem {
    Problem::new("link_not_found")
}
