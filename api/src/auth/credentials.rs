//! Password hashes, and the accounts that an e-mail address may belong to.
//!
//! The log decides which account has an address. These rows are found by a keyed hash, and a candidate
//! counts only if its account has the same address. Each change is written here before the event is
//! appended, and confirmed after. Rows that a crash leaves behind admit no other person and lock no person
//! out; the cleanup reconciles them.

use domain::AccountId;
use domain::accounts::Email;
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use super::keys::{DerivedKeys, Purpose};

/// Most accounts that the look-up of one address loads, one by one.
const MAX_CANDIDATES: i64 = 16;

/// An account that an e-mail address may belong to.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub account_id: AccountId,
    pub password_hash: String,
}

/// Inserts the credentials of an account before it is registered.
pub async fn insert_pending(
    pool: &PgPool,
    keys: &DerivedKeys,
    account_id: AccountId,
    email: &Email,
    password_hash: &str,
    pending_token: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with credentials as (
           insert into auth.credentials (account_id, password_hash, unsettled_by, unsettled_at)
           values ($1, $2, $4, now())
           returning account_id
         )
         insert into auth.email_keys (email_key, account_id)
         select $3, account_id from credentials",
        account_id.uuid(),
        password_hash,
        email_key(keys, email),
        pending_token,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Marks the credentials before the append of an event that these rows must follow.
pub async fn mark_pending(
    pool: &PgPool,
    account_id: AccountId,
    pending_token: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update auth.credentials set unsettled_by = $2, unsettled_at = now() where account_id = $1",
        account_id.uuid(),
        pending_token,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Removes the mark of this token: the rows agree with the log again.
pub async fn confirm(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    pending_token: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update auth.credentials
         set unsettled_by = null, unsettled_at = null
         where account_id = $1 and unsettled_by = $2",
        account_id.uuid(),
        pending_token,
    )
    .execute(database)
    .await?;
    Ok(())
}

/// Returns the accounts that an address may belong to, confirmed ones first.
pub async fn candidates(
    pool: &PgPool,
    keys: &DerivedKeys,
    email: &Email,
) -> Result<Vec<Candidate>, sqlx::Error> {
    let rows = sqlx::query!(
        "select account_id, password_hash
         from auth.email_keys
         join auth.credentials using (account_id)
         where email_key = $1
         order by unsettled_at nulls first, created_at desc
         limit $2",
        email_key(keys, email),
        MAX_CANDIDATES,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Candidate { account_id: row.account_id.into(), password_hash: row.password_hash })
        .collect())
}

pub async fn password_hash(pool: &PgPool, account_id: AccountId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select password_hash from auth.credentials where account_id = $1",
        account_id.uuid(),
    )
    .fetch_optional(pool)
    .await
}

/// Replaces the hash `old` by a new one. Returns `false` if another request has changed it before.
pub async fn replace_password(
    pool: &PgPool,
    account_id: AccountId,
    old: &str,
    new: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update auth.credentials
         set password_hash = $3, changed_at = now()
         where account_id = $1 and password_hash = $2",
        account_id.uuid(),
        old,
        new,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Sets the hash of a password whose change a mailed link permits.
pub async fn set_password(pool: &PgPool, account_id: AccountId, hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update auth.credentials set password_hash = $2, changed_at = now() where account_id = $1",
        account_id.uuid(),
        hash,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Adds an address to an account, before the account changes to it.
pub async fn add_email(
    pool: &PgPool,
    keys: &DerivedKeys,
    account_id: AccountId,
    email: &Email,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into auth.email_keys (email_key, account_id)
         select $2, account_id from auth.credentials where account_id = $1
         on conflict do nothing",
        account_id.uuid(),
        email_key(keys, email),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Reduces the addresses of an account to the one that it has in the log.
///
/// `current` is awaited while the account's row is locked, so that the last of several concurrent changes
/// sees the newest address.
pub async fn sync_email_keys<E: From<sqlx::Error>>(
    pool: &PgPool,
    keys: &DerivedKeys,
    account_id: AccountId,
    pending_token: Uuid,
    current: impl Future<Output = Result<Option<Email>, E>>,
) -> Result<(), E> {
    let id = account_id.uuid();
    let mut transaction = pool.begin().await?;
    sqlx::query!("select account_id from auth.credentials where account_id = $1 for update", id)
        .fetch_optional(&mut *transaction)
        .await?;
    if let Some(email) = current.await? {
        let key = email_key(keys, &email);
        sqlx::query!("delete from auth.email_keys where account_id = $1 and email_key <> $2", id, key)
            .execute(&mut *transaction)
            .await?;
        sqlx::query!(
            "insert into auth.email_keys (email_key, account_id)
             select $2, account_id from auth.credentials where account_id = $1
             on conflict do nothing",
            id,
            key,
        )
        .execute(&mut *transaction)
        .await?;
    }
    confirm(&mut *transaction, account_id, pending_token).await?;
    Ok(transaction.commit().await?)
}

/// Deletes the credentials of an account that was erased or never registered.
pub async fn erase(db: impl PgExecutor<'_>, account_id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from auth.credentials where account_id = $1", account_id.uuid()).execute(db).await?;
    Ok(())
}

pub(super) fn email_key(keys: &DerivedKeys, email: &Email) -> Vec<u8> {
    keys.hash(Purpose::EmailLookUp, &[email.normalized().as_bytes()])
}
