//! Queries of students, teachers and staff on lesson requests.

use std::collections::HashMap;

use domain::scheduling::Period;
use domain::{AccountId, RequestId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use sqlx::PgPool;
use uuid::Uuid;

use super::rows::{OfferRow, RequestRow};

const SORT: &str = "-requested_at";
/// Largest number of open requests that are considered for a teacher who begins to match.
const OPEN_REQUESTS_MAX: i64 = 200;

/// Key of a request in a page.
struct RequestCursorKey {
    request_id: Uuid,
    requested_at: Timestamp,
}

/// Loads a request of any student. The caller must check access against the row.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn request(pool: &PgPool, id: RequestId) -> Result<Option<RequestRow>, QueryError> {
    Ok(load_by_ids(pool, &[id.uuid()]).await?.remove(&id.uuid()))
}

/// Loads a page of a student's requests, the latest first.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another list.
pub async fn own_requests(
    pool: &PgPool,
    student: AccountId,
    status: Option<&str>,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<RequestRow>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT)).transpose()?;
    let keys = sqlx::query_as!(
        RequestCursorKey,
        r#"select request_id, requested_at as "requested_at: jiff_sqlx::Timestamp"
           from app.lesson_requests
           where student = $1
             and ($2::text is null or status = $2)
             and ($3::bigint is null
                  or (requested_at, request_id)
                     < ('epoch'::timestamptz + $3 * interval '1 microsecond', $4::uuid))
           order by requested_at desc, request_id desc
           limit $5"#,
        student.uuid(),
        status,
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        limit_plus_one(limit),
    )
    .fetch(pool);
    load_page(pool, collect_page(keys, limit, to_cursor).await?).await
}

/// Loads a page of the requests open at `now` for which a teacher is asked, the latest first.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another list.
pub async fn requests_for_teacher(
    pool: &PgPool,
    teacher: AccountId,
    now: Timestamp,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<RequestRow>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT)).transpose()?;
    let keys = sqlx::query_as!(
        RequestCursorKey,
        r#"select request_id, requested_at as "requested_at: jiff_sqlx::Timestamp"
           from app.request_offers
           join app.lesson_requests using (request_id)
           where teacher = $1
             and not request_offers.declined
             and status = 'open'
             and expires_at > $2
             and ($3::bigint is null
                  or (requested_at, request_id)
                     < ('epoch'::timestamptz + $3 * interval '1 microsecond', $4::uuid))
           order by requested_at desc, request_id desc
           limit $5"#,
        teacher.uuid(),
        now.to_sqlx() as _,
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        limit_plus_one(limit),
    )
    .fetch(pool);
    load_page(pool, collect_page(keys, limit, to_cursor).await?).await
}

/// Loads the offers of these requests, in order; with `of`, only the offers to that teacher.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn offers(
    pool: &PgPool,
    requests: &[RequestId],
    of: Option<AccountId>,
) -> Result<Vec<OfferRow>, QueryError> {
    let ids: Vec<Uuid> = requests.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_as!(
        OfferRow,
        r#"select request_id, teacher, declined, rules_version, reasons as "reasons: _",
                  offered_at as "offered_at: jiff_sqlx::Timestamp"
           from app.request_offers
           where request_id = any($1)
             and ($2::uuid is null or teacher = $2)
           order by offered_at, teacher"#,
        &ids,
        of.map(AccountId::uuid),
    );
    Ok(rows.fetch_all(pool).await?)
}

/// Loads the open requests of a student.
pub(crate) async fn open_requests_of(
    pool: &PgPool,
    student: AccountId,
) -> Result<Vec<RequestId>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "select request_id from app.lesson_requests where student = $1 and status = 'open'",
        student.uuid(),
    );
    Ok(ids.fetch_all(pool).await?.into_iter().map(RequestId).collect())
}

/// Loads the open requests in the subjects of a teacher who takes requests and was not asked.
///
/// The oldest come first. With `freed`, only requests for one of these times.
pub(crate) async fn open_requests_for(
    pool: &PgPool,
    teacher: AccountId,
    freed: Option<&[Period]>,
) -> Result<Vec<RequestId>, sqlx::Error> {
    let (starts, ends): (Vec<_>, Vec<_>) = freed
        .unwrap_or_default()
        .iter()
        .map(|period| (period.starts_at.to_sqlx(), period.ends_at.to_sqlx()))
        .unzip();
    let ids = sqlx::query_scalar!(
        "select request_id
         from app.teachers
         join app.lesson_requests on subject = any(subjects)
         where account_id = $1
           and takes_requests
           and lesson_requests.status = 'open'
           and not exists (
             select from app.request_offers
             where request_offers.request_id = lesson_requests.request_id and teacher = $1)
           and (not $3
             or exists (
               select from unnest($4::timestamptz[], $5::timestamptz[]) as freed (starts_at, ends_at)
               where freed.starts_at
                     < lesson_requests.starts_at + duration_minutes * interval '1 minute'
                 and lesson_requests.starts_at < freed.ends_at))
         order by requested_at, request_id
         limit $2",
        teacher.uuid(),
        OPEN_REQUESTS_MAX,
        freed.is_some(),
        &starts as _,
        &ends as _,
    );
    Ok(ids.fetch_all(pool).await?.into_iter().map(RequestId).collect())
}

fn to_cursor(key: &RequestCursorKey) -> Cursor {
    Cursor { sort: SORT.to_owned(), key: key.requested_at.as_microsecond(), id: key.request_id }
}

/// Loads the rows of a page, in its order.
async fn load_page(pool: &PgPool, keys: Page<RequestCursorKey>) -> Result<Page<RequestRow>, QueryError> {
    let ids: Vec<Uuid> = keys.rows.iter().map(|key| key.request_id).collect();
    let mut rows = load_by_ids(pool, &ids).await?;
    Ok(Page { rows: ids.iter().filter_map(|id| rows.remove(id)).collect(), next: keys.next })
}

async fn load_by_ids(pool: &PgPool, ids: &[Uuid]) -> Result<HashMap<Uuid, RequestRow>, QueryError> {
    let rows = sqlx::query_file_as!(RequestRow, "src/scheduling/requests/by_ids.sql", ids);
    Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (row.request_id.uuid(), row)).collect())
}
