//! Links that are mailed to people: stored by the hash of their token, with the address that they were mailed to.

use async_trait::async_trait;
use domain::AccountId;
use domain::accounts::{Email, LinkPurpose};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projections::notifications::{AccountLinkIssuer, NewAccountLink};
use sqlx::PgPool;

use super::credentials::email_key;
use super::keys::{DerivedKeys, Purpose};
use super::session::Token;

/// Stores links, and builds their addresses for mails.
pub struct AccountLinkStore {
    pub pool: PgPool,
    pub keys: DerivedKeys,
    /// Public address of the installation, without a slash at the end.
    pub public_url: String,
}

/// Stored link that has not expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLink {
    pub account_id: AccountId,
    pub purpose: LinkPurpose,
    email_key: Vec<u8>,
}

impl StoredLink {
    /// Returns whether the link was mailed to this address.
    pub fn was_mailed_to(&self, keys: &DerivedKeys, email: &Email) -> bool {
        self.email_key == email_key(keys, email)
    }
}

#[async_trait]
impl AccountLinkIssuer for AccountLinkStore {
    async fn issue(&self, link: NewAccountLink<'_>) -> Result<String, sqlx::Error> {
        let token = Token::from_hash(&self.keys.hash(Purpose::AccountLink, &[link.id.as_bytes()]));
        sqlx::query!(
            "insert into auth.account_links (token_hash, account_id, purpose, email_key, expires_at)
             select $1, account_id, $3, $4, $5 from auth.credentials where account_id = $2
             on conflict do nothing",
            token.hash(),
            link.account_id.uuid(),
            link.purpose.as_str(),
            email_key(&self.keys, link.email),
            link.expires_at.to_sqlx() as _,
        )
        .execute(&self.pool)
        .await?;
        let page = if link.purpose.sets_password() { "recover" } else { "verify-email" };
        Ok(format!("{}/{page}/{}", self.public_url, token.to_text()))
    }
}

/// Returns the link of a token; `None` if it is unknown, used or expired.
pub async fn find(pool: &PgPool, token: &str, now: Timestamp) -> Result<Option<StoredLink>, sqlx::Error> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    let row = sqlx::query!(
        "select account_id, purpose, email_key
         from auth.account_links
         where token_hash = $1 and expires_at > $2",
        token.hash(),
        now.to_sqlx() as _,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.and_then(|row| {
        let purpose = LinkPurpose::parse(&row.purpose)?;
        Some(StoredLink { account_id: AccountId(row.account_id), purpose, email_key: row.email_key })
    }))
}

/// Deletes a link and every other link of its account that sets a password. Returns `false` if another
/// request has used it.
pub async fn consume(pool: &PgPool, account_id: AccountId, token: &str) -> Result<bool, sqlx::Error> {
    let Some(token) = Token::parse(token) else { return Ok(false) };
    let used = sqlx::query_scalar!(
        r#"with used as (
             delete from auth.account_links
             where token_hash = $1 and account_id = $2
             returning account_id
           ), others as (
             delete from auth.account_links
             where account_id = (select account_id from used) and purpose <> 'email_verification'
               and token_hash <> $1
           )
           select count(*) as "count!" from used"#,
        token.hash(),
        account_id.uuid(),
    );
    Ok(used.fetch_one(pool).await? == 1)
}

/// Deletes the links that have expired.
pub async fn delete_expired(pool: &PgPool, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from auth.account_links where expires_at <= $1", now.to_sqlx() as _)
        .execute(pool)
        .await?;
    Ok(())
}
