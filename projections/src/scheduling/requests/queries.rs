//! What students, teachers and staff ask of the requests.

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
/// So many open requests are looked at for a teacher who begins to match.
const OPEN_REQUESTS_MAX: i64 = 200;

/// A page of requests as ids, in order.
struct RequestCursorKey {
    request_id: Uuid,
    requested_at: Timestamp,
}

/// One request, whosever it is: the caller is to be compared with the row.
///
/// # Errors
/// The database is away.
pub async fn request(pool: &PgPool, id: RequestId) -> Result<Option<RequestRow>, QueryError> {
    Ok(load_by_ids(pool, &[id.uuid()]).await?.remove(&id.uuid()))
}

/// One page of a student's requests, the latest first.
///
/// # Errors
/// The database is away, or the cursor is another list's.
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

/// One page of the requests for which a teacher is asked and that are open at `now`, the latest first.
///
/// # Errors
/// The database is away, or the cursor is another list's.
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

/// Who was asked for these requests, in the order of asking; only one teacher's with `of`.
///
/// # Errors
/// The database is away.
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

/// The requests of a student that nobody has closed yet.
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

/// The open requests in the subjects of a teacher who takes some and was not asked, the oldest first; with
/// `freed`, those that ask for one of these times.
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

/// The rows of a page, in its order.
async fn load_page(pool: &PgPool, keys: Page<RequestCursorKey>) -> Result<Page<RequestRow>, QueryError> {
    let ids: Vec<Uuid> = keys.rows.iter().map(|key| key.request_id).collect();
    let mut rows = load_by_ids(pool, &ids).await?;
    Ok(Page { rows: ids.iter().filter_map(|id| rows.remove(id)).collect(), next: keys.next })
}

async fn load_by_ids(pool: &PgPool, ids: &[Uuid]) -> Result<HashMap<Uuid, RequestRow>, QueryError> {
    let rows = sqlx::query_file_as!(RequestRow, "src/scheduling/requests/by_ids.sql", ids);
    Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (row.request_id.uuid(), row)).collect())
}
