//! Queries of the CRM users: one, a page, an export, a count.

use domain::AccountId;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use projection_runtime::text_search::{SearchText, to_tsquery};
use sqlx::PgExecutor;

use super::{CrmUser, UserRow, UserType};
use crate::accounts::AccountStatus;
use crate::crm::visibility::{ContactView, Visibility};

/// Filter of users. A field that is `None` does not filter.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    pub kind: Option<UserType>,
    pub status: Option<AccountStatus>,
    /// Words of the name or nickname. A reader who sees contacts also finds words of the e-mail and phone.
    pub q: Option<SearchText>,
    pub registered_from: Option<Timestamp>,
    /// Exclusive.
    pub registered_to: Option<Timestamp>,
}

domain::code_enum!(
    /// Order of a list of users.
    #[derive(Default)]
    UserSort {
        #[default]
        Newest = "-registered_at",
        Oldest = "registered_at",
        LatelyActive = "-last_active_at",
        LongInactive = "last_active_at",
        NameAscending = "name",
        NameDescending = "-name",
        MostTickets = "-tickets_open",
        FewestTickets = "tickets_open",
    }
);

/// Loads a user of any status.
pub async fn user(
    db: impl PgExecutor<'_>,
    id: AccountId,
    contact_view: ContactView,
) -> Result<Option<CrmUser>, QueryError> {
    let found = sqlx::query_file_as!(UserRow, "src/crm/users/one.sql", id.uuid()).fetch_optional(db).await?;
    Ok(found.map(|row| row.view_as(contact_view)))
}

/// Loads one page of users.
///
/// # Errors
/// [`QueryError::Cursor`] if the cursor belongs to another order. [`QueryError::Database`] if the database is
/// unavailable.
pub async fn users<'a>(
    db: impl PgExecutor<'a> + 'a,
    filter: &UserFilter,
    sort: UserSort,
    contact_view: ContactView,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<CrmUser>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(sort.as_str())).transpose()?;
    let rows = select_rows(db, filter, sort, contact_view, after, limit_plus_one(limit));
    let found = collect_page(rows, limit, |row| cursor_of_row(row, sort)).await?;
    Ok(Page { rows: found.rows.into_iter().map(|row| row.view_as(contact_view)).collect(), next: found.next })
}

/// Streams all users of the filter, for exports. The rows are not collected in memory.
pub fn users_stream<'a>(
    db: impl PgExecutor<'a> + 'a,
    filter: &UserFilter,
    sort: UserSort,
    contact_view: ContactView,
) -> BoxStream<'a, Result<CrmUser, QueryError>> {
    select_rows(db, filter, sort, contact_view, None, None)
        .map_ok(move |row| row.view_as(contact_view))
        .map_err(QueryError::from)
        .boxed()
}

/// Counts the users of the filter.
pub async fn count_users(
    db: impl PgExecutor<'_>,
    filter: &UserFilter,
    contact_view: ContactView,
) -> Result<u64, QueryError> {
    let count = sqlx::query_file_scalar!(
        "src/crm/users/count.sql",
        filter.kind.map(UserType::as_str),
        filter.status.map(AccountStatus::as_str),
        to_tsquery(filter.q.as_ref()),
        contact_view.visibility == Visibility::Full,
        filter.registered_from.map(Timestamp::to_sqlx) as _,
        filter.registered_to.map(Timestamp::to_sqlx) as _,
    )
    .fetch_one(db)
    .await?;
    Ok(count.cast_unsigned())
}

fn cursor_of_row(row: &UserRow, sort: UserSort) -> Cursor {
    let key = match sort {
        UserSort::Newest | UserSort::Oldest => row.registered_at.as_microsecond(),
        UserSort::LatelyActive | UserSort::LongInactive => row.last_active_at.as_microsecond(),
        UserSort::MostTickets | UserSort::FewestTickets => i64::from(row.tickets_open),
        // Names do not appear in cursors, because URLs and logs contain cursors. The statement looks the name
        // up by the id.
        UserSort::NameAscending | UserSort::NameDescending => 0,
    };
    Cursor { sort: sort.as_str().to_owned(), key, id: row.account_id.uuid() }
}

/// Has one statement per order, so that each can use its index.
macro_rules! select_ordered {
    ($($given:ident)+, $order:tt) => { select_ordered!(@ $($given)+, $order) };
    (@ $db:ident $filter:ident $contact_view:ident $after:ident $limit:ident, $order:tt) => {
        sqlx::query_as!(
            UserRow,
            r#"select
                 account_id, type as "kind: _", status as "status: _", roles, name, nickname, email, phone,
                 subjects, registered_at as "registered_at: jiff_sqlx::Timestamp",
                 last_active_at as "last_active_at: jiff_sqlx::Timestamp",
                 lessons_completed, rating, rating_sum, reviews_count, tickets_open, version, position
               from users
               where ($1::text is null or type = $1)
                 and ($2::text is null or status = $2)
                 and ($3::text is null
                      or (not $4 and search @@ (to_tsquery('simple', $3) || to_tsquery('russian', $3)))
                      or ($4::boolean
                          and search_contacts @@ (to_tsquery('simple', $3) || to_tsquery('russian', $3))))
                 and ($5::timestamptz is null or registered_at >= $5)
                 and ($6::timestamptz is null or registered_at < $6)"#
                + $order
                + " limit $9",
            $filter.kind.map(UserType::as_str),
            $filter.status.map(AccountStatus::as_str),
            to_tsquery($filter.q.as_ref()),
            $contact_view.visibility == Visibility::Full,
            $filter.registered_from.map(Timestamp::to_sqlx) as _,
            $filter.registered_to.map(Timestamp::to_sqlx) as _,
            $after.as_ref().map(|cursor| cursor.key),
            $after.as_ref().map(|cursor| cursor.id),
            $limit,
        )
        .fetch($db)
    };
}

fn select_rows<'a>(
    db: impl PgExecutor<'a> + 'a,
    filter: &UserFilter,
    sort: UserSort,
    contact_view: ContactView,
    after: Option<Cursor>,
    limit: Option<i64>,
) -> BoxStream<'a, Result<UserRow, sqlx::Error>> {
    match sort {
        UserSort::Newest => select_ordered!(
            db filter contact_view after limit,
            " and ($7::bigint is null
                   or (registered_at, account_id) < ('epoch'::timestamptz + $7 * interval '1 microsecond', $8::uuid))
              order by registered_at desc, account_id desc"
        ),
        UserSort::Oldest => select_ordered!(
            db filter contact_view after limit,
            " and ($7::bigint is null
                   or (registered_at, account_id) > ('epoch'::timestamptz + $7 * interval '1 microsecond', $8::uuid))
              order by registered_at, account_id"
        ),
        UserSort::LatelyActive => select_ordered!(
            db filter contact_view after limit,
            " and ($7::bigint is null
                   or (last_active_at, account_id) < ('epoch'::timestamptz + $7 * interval '1 microsecond', $8::uuid))
              order by last_active_at desc, account_id desc"
        ),
        UserSort::LongInactive => select_ordered!(
            db filter contact_view after limit,
            " and ($7::bigint is null
                   or (last_active_at, account_id) > ('epoch'::timestamptz + $7 * interval '1 microsecond', $8::uuid))
              order by last_active_at, account_id"
        ),
        UserSort::NameAscending => select_ordered!(
            db filter contact_view after limit,
            " and ($7::bigint is null
                   or (name_key, account_id) > ((select name_key from users where account_id = $8), $8::uuid))
              order by name_key, account_id"
        ),
        UserSort::NameDescending => select_ordered!(
            db filter contact_view after limit,
            " and ($7::bigint is null
                   or (name_key, account_id) < ((select name_key from users where account_id = $8), $8::uuid))
              order by name_key desc, account_id desc"
        ),
        UserSort::MostTickets => select_ordered!(
            db filter contact_view after limit,
            " and ($7::bigint is null or (tickets_open, account_id) < ($7, $8::uuid))
              order by tickets_open desc, account_id desc"
        ),
        UserSort::FewestTickets => select_ordered!(
            db filter contact_view after limit,
            " and ($7::bigint is null or (tickets_open, account_id) > ($7, $8::uuid))
              order by tickets_open, account_id"
        ),
    }
}
