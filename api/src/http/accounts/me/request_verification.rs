//! `POST /me/email/verification`: mails the link again by which the caller verifies their address.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, LinkPurpose};
use domain::{Command, Dispatch};

use crate::app::AppState;
use crate::auth::throttle::Bucket;
use crate::http::accounts::email_verifications::redeem::EmailVerification;
use crate::http::accounts::password::SignInRate;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;

/// Mails the link to verify the caller's address again.
///
/// Nothing is mailed if the address is verified.
///
/// Refusals: 429 `too_many_attempts`.
#[utoipa::path(
    post,
    path = "/me/email/verification",
    tag = "me",
    responses((status = 202, body = EmailVerification)),
)]
pub async fn request_email_verification(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
) -> Result<impl IntoResponse, Problem> {
    let bucket = Bucket::VerificationOfAccount(caller.account_id);
    SignInRate::from_settings(&app).take_attempt(&app, bucket).await?;
    let command = AccountCommand::RequestLink { purpose: LinkPurpose::EmailVerification };
    let receipt =
        app.bus.dispatch(Command::Account(caller.account_id, command), invocation.context()).await?;
    let body = EmailVerification { email_verified: caller.person.email_verified };
    Ok((StatusCode::ACCEPTED, LogPosition(receipt.position), Answer(body)))
}
