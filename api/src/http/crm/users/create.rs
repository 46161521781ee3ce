//! `POST /crm/users`: invites a person, who sets a password by a mailed link.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::{
    AccountCommand, Email, LinkPurpose, Locale, Nickname, PersonName, Phone, Registration, TimeZoneName,
    ValueError,
};
use domain::{AccountId, Command, Dispatch, Reason, Role};
use secrecy::SecretString;
use serde::Deserialize;

use crate::app::{App, AppState};
use crate::auth::session::Token;
use crate::http::accounts::register::TERMS_VERSION;
use crate::http::accounts::view::AccountView;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::{FieldErrors, Problem};

/// Number of hexadecimal digits of a generated nickname.
const NICKNAME_DIGITS: usize = 12;

/// Person to invite.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteUserRequest {
    #[schema(format = Email, max_length = 254)]
    email: String,
    #[schema(max_length = 100)]
    name: String,
    /// `student` (default) or `teacher`; an admin may also invite staff.
    role: Option<String>,
    /// 2 to 32 letters, digits, dots, underscores or hyphens; unique. The default is generated.
    nickname: Option<String>,
    /// E.164; the usual separators are accepted.
    phone: Option<String>,
    /// `ru` or `en`, also the language of the mail. The default is the language of the request.
    locale: Option<String>,
    /// IANA name. The default is `Europe/Moscow`.
    time_zone: Option<String>,
}

/// Invites a person.
///
/// The person gets a mail with a link that sets the password and verifies the address. The link is valid for
/// seven days; `POST /password-recoveries` mails another one.
///
/// Refusals: 409 `email_taken`, `nickname_taken`; 422 per field, also for a staff role by support.
#[utoipa::path(
    post,
    path = "/crm/users",
    tag = "crm",
    request_body = InviteUserRequest,
    responses((status = 201, body = AccountView)),
)]
pub async fn invite_user(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(new): Json<InviteUserRequest>,
) -> Result<impl IntoResponse, Problem> {
    let account_id = AccountId(app.ids.next());
    let registration = new.parse(account_id, &caller, invocation.request.language)?;
    let hash = unknown_password_hash(&app).await?;
    let registered = app.registration().register(registration, &hash, invocation.context()).await?;
    let command = AccountCommand::RequestLink { purpose: LinkPurpose::Invitation };
    let command = Command::Account(registered.account_id, command);
    let receipt = app.bus.dispatch(command, invocation.context_for("invitation")).await?;
    let account = app.account(registered.account_id).await?;
    let view = AccountView::load(&app.pool, &account).await?;
    Ok((StatusCode::CREATED, LogPosition(receipt.position), ETag(account.version), Answer(view)))
}

/// Returns the hash of a password that is not known to any person.
async fn unknown_password_hash(app: &App) -> Result<String, Problem> {
    let random = Token::generate().map_err(|error| Problem::internal(&error))?;
    Ok(app.passwords.hash(&SecretString::from(random.to_text())).await?)
}

impl InviteUserRequest {
    fn parse(
        &self,
        account_id: AccountId,
        caller: &Caller,
        language: Locale,
    ) -> Result<Registration, Problem> {
        let mut invalid = FieldErrors::default();
        let email = invalid.check("/email", Email::parse(&self.email));
        let name = invalid.check("/name", PersonName::parse(&self.name));
        let generated = || generated_nickname(account_id);
        let nickname = self.nickname.clone().unwrap_or_else(generated);
        let nickname = invalid.check("/nickname", Nickname::parse(&nickname));
        let phone = invalid.check_optional("/phone", self.phone.as_deref(), Phone::parse);
        let role = |code: &str| Role::parse(code).ok_or(ValueError::Unknown);
        let role = invalid.check("/role", self.role.as_deref().map_or(Ok(Role::Student), role));
        if role.is_some_and(Role::is_staff) && !caller.has_role(Role::Admin) {
            invalid.push(Reason::field("/role", "role_not_self_service"));
        }
        let known = |code: &str| Locale::parse(code).ok_or(ValueError::Unknown);
        let locale = invalid.check_optional("/locale", self.locale.as_deref(), known).unwrap_or(language);
        let zone = invalid.check_optional("/time_zone", self.time_zone.as_deref(), TimeZoneName::parse);
        invalid.ensure_empty()?;
        let (Some(email), Some(name), Some(nickname), Some(role)) = (email, name, nickname, role) else {
            return Err(invalid.to_problem());
        };
        Ok(Registration {
            account_id,
            role,
            by_admin: caller.has_role(Role::Admin),
            email,
            name,
            nickname,
            phone,
            locale,
            time_zone: zone.unwrap_or_default(),
            terms_version: TERMS_VERSION.to_owned(),
        })
    }
}

/// Returns a nickname from the last digits of the account id, which are random.
fn generated_nickname(account_id: AccountId) -> String {
    let id = account_id.uuid().simple().to_string();
    format!("user-{}", &id[id.len() - NICKNAME_DIGITS..])
}
