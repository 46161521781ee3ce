//! Sessions: opaque tokens, of which only a hash is stored.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AccountId, SessionId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use rand::TryRngCore;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};

/// Least interval between two updates of `last_seen_at`.
const LAST_SEEN_INTERVAL: Duration = Duration::from_secs(300);

/// Most sessions of one account. A further one ends the oldest.
const MAX_SESSIONS: i64 = 100;

/// The secret of a session: 256 random bits. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// Returns a random token.
    ///
    /// # Errors
    /// Returns an error if the system has no randomness.
    pub fn generate() -> std::io::Result<Self> {
        let mut bytes = [0; 32];
        rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(std::io::Error::other)?;
        Ok(Self(bytes))
    }

    /// Parses the text of [`Token::to_text`].
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// Returns the token of a keyed hash of 32 bytes.
    pub(super) fn from_hash(hash: &[u8]) -> Self {
        Self(hash.try_into().expect("the keyed hash has 32 bytes"))
    }

    /// Returns 43 characters that are safe in a header and a cookie.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Returns the stored hash. A plain hash suffices, because 256 random bits cannot be guessed.
    pub(super) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A session without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    pub session_id: SessionId,
    pub account_id: AccountId,
    pub user_agent: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_seen_at: Timestamp,
}

/// Begins a session, if the account still has the password hash that was verified. Returns `false` otherwise.
///
/// A concurrent change of the password waits for this statement, or this statement for the change. So either
/// the change ends this session, or it never begins.
pub async fn insert_verified(
    pool: &PgPool,
    session: &StoredSession,
    token: &Token,
    verified_hash: &str,
) -> Result<bool, sqlx::Error> {
    let begun = sqlx::query!(
        "insert into auth.sessions
           (session_id, account_id, token_hash, user_agent, created_at, expires_at, last_seen_at)
         select $1, account_id, $3, $4, $5, $6, $7
         from auth.credentials
         where account_id = $2 and password_hash = $8
         for share",
        session.session_id.uuid(),
        session.account_id.uuid(),
        token.hash(),
        session.user_agent,
        session.created_at.to_sqlx() as _,
        session.expires_at.to_sqlx() as _,
        session.last_seen_at.to_sqlx() as _,
        verified_hash,
    )
    .execute(pool)
    .await?;
    if begun.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "delete from auth.sessions
         where account_id = $1
           and session_id not in (
             select session_id from auth.sessions where account_id = $1
             order by created_at desc, session_id desc limit $2)",
        session.account_id.uuid(),
        MAX_SESSIONS,
    )
    .execute(pool)
    .await?;
    Ok(true)
}

/// Returns the session of a token, if it has not expired.
pub async fn find(
    pool: &PgPool,
    token: &Token,
    now: Timestamp,
) -> Result<Option<StoredSession>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select session_id, account_id, user_agent,
             created_at as "created_at: jiff_sqlx::Timestamp",
             expires_at as "expires_at: jiff_sqlx::Timestamp",
             last_seen_at as "last_seen_at: jiff_sqlx::Timestamp"
           from auth.sessions
           where token_hash = $1 and expires_at > $2"#,
        token.hash(),
        now.to_sqlx() as _,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let session = StoredSession {
        session_id: row.session_id.into(),
        account_id: row.account_id.into(),
        user_agent: row.user_agent,
        created_at: row.created_at.to_jiff(),
        expires_at: row.expires_at.to_jiff(),
        last_seen_at: row.last_seen_at.to_jiff(),
    };
    if now.duration_since(session.last_seen_at).unsigned_abs() > LAST_SEEN_INTERVAL {
        sqlx::query!(
            "update auth.sessions set last_seen_at = $2 where session_id = $1",
            row.session_id,
            now.to_sqlx() as _,
        )
        .execute(pool)
        .await?;
    }
    Ok(Some(session))
}

/// Returns at most `limit` active sessions of an account, newest first, behind the session `after`.
pub async fn list_for_account(
    pool: &PgPool,
    account_id: AccountId,
    now: Timestamp,
    after: Option<(Timestamp, uuid::Uuid)>,
    limit: i64,
) -> Result<Vec<StoredSession>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select session_id, account_id, user_agent,
             created_at as "created_at: jiff_sqlx::Timestamp",
             expires_at as "expires_at: jiff_sqlx::Timestamp",
             last_seen_at as "last_seen_at: jiff_sqlx::Timestamp"
           from auth.sessions
           where account_id = $1 and expires_at > $2
             and ($3::timestamptz is null or (created_at, session_id) < ($3, $4::uuid))
           order by created_at desc, session_id desc
           limit $5"#,
        account_id.uuid(),
        now.to_sqlx() as _,
        after.map(|(at, _)| at.to_sqlx()) as _,
        after.map(|(_, id)| id),
        limit,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| StoredSession {
            session_id: row.session_id.into(),
            account_id: row.account_id.into(),
            user_agent: row.user_agent,
            created_at: row.created_at.to_jiff(),
            expires_at: row.expires_at.to_jiff(),
            last_seen_at: row.last_seen_at.to_jiff(),
        })
        .collect())
}

/// Returns the ids of these sessions that are still active.
pub async fn filter_active(
    pool: &PgPool,
    sessions: &[SessionId],
    now: Timestamp,
) -> Result<Vec<SessionId>, sqlx::Error> {
    let ids: Vec<uuid::Uuid> = sessions.iter().map(|id| id.uuid()).collect();
    let lasting = sqlx::query_scalar!(
        "select session_id from auth.sessions where session_id = any($1) and expires_at > $2",
        &ids,
        now.to_sqlx() as _,
    )
    .fetch_all(pool)
    .await?;
    Ok(lasting.into_iter().map(SessionId::from).collect())
}

/// Returns true if the account has this session.
pub async fn exists(
    pool: &PgPool,
    account_id: AccountId,
    session_id: SessionId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select from auth.sessions where account_id = $1 and session_id = $2 and expires_at > $3) as "exists!""#,
        account_id.uuid(),
        session_id.uuid(),
        now.to_sqlx() as _,
    )
    .fetch_one(pool)
    .await
}

/// Deletes one session of an account. Returns `false` if the account has no such session.
pub async fn delete(
    pool: &PgPool,
    account_id: AccountId,
    session_id: SessionId,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "delete from auth.sessions where account_id = $1 and session_id = $2",
        account_id.uuid(),
        session_id.uuid(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Deletes every session of an account except `kept`; returns the deleted ids.
pub async fn delete_others(
    pool: &PgPool,
    account_id: AccountId,
    kept: Option<SessionId>,
) -> Result<Vec<SessionId>, sqlx::Error> {
    let ended = sqlx::query_scalar!(
        "delete from auth.sessions
         where account_id = $1 and session_id is distinct from $2
         returning session_id",
        account_id.uuid(),
        kept.map(SessionId::uuid),
    )
    .fetch_all(pool)
    .await?;
    Ok(ended.into_iter().map(SessionId::from).collect())
}

/// Deletes all sessions of an erased account.
pub async fn erase(db: &mut PgConnection, account_id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from auth.sessions where account_id = $1", account_id.uuid()).execute(db).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_shows_itself_to_nobody() {
        let token = Token::generate().unwrap();
        assert_eq!(Token::parse(&token.to_text()), Some(token.clone()));
        assert_eq!(token.to_text().len(), 43);
        assert_ne!(token, Token::generate().unwrap());
        assert_eq!(format!("{token:?}"), "Token(…)");
        for broken in ["", "short", &"A".repeat(44), "пароль"] {
            assert_eq!(Token::parse(broken), None);
        }
    }
}
