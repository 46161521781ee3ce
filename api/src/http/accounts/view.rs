//! An account as its owner sees it.

use commands::LoadedAggregate;
use domain::accounts::{Account, Email, Locale, Nickname, PersonName, Phone, TimeZoneName, completeness};
use domain::{AccountId, PERSONAL_MARK, Personal, Role, StreamId};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::PgPool;

use crate::http::problem::Problem;

/// Account of the caller.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    #[schema(value_type = uuid::Uuid)]
    pub id: AccountId,
    #[schema(value_type = String, format = Email)]
    pub email: Option<Email>,
    pub email_verified: bool,
    #[schema(value_type = String)]
    pub name: Option<PersonName>,
    #[schema(value_type = String)]
    pub nickname: Option<Nickname>,
    /// E.164.
    #[schema(value_type = Option<String>)]
    pub phone: Option<Phone>,
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<Role>,
    pub status: AccountStatusView,
    #[schema(value_type = String)]
    pub locale: Locale,
    /// IANA name.
    #[schema(value_type = String)]
    pub time_zone: TimeZoneName,
    pub avatar_url: Option<String>,
    /// Fields of `PATCH /me/profile` that have a value.
    #[schema(value_type = Object)]
    pub profile: Map<String, Value>,
    /// Completeness of the profile in whole percent.
    pub profile_completeness: u8,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountStatus)]
pub enum AccountStatusView {
    Active,
    Suspended,
}

impl AccountView {
    /// Builds the view of an account. Its creation is the instant of its first event.
    ///
    /// # Errors
    /// `not_found` if no person is registered under the account, or the person is erased. `unavailable` without
    /// Postgres.
    pub async fn load(pool: &PgPool, account: &LoadedAggregate<Account>) -> Result<Self, Problem> {
        let person = account.state.person().ok_or_else(Problem::not_found)?;
        let profile = &person.profile;
        Ok(Self {
            id: person.account_id,
            email: person.email.known().cloned(),
            email_verified: person.email_verified,
            name: profile.name.clone().and_then(Personal::into_known),
            nickname: profile.nickname.clone().and_then(Personal::into_known),
            phone: person.phone.clone().and_then(Personal::into_known),
            roles: person.roles.iter().copied().collect(),
            status: if person.suspended { AccountStatusView::Suspended } else { AccountStatusView::Active },
            locale: profile.locale.unwrap_or_default(),
            time_zone: profile.time_zone.clone().unwrap_or_default(),
            avatar_url: person.avatar.map(avatar_url),
            profile: profile_fields(profile),
            profile_completeness: completeness(&person.roles, profile, person.avatar.is_some()),
            created_at: registration_time(pool, person.account_id).await?,
        })
    }
}

/// Path that serves an avatar.
pub fn avatar_url(object_id: domain::ObjectId) -> String {
    format!("{}/avatars/{object_id}", crate::http::BASE)
}

async fn registration_time(pool: &PgPool, id: AccountId) -> Result<Timestamp, sqlx::Error> {
    let stream = StreamId::of::<Account>(id);
    let recorded_at = sqlx::query_scalar!(
        r#"select recorded_at as "recorded_at: jiff_sqlx::Timestamp"
           from log.events
           where aggregate_type = $1 and aggregate_id = $2 and sequence = 1"#,
        stream.aggregate_type,
        stream.aggregate_id,
    );
    Ok(recorded_at.fetch_one(pool).await?.to_jiff())
}

/// Returns the profile without the fields that the account shows itself, and without empty fields.
fn profile_fields(profile: &impl Serialize) -> Map<String, Value> {
    let value = serde_json::to_value(profile).expect("a profile is made of texts and numbers");
    let Value::Object(mut fields) = strip_personal_marks(value) else { return Map::new() };
    for field in ["name", "nickname", "locale", "time_zone"] {
        fields.remove(field);
    }
    fields.retain(|_, value| !value.is_null());
    fields
}

/// Removes the marks of personal values. Erased values become null.
pub fn strip_personal_marks(value: Value) -> Value {
    match value {
        Value::Object(mut fields) => match fields.remove(PERSONAL_MARK) {
            Some(Value::Object(mut marked)) => {
                strip_personal_marks(marked.remove("value").unwrap_or(Value::Null))
            }
            Some(other) => other,
            None => Value::Object(
                fields.into_iter().map(|(name, field)| (name, strip_personal_marks(field))).collect(),
            ),
        },
        Value::Array(items) => Value::Array(items.into_iter().map(strip_personal_marks).collect()),
        other => other,
    }
}
