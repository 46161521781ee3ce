//! Password hashes, and which accounts an e-mail address may mean.
//!
//! The truth about addresses is in the accounts; these rows are found by a keyed hash and believed
//! only when the account says the same. Each change is written here before it is appended to the
//! log, and cleaned up after: whatever a crash leaves behind neither lets anybody in nor keeps
//! anybody out, and is swept.

use domain::AccountId;
use domain::accounts::Email;
use sqlx::PgPool;

use super::keys::{Keys, Purpose};

/// Accounts are read one by one when an address is looked up; more rows than this are nonsense.
const MOST_CANDIDATES: i64 = 16;

/// An account that an e-mail address may mean.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub account_id: AccountId,
    pub password_hash: String,
}

/// Writes the password of an account that is about to register.
pub async fn prepare(
    pool: &PgPool,
    keys: &Keys,
    account_id: AccountId,
    email: &Email,
    password_hash: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with credentials as (
           insert into auth.credentials (account_id, password_hash) values ($1, $2)
           returning account_id
         )
         insert into auth.email_keys (email_key, account_id)
         select $3, account_id from credentials",
        account_id.uuid(),
        password_hash,
        email_key(keys, email),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The registration is committed: the row is no longer swept.
pub async fn settle(pool: &PgPool, account_id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("update auth.credentials set registered = true where account_id = $1", account_id.uuid())
        .execute(pool)
        .await?;
    Ok(())
}

/// The accounts that an address may mean, those that are known to exist first.
pub async fn candidates(pool: &PgPool, keys: &Keys, email: &Email) -> Result<Vec<Candidate>, sqlx::Error> {
    let rows = sqlx::query!(
        "select account_id, password_hash
         from auth.email_keys
         join auth.credentials using (account_id)
         where email_key = $1
         order by registered desc, created_at desc
         limit $2",
        email_key(keys, email),
        MOST_CANDIDATES,
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

/// Puts a new hash in the place of `old`; `false` when another was faster.
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

/// Lets an address mean this account too, before the account changes to it.
pub async fn add_email(
    pool: &PgPool,
    keys: &Keys,
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

/// Leaves an account with the one address that it has.
pub async fn keep_only_email(
    pool: &PgPool,
    keys: &Keys,
    account_id: AccountId,
    email: &Email,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from auth.email_keys where account_id = $1 and email_key <> $2",
        account_id.uuid(),
        email_key(keys, email),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Takes an account out: it never came to be.
pub async fn remove(pool: &PgPool, account_id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from auth.credentials where account_id = $1", account_id.uuid())
        .execute(pool)
        .await?;
    Ok(())
}

/// Notes that the account is about to be erased, so that a crash does not leave it half done.
pub async fn mark_erasing(pool: &PgPool, account_id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("update auth.credentials set erasing_at = now() where account_id = $1", account_id.uuid())
        .execute(pool)
        .await?;
    Ok(())
}

/// Removes everything that is kept outside the log of an account that is erased.
pub async fn purge(pool: &PgPool, account_id: AccountId) -> Result<(), sqlx::Error> {
    let id = account_id.uuid();
    let mut transaction = pool.begin().await?;
    sqlx::query!("delete from auth.sessions where account_id = $1", id).execute(&mut *transaction).await?;
    sqlx::query!("delete from objects.blobs where owner = $1", id).execute(&mut *transaction).await?;
    sqlx::query!("delete from http.idempotency where actor = $1", id.to_string())
        .execute(&mut *transaction)
        .await?;
    sqlx::query!("delete from auth.credentials where account_id = $1", id).execute(&mut *transaction).await?;
    transaction.commit().await
}

fn email_key(keys: &Keys, email: &Email) -> Vec<u8> {
    keys.hash(Purpose::EmailLookUp, &[email.normalized().as_bytes()])
}
