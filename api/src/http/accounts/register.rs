//! `POST /accounts`: registers a person.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Email, Locale, Nickname, PersonName, Phone, Registration, TimeZoneName, ValueError};
use domain::{AccountId, Reason, Role};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::sessions::session_start::{StartedSession, VerifiedPerson, begin_session, respond_with_session};
use crate::app::AppState;
use crate::auth::credentials;
use crate::auth::throttle::{self, Bucket, Rate};
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::phones::PhoneRegion;
use crate::http::problem::{FieldErrors, Problem};

/// Version of the terms that a person accepts by registering.
pub const TERMS_VERSION: &str = "2026-11-01";

/// A registration.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterRequest {
    #[schema(value_type = String, required, format = Email, max_length = 254)]
    email: Option<String>,
    #[schema(value_type = String, required, format = Password, min_length = 10, max_length = 128)]
    password: Option<SecretString>,
    #[schema(value_type = String, required, max_length = 100)]
    name: Option<String>,
    /// 2 to 32 letters, digits, dots, underscores or hyphens; unique.
    #[schema(value_type = String, required)]
    nickname: Option<String>,
    /// E.164, or a number of the installation's own country; the usual separators are accepted.
    phone: Option<String>,
    /// `student` or `teacher`.
    #[schema(value_type = String, required)]
    role: Option<String>,
    /// `ru` or `en`. The default is the language of the request.
    locale: Option<String>,
    /// IANA name. The default is `Europe/Moscow`.
    time_zone: Option<String>,
}

/// Registers a student or a teacher and signs them in.
///
/// A repetition with the same `Idempotency-Key` returns the same account and a valid token.
/// Refusals: 409 `email_taken`, `nickname_taken`; 422 `role_not_self_service`, or per field; 429 `too_many_attempts`.
#[utoipa::path(
    post,
    path = "/accounts",
    tag = "accounts",
    request_body = RegisterRequest,
    params(Invocation),
    responses((status = 201, body = StartedSession)),
)]
pub async fn register_account(
    State(app): State<AppState>,
    invocation: Invocation,
    Json(new): Json<RegisterRequest>,
) -> Result<Response, Problem> {
    let bucket = Bucket::RegistrationFromNetwork(invocation.request.network);
    let rate = Rate {
        per_minute: app.settings.limits.registration_per_minute,
        burst: app.settings.limits.registration_burst,
    };
    if let Some(pause) = throttle::take_token(&app.pool, &app.keys, bucket, rate).await? {
        return Err(Problem::new("too_many_attempts").retry_after(pause));
    }
    let account_id = AccountId(app.ids.next());
    let (registration, password) =
        parse_registration(&new, account_id, invocation.request.language, app.settings.phones)?;
    let email = registration.email.clone();
    let mut hash = app.passwords.hash(password).await?;
    let context = Invocation::on_behalf_of(invocation.context(), account_id, Some(registration.role));
    let registered = app.registration().register(registration, &hash, context).await?;
    if registered.account_id != account_id {
        // The key was used before. The caller gets a token of that account only with its password.
        let stored = credentials::password_hash(&app.pool, registered.account_id).await?;
        if !app.passwords.verify(password, stored.clone()).await?.is_right() {
            return Err(Problem::new("idempotency_key_reused"));
        }
        hash = stored.unwrap_or_default();
    }
    let person = VerifiedPerson { account_id: registered.account_id, email: &email, password_hash: &hash };
    let begun = begin_session(&app, person, &invocation.request).await?;
    respond_with_session(&app, StatusCode::CREATED, begun, registered.position).await
}

fn parse_registration(
    new: &RegisterRequest,
    account_id: AccountId,
    language: Locale,
    phones: PhoneRegion,
) -> Result<(Registration, &SecretString), Problem> {
    let mut invalid = FieldErrors::default();
    let email = invalid.check_required("/email", new.email.as_deref(), Email::parse);
    let password = new.password.as_ref();
    if let Some(password) = password {
        let own = [&new.email, &new.nickname, &new.name].map(|text| text.as_deref().unwrap_or_default());
        let own: Vec<&str> = own.into_iter().filter(|text| !text.is_empty()).collect();
        invalid.check_password("/password", password.expose_secret(), &own);
    } else {
        invalid.push(Reason::field("/password", "required"));
    }
    let name = invalid.check_required("/name", new.name.as_deref(), PersonName::parse);
    let nickname = invalid.check_required("/nickname", new.nickname.as_deref(), Nickname::parse);
    let phone = new.phone.as_deref().map(|text| phones.to_e164(text));
    let phone = invalid.check_optional("/phone", phone.as_deref(), Phone::parse);
    let role = new.role.as_deref();
    let role =
        invalid.check_required("/role", role, |text| text.parse::<Role>().map_err(|_| ValueError::Unknown));
    let known = |code: &str| Locale::parse(code).ok_or(ValueError::Unknown);
    let locale = invalid.check_optional("/locale", new.locale.as_deref(), known).unwrap_or(language);
    let time_zone = invalid.check_optional("/time_zone", new.time_zone.as_deref(), TimeZoneName::parse);
    invalid.ensure_empty()?;
    let (Some(email), Some(password), Some(name), Some(nickname), Some(role)) =
        (email, password, name, nickname, role)
    else {
        return Err(invalid.to_problem());
    };
    let registration = Registration {
        account_id,
        role,
        by_admin: false,
        email,
        name,
        nickname,
        phone,
        locale,
        time_zone: time_zone.unwrap_or_default(),
        terms_version: TERMS_VERSION.to_owned(),
    };
    Ok((registration, password))
}
