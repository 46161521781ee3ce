//! Storage of attachments, outside the log so that they can be deleted.

use std::collections::HashMap;
use std::time::Duration;

use domain::messaging::{ATTACHMENTS_MAX, Attachment};
use domain::{AccountId, MessageId, ObjectId, Personal, Reason};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::app::App;
use crate::http::problem::{FieldErrors, Problem};

/// Limit of unsent files of one person; further uploads are refused. The next constant limits their bytes.
const UNSENT_FILES: i64 = 50;
const UNSENT_BYTES: i64 = 100 * 1024 * 1024;

/// Most bytes of all files of one account, sent or not, and of those of one day.
const ACCOUNT_BYTES: i64 = 1024 * 1024 * 1024;
const DAY_BYTES: i64 = 200 * 1024 * 1024;

/// File to be stored.
pub(super) struct NewFile<'a> {
    pub id: ObjectId,
    pub name: &'a str,
    pub media_type: &'a str,
    pub bytes: &'a [u8],
}

/// Owner of a file, and the message to which it belongs.
pub(super) struct FileOwnership {
    pub owner: AccountId,
    pub message_id: Option<MessageId>,
}

/// File as it is served.
pub(super) struct StoredFile {
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Checks the limits of uploads: of unsent files, and of all files of the account.
///
/// # Errors
/// 409 `too_many_uploads` if the person has too many unsent files or bytes. 429 `storage_used_up` if all files
/// of the account, or those of one day, have too many bytes.
pub(super) async fn check_upload_limit(pool: &PgPool, owner: AccountId) -> Result<(), Problem> {
    let held = sqlx::query!(
        r#"select
             count(*) filter (where message_id is null) as "unsent_files!",
             coalesce(sum(octet_length(bytes)) filter (where message_id is null), 0)::bigint as "unsent_bytes!",
             coalesce(sum(octet_length(bytes)), 0)::bigint as "bytes!",
             coalesce(sum(octet_length(bytes)) filter (where created_at > now() - interval '1 day'), 0)::bigint
               as "bytes_of_day!"
           from objects.attachments
           where owner = $1"#,
        owner.uuid(),
    )
    .fetch_one(pool)
    .await?;
    if held.unsent_files >= UNSENT_FILES || held.unsent_bytes >= UNSENT_BYTES {
        return Err(Problem::new("too_many_uploads"));
    }
    if held.bytes >= ACCOUNT_BYTES || held.bytes_of_day >= DAY_BYTES {
        return Err(Problem::new("storage_used_up"));
    }
    Ok(())
}

pub(super) async fn insert_file(
    pool: &PgPool,
    owner: AccountId,
    file: NewFile<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into objects.attachments (id, owner, name, media_type, bytes)
         values ($1, $2, $3, $4, $5)",
        file.id.uuid(),
        owner.uuid(),
        file.name,
        file.media_type,
        file.bytes,
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub(super) async fn find_ownership(
    pool: &PgPool,
    id: ObjectId,
) -> Result<Option<FileOwnership>, sqlx::Error> {
    let found = sqlx::query!(
        "select owner, message_id
         from objects.attachments
         where id = $1",
        id.uuid(),
    )
    .fetch_optional(pool)
    .await?;
    Ok(found.map(|row| FileOwnership { owner: row.owner.into(), message_id: row.message_id.map(MessageId) }))
}

pub(super) async fn load_file(pool: &PgPool, id: ObjectId) -> Result<Option<StoredFile>, sqlx::Error> {
    sqlx::query_as!(
        StoredFile,
        "select name, media_type, bytes
         from objects.attachments
         where id = $1",
        id.uuid(),
    )
    .fetch_optional(pool)
    .await
}

/// Claims files of the owner for a message that is about to be sent: all of them, or none.
///
/// # Errors
/// 422 `too_many`, or 422 `duplicate` or `unknown_attachment` at the index of a file. A file is unknown if it
/// does not exist, has another owner, or belongs to another message.
pub(in crate::http) async fn claim_files(
    pool: &PgPool,
    owner: AccountId,
    message_id: MessageId,
    ids: &[ObjectId],
) -> Result<Vec<Attachment>, Problem> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    if ids.len() > ATTACHMENTS_MAX {
        return Err(Problem::field("/attachments", "too_many"));
    }
    let wanted: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let mut transaction = pool.begin().await?;
    let rows = sqlx::query!(
        r#"update objects.attachments
           set message_id = $3, claimed_at = now()
           where id = any($2)
             and owner = $1
             and (message_id is null or message_id = $3)
           returning id, name, media_type, octet_length(bytes) as "bytes!""#,
        owner.uuid(),
        &wanted,
        message_id.uuid(),
    )
    .fetch_all(&mut *transaction)
    .await?;
    let mut rows: HashMap<Uuid, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let (mut claimed, mut invalid) = (Vec::new(), FieldErrors::default());
    for (index, id) in ids.iter().enumerate() {
        let pointer = format!("/attachments/{index}");
        match rows.remove(&id.uuid()) {
            Some(row) => claimed.push(Attachment {
                object_id: *id,
                name: Personal::new(owner, row.name),
                media_type: row.media_type,
                bytes: u64::try_from(row.bytes).unwrap_or_default(),
            }),
            None if ids[..index].contains(id) => invalid.push(Reason::field(&pointer, "duplicate")),
            None => invalid.push(Reason::field(&pointer, "unknown_attachment")),
        }
    }
    invalid.ensure_empty()?;
    transaction.commit().await?;
    Ok(claimed)
}

/// Releases the files of a message that was not sent with them.
///
/// # Errors
/// [`sqlx::Error`] if Postgres is unavailable; the cleanup releases them later.
pub(in crate::http) async fn release_files(
    pool: &PgPool,
    message_id: MessageId,
    sent_with: &[Uuid],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update objects.attachments
         set message_id = null, claimed_at = null
         where message_id = $1
           and not id = any($2)",
        message_id.uuid(),
        sent_with,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Deletes the files of a deleted message.
///
/// # Errors
/// [`sqlx::Error`] if Postgres is unavailable; the cleanup deletes them later.
pub(in crate::http) async fn delete_files(pool: &PgPool, message_id: MessageId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from objects.attachments where message_id = $1", message_id.uuid())
        .execute(pool)
        .await?;
    Ok(())
}

/// Deletes the files of an erased account.
///
/// # Errors
/// [`sqlx::Error`] without Postgres.
pub async fn erase(db: &mut PgConnection, account_id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from objects.attachments where owner = $1", account_id.uuid()).execute(db).await?;
    Ok(())
}

/// Deletes files that were uploaded more than a day ago and are in no message, and files that a crash left of
/// messages that are deleted or were never sent.
///
/// # Errors
/// [`Problem`] if Postgres is unavailable; the next run deletes the rest.
pub async fn delete_unused_files(app: &App) -> Result<(), Problem> {
    sqlx::query!(
        "delete from objects.attachments
         where message_id is null
           and created_at < now() - interval '1 day'"
    )
    .execute(&app.pool)
    .await?;
    sqlx::query!(
        "delete from objects.attachments
         using app.messages as message
         where attachments.message_id = message.message_id
           and message.deleted"
    )
    .execute(&app.pool)
    .await?;
    // Only a read model that is up to date can show that a message was never sent.
    let committed = *app.bus.committed().borrow();
    if app.freshness.wait_for("conversations", committed, Duration::from_secs(1)).await {
        sqlx::query!(
            "delete from objects.attachments
             where claimed_at < now() - interval '1 day'
               and not exists (
                 select from app.messages as message
                 where message.message_id = attachments.message_id)"
        )
        .execute(&app.pool)
        .await?;
    }
    Ok(())
}
