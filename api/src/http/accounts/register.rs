//! `POST /accounts`: a person becomes known.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Email, Locale, Nickname, PersonName, Phone, Registration, TimeZoneName, ValueError};
use domain::{AccountId, Role};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::sessions::session_start::{SignedIn, start};
use crate::app::Shared;
use crate::auth::credentials;
use crate::auth::throttle::{self, Rate, Scope};
use crate::http::body::Json;
use crate::http::command_context::Asking;
use crate::http::problem::{Invalid, Problem};

/// The terms that a person accepts by registering.
const TERMS_VERSION: &str = "2026-11-01";

/// Who registers.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
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
    /// `ru` or `en`; without it the language of the request.
    locale: Option<String>,
    /// IANA name; `Europe/Moscow` without it.
    time_zone: Option<String>,
}

/// Registers a student or a teacher and signs them in.
///
/// Repeated with its `Idempotency-Key`: the same account and a working token.
/// Refusals: 409 `email_taken`, `nickname_taken`; 422 per field.
#[utoipa::path(
    post,
    path = "/accounts",
    tag = "accounts",
    request_body = NewAccount,
    responses((status = 201, body = SignedIn)),
)]
pub async fn register(
    State(app): State<Shared>,
    asking: Asking,
    Json(new): Json<NewAccount>,
) -> Result<Response, Problem> {
    let address = asking.request.address.to_string();
    let rate = Rate {
        per_minute: app.settings.limits.registration_per_minute,
        burst: app.settings.limits.registration_burst,
    };
    if let Some(pause) =
        throttle::take(&app.pool, &app.keys, Scope::RegistrationFromAddress, &address, rate).await?
    {
        return Err(Problem::new("too_many_attempts").retry_after(pause));
    }
    let account_id = AccountId(app.ids.next());
    let registration = parse(&new, account_id, asking.request.language)?;
    let hash = app.passwords.hash(&new.password).await?;
    let context = Asking::as_account(asking.context(), account_id, Some(registration.role));
    let enrolled = app.enrolment().enrol(registration, &hash, context).await?;
    let registered = enrolled.account_id;
    if registered != account_id {
        // The key was used before; whoever knows the password of that account may have its token.
        let stored = credentials::password_hash(&app.pool, registered).await?;
        if !app.passwords.verify(&new.password, stored).await?.is_right() {
            return Err(Problem::new("idempotency_key_reused"));
        }
    }
    let session_id = app.ids.next().into();
    start(&app, StatusCode::CREATED, registered, session_id, &asking.request.user_agent, enrolled.position)
        .await
}

fn parse(new: &NewAccount, account_id: AccountId, language: Locale) -> Result<Registration, Problem> {
    let mut invalid = Invalid::default();
    let email = invalid.check("/email", Email::parse(&new.email));
    let name = invalid.check("/name", PersonName::parse(&new.name));
    let nickname = invalid.check("/nickname", Nickname::parse(&new.nickname));
    let phone = invalid.check_some("/phone", new.phone.as_deref(), Phone::parse);
    let role = invalid.check("/role", new.role.parse::<Role>().map_err(|_| ValueError::Unknown));
    let known = |code: &str| Locale::parse(code).ok_or(ValueError::Unknown);
    let locale = invalid.check_some("/locale", new.locale.as_deref(), known).unwrap_or(language);
    let time_zone = invalid.check_some("/time_zone", new.time_zone.as_deref(), TimeZoneName::parse);
    invalid.password("/password", new.password.expose_secret(), &[&new.email, &new.nickname, &new.name]);
    invalid.done()?;
    let (Some(email), Some(name), Some(nickname), Some(role)) = (email, name, nickname, role) else {
        return Err(invalid.problem());
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
