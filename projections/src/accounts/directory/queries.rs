//! Queries of staff on the directory.

use domain::{AccountId, Role};
use futures::stream::BoxStream;
use projection_runtime::paging::{Cursor, CursorError, Page, QueryError, collect_page, limit_plus_one};
use projection_runtime::text_search::{SearchText, to_tsquery};
use sqlx::PgPool;

use super::AccountRow;
use crate::accounts::status::AccountStatus;

/// Filter of accounts; a field that is `None` does not restrict.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    pub role: Option<Role>,
    pub status: Option<AccountStatus>,
    /// Words in name, nickname, e-mail or phone.
    pub q: Option<SearchText>,
}

domain::code_enum!(
    /// Order of accounts.
    #[derive(Default)]
    AccountSort {
        #[default]
        Newest = "-created_at",
        Oldest = "created_at",
    }
);

/// Loads an account of any status.
pub async fn account(pool: &PgPool, id: AccountId) -> Result<Option<AccountRow>, QueryError> {
    let found = sqlx::query_as!(
        AccountRow,
        r#"select account_id, status as "status: _", roles, name, nickname, email, phone,
                  email_verified, locale, time_zone, avatar,
                  created_at as "created_at: jiff_sqlx::Timestamp",
                  last_active_at as "last_active_at: jiff_sqlx::Timestamp", version
           from app.accounts
           where account_id = $1"#,
        id.uuid(),
    );
    Ok(found.fetch_optional(pool).await?)
}

/// Loads a page of accounts.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another order.
pub async fn accounts(
    pool: &PgPool,
    filter: &AccountFilter,
    sort: AccountSort,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<AccountRow>, QueryError> {
    let rows = select_rows(pool, filter, sort, after, limit_plus_one(limit))?;
    let cursor = |row: &AccountRow| Cursor {
        sort: sort.as_str().to_owned(),
        key: row.created_at.as_microsecond(),
        id: row.account_id.uuid(),
    };
    collect_page(rows, limit, cursor).await
}

/// Counts the accounts that match the filter.
pub async fn count_accounts(pool: &PgPool, filter: &AccountFilter) -> Result<u64, QueryError> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!"
           from app.accounts
           where ($1::text is null or roles @> array[$1])
             and ($2::text is null or status = $2)
             and ($3::text is null or search @@ (to_tsquery('simple', $3) || to_tsquery('russian', $3)))"#,
        filter.role.map(Role::as_str),
        filter.status.map(AccountStatus::as_str),
        to_tsquery(filter.q.as_ref()),
    )
    .fetch_one(pool)
    .await?;
    Ok(count.cast_unsigned())
}

/// Builds one statement per order, so that each statement can use its index.
macro_rules! select_ordered {
    ($pool:ident, $filter:ident, $after:ident, $limit:ident, $beyond:tt) => {
        sqlx::query_as!(
            AccountRow,
            r#"select account_id, status as "status: _", roles, name, nickname, email, phone,
                      email_verified, locale, time_zone, avatar,
                      created_at as "created_at: jiff_sqlx::Timestamp",
                      last_active_at as "last_active_at: jiff_sqlx::Timestamp", version
               from app.accounts
               where ($1::text is null or roles @> array[$1])
                 and ($2::text is null or status = $2)
                 and ($3::text is null or search @@ (to_tsquery('simple', $3) || to_tsquery('russian', $3)))"#
                + $beyond
                + " limit $6",
            $filter.role.map(Role::as_str),
            $filter.status.map(AccountStatus::as_str),
            to_tsquery($filter.q.as_ref()),
            $after.as_ref().map(|cursor| cursor.key),
            $after.as_ref().map(|cursor| cursor.id),
            $limit,
        )
        .fetch($pool)
    };
}

fn select_rows<'a>(
    pool: &'a PgPool,
    filter: &AccountFilter,
    sort: AccountSort,
    after: Option<Cursor>,
    limit: Option<i64>,
) -> Result<BoxStream<'a, Result<AccountRow, sqlx::Error>>, CursorError> {
    let after = after.map(|cursor| cursor.require_sort(sort.as_str())).transpose()?;
    Ok(match sort {
        AccountSort::Newest => select_ordered!(
            pool, filter, after, limit,
            " and ($4::bigint is null
                   or (created_at, account_id) < ('epoch'::timestamptz + $4 * interval '1 microsecond', $5::uuid))
              order by created_at desc, account_id desc"
        ),
        AccountSort::Oldest => select_ordered!(
            pool, filter, after, limit,
            " and ($4::bigint is null
                   or (created_at, account_id) > ('epoch'::timestamptz + $4 * interval '1 microsecond', $5::uuid))
              order by created_at, account_id"
        ),
    })
}
