//! `PATCH /crm/users/{id}`: corrects the data of a person, with a reason.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{
    AccountCommand, Correction, Email, Lines, Locale, Nickname, PersonName, Phone, ProfileChanges,
    TimeZoneName, ValueError, bounded_text,
};
use domain::{AccountId, Command, Dispatch, DispatchError, Personal, Reason};
use serde::Deserialize;

use super::suspension::require_manageable;
use crate::app::AppState;
use crate::auth::credentials;
use crate::http::accounts::view::AccountView;
use crate::http::body::{Json, double_option};
use crate::http::caller::Caller;
use crate::http::cleanup::reconcile_account;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::path::Path;
use crate::http::problem::{FieldErrors, Problem};

/// Longest reason, in characters.
const REASON_MAX: usize = 500;

/// Correct data of a person. Absent fields stay as they are.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectUserRequest {
    /// It is stored in the log and shown in the timeline.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    #[schema(max_length = 100)]
    name: Option<String>,
    nickname: Option<String>,
    #[schema(format = Email, max_length = 254)]
    email: Option<String>,
    /// E.164; null removes the number.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    /// `ru` or `en`.
    locale: Option<String>,
    /// IANA name.
    time_zone: Option<String>,
}

/// Corrects the data of a person.
///
/// A new address must be verified by its person again.
///
/// Refusals: 403 `forbidden` if support corrects a member of staff; 404 `account_not_found`;
/// 409 `email_taken`, `nickname_taken`, `account_erased`; 412 `stale_version`; 422 per field.
#[utoipa::path(
    patch,
    path = "/crm/users/{id}",
    tag = "crm",
    params(("id" = uuid::Uuid, Path)),
    request_body = CorrectUserRequest,
    responses((status = 200, body = AccountView)),
)]
pub async fn correct_user(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<AccountId>,
    Json(request): Json<CorrectUserRequest>,
) -> Result<impl IntoResponse, Problem> {
    require_manageable(&app, &caller, id).await?;
    let correction = request.parse(id, caller.account_id)?;
    // The former and the new address find the account until the log has decided between them.
    let mark = app.ids.next();
    let email = correction.email.clone();
    if let Some(email) = &email {
        credentials::mark_pending(&app.pool, id, mark).await?;
        credentials::add_email(&app.pool, &app.keys, id, email).await?;
    }
    let command = Command::Account(id, AccountCommand::CorrectData(Box::new(correction)));
    let result = app.bus.dispatch(command, invocation.context()).await;
    // It is unknown if an unavailable log has the event: then the cleanup decides later.
    if email.is_some() && !matches!(result, Err(DispatchError::Unavailable(_))) {
        reconcile_account(&app, id, mark).await?;
    }
    let receipt = result?;
    let account = app.account(id).await?;
    let view = AccountView::load(&app.pool, &account).await?;
    Ok((LogPosition(receipt.position), ETag(account.version), Answer(view)))
}

impl CorrectUserRequest {
    fn parse(&self, person: AccountId, by: AccountId) -> Result<Correction, Problem> {
        let mut invalid = FieldErrors::default();
        let reason = invalid.check("/reason", bounded_text(&self.reason, REASON_MAX, Lines::Multi));
        let name = invalid.check_optional("/name", self.name.as_deref(), PersonName::parse);
        let nickname = invalid.check_optional("/nickname", self.nickname.as_deref(), Nickname::parse);
        let email = invalid.check_optional("/email", self.email.as_deref(), Email::parse);
        let phone = self.phone.as_ref();
        let phone = phone.map(|phone| invalid.check_optional("/phone", phone.as_deref(), Phone::parse));
        let known = |code: &str| Locale::parse(code).ok_or(ValueError::Unknown);
        let locale = invalid.check_optional("/locale", self.locale.as_deref(), known);
        let time_zone = invalid.check_optional("/time_zone", self.time_zone.as_deref(), TimeZoneName::parse);
        let is_empty = self.name.is_none()
            && self.nickname.is_none()
            && self.email.is_none()
            && self.phone.is_none()
            && self.locale.is_none()
            && self.time_zone.is_none();
        if is_empty {
            invalid.push(Reason::field("", "no_change"));
        }
        invalid.ensure_empty()?;
        let Some(reason) = reason else { return Err(invalid.to_problem()) };
        Ok(Correction {
            reason: Personal::new(by, reason),
            email,
            phone,
            changes: ProfileChanges {
                name: name.map(|name| Personal::new(person, name)),
                nickname: nickname.map(|nickname| Personal::new(person, nickname)),
                locale,
                time_zone,
                ..ProfileChanges::default()
            },
        })
    }
}
