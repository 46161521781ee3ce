//! What staff ask of the tickets.

use domain::{AccountId, TicketId};
use sqlx::PgPool;

use super::TicketRow;
use crate::paging::{Cursor, Page, QueryError, one_more, page};

const SORT: &str = "-opened_at";

/// Which tickets; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct TicketFilter {
    pub requester: Option<AccountId>,
}

/// One ticket.
pub async fn ticket(pool: &PgPool, id: TicketId) -> Result<Option<TicketRow>, QueryError> {
    let found = sqlx::query_as!(
        TicketRow,
        r#"select ticket_id, title, description, status, priority, category, tags, requester, channel,
                  opened_at as "opened_at: jiff_sqlx::Timestamp", version
           from crm.tickets
           where ticket_id = $1"#,
        id.uuid(),
    );
    Ok(found.fetch_optional(pool).await?)
}

/// One page of tickets, the latest first.
///
/// # Errors
/// The database is away, or the cursor is another list's.
pub async fn tickets(
    pool: &PgPool,
    filter: &TicketFilter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<TicketRow>, QueryError> {
    let after = after.map(|cursor| cursor.within(SORT)).transpose()?;
    let rows = sqlx::query_as!(
        TicketRow,
        r#"select ticket_id, title, description, status, priority, category, tags, requester, channel,
                  opened_at as "opened_at: jiff_sqlx::Timestamp", version
           from crm.tickets
           where ($1::uuid is null or requester = $1)
             and ($2::bigint is null
                  or (opened_at, ticket_id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3::uuid))
           order by opened_at desc, ticket_id desc
           limit $4"#,
        filter.requester.map(AccountId::uuid),
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        one_more(limit),
    )
    .fetch(pool);
    let cursor = |row: &TicketRow| Cursor {
        sort: SORT.to_owned(),
        key: row.opened_at.as_microsecond(),
        id: row.ticket_id.uuid(),
    };
    page(rows, limit, cursor).await
}
