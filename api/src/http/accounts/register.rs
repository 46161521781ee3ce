//! `POST /accounts`: registers a person.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Email, Locale, Nickname, PersonName, Phone, Registration, TimeZoneName, ValueError};
use domain::{AccountId, Role};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::sessions::session_start::{StartedSession, VerifiedPerson, begin_session, respond_with_session};
use crate::app::AppState;
use crate::auth::credentials;
use crate::auth::throttle::{self, Bucket, Rate};
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::problem::{FieldErrors, Problem};

/// Version of the terms that a person accepts by registering.
pub const TERMS_VERSION: &str = "2026-11-01";

/// A registration.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterRequest {
    #[schema(format = Email, max_length = 254)]
    email: String,
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128)]
    password: SecretString,
    #[schema(max_length = 100)]
    name: String,
    /// 2 to 32 letters, digits, dots, underscores or hyphens; unique.
    nickname: String,
    /// E.164; the usual separators are accepted.
    phone: Option<String>,
    /// `student` or `teacher`.
    role: String,
    /// `ru` or `en`. The default is the language of the request.
    locale: Option<String>,
    /// IANA name. The default is `Europe/Moscow`.
    time_zone: Option<String>,
}

/// Registers a student or a teacher and signs them in.
///
/// A repetition with the same `Idempotency-Key` returns the same account and a valid token.
/// Refusals: 409 `email_taken`, `nickname_taken`; 422 per field; 429 `too_many_attempts`.
#[utoipa::path(
    post,
    path = "/accounts",
    tag = "accounts",
    request_body = RegisterRequest,
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
    let registration = parse_registration(&new, account_id, invocation.request.language)?;
    let email = registration.email.clone();
    let mut hash = app.passwords.hash(&new.password).await?;
    let context = Invocation::on_behalf_of(invocation.context(), account_id, Some(registration.role));
    let registered = app.registration().register(registration, &hash, context).await?;
    if registered.account_id != account_id {
        // The key was used before. The caller gets a token of that account only with its password.
        let stored = credentials::password_hash(&app.pool, registered.account_id).await?;
        if !app.passwords.verify(&new.password, stored.clone()).await?.is_right() {
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
) -> Result<Registration, Problem> {
    let mut invalid = FieldErrors::default();
    let email = invalid.check("/email", Email::parse(&new.email));
    let name = invalid.check("/name", PersonName::parse(&new.name));
    let nickname = invalid.check("/nickname", Nickname::parse(&new.nickname));
    let phone = invalid.check_optional("/phone", new.phone.as_deref(), Phone::parse);
    let role = invalid.check("/role", new.role.parse::<Role>().map_err(|_| ValueError::Unknown));
    let known = |code: &str| Locale::parse(code).ok_or(ValueError::Unknown);
    let locale = invalid.check_optional("/locale", new.locale.as_deref(), known).unwrap_or(language);
    let time_zone = invalid.check_optional("/time_zone", new.time_zone.as_deref(), TimeZoneName::parse);
    invalid.check_password(
        "/password",
        new.password.expose_secret(),
        &[&new.email, &new.nickname, &new.name],
    );
    invalid.ensure_empty()?;
    let (Some(email), Some(name), Some(nickname), Some(role)) = (email, name, nickname, role) else {
        return Err(invalid.to_problem());
    };
    Ok(Registration {
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
    })
}
