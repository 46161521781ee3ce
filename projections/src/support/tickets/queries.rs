//! Queries of tickets, for staff and for requesters.

use domain::support::Channel;
use domain::{AccountId, TicketId};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use projection_runtime::text_search::{strip_nul, to_tsquery};
use sqlx::types::Json;
use sqlx::{PgExecutor, PgPool};

use super::TicketRow;
use super::filter::{SlaState, TicketFilter, TicketSort};
use crate::crm::{ContactView, Visibility};

/// Sort key of a ticket without a deadline, in the order by deadline.
const NEVER_DUE: i64 = i64::MAX;

/// Loads one ticket, with its SLA state at `now`.
pub async fn ticket(
    db: impl PgExecutor<'_>,
    id: TicketId,
    now: Timestamp,
) -> Result<Option<TicketRow>, QueryError> {
    let found = sqlx::query_file_scalar!("src/support/tickets/one.sql", id.uuid(), now.to_sqlx() as _);
    Ok(found.fetch_optional(db).await?.map(|Json(row)| row))
}

/// Loads all tickets of a person, in the order of opening.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn tickets_of(pool: &PgPool, requester: AccountId) -> Result<Vec<TicketId>, QueryError> {
    let ids = sqlx::query_scalar!(
        "select ticket_id from crm.tickets where requester = $1 order by opened_at, ticket_id",
        requester.uuid(),
    );
    Ok(ids.fetch_all(pool).await?.into_iter().map(TicketId).collect())
}

/// Loads the tickets of an agent that are not over.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn open_tickets_of_agent(pool: &PgPool, agent: AccountId) -> Result<Vec<TicketId>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "select ticket_id from crm.tickets
         where assignee = $1 and status not in ('resolved', 'closed')
         order by opened_at, ticket_id",
        agent.uuid(),
    );
    Ok(ids.fetch_all(pool).await?.into_iter().map(TicketId).collect())
}

/// Loads one page of tickets, with their SLA state at `now`. The words of an analyst do not find contacts.
///
/// # Errors
/// [`QueryError::Cursor`] if the cursor belongs to another list. [`QueryError::Database`] if the database is
/// unavailable.
pub async fn tickets<'a>(
    db: impl PgExecutor<'a> + 'a,
    filter: &TicketFilter,
    sort: TicketSort,
    reader: ContactView,
    now: Timestamp,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<TicketRow>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(sort.as_str())).transpose()?;
    let rows = select_rows(db, filter, sort, reader, now, after, limit_plus_one(limit));
    collect_page(rows, limit, |row| cursor_of_row(sort, row)).await
}

fn cursor_of_row(sort: TicketSort, row: &TicketRow) -> Cursor {
    let key = match sort {
        TicketSort::Newest | TicketSort::Oldest => row.opened_at.as_microsecond(),
        TicketSort::LatelyUpdated | TicketSort::LongUntouched => row.updated_at.as_microsecond(),
        TicketSort::MostUrgent | TicketSort::LeastUrgent => rank(&row.priority),
        TicketSort::DueFirst => row.due_at.map_or(NEVER_DUE, Timestamp::as_microsecond),
    };
    Cursor { sort: sort.as_str().to_owned(), key, id: row.ticket_id.uuid() }
}

/// Returns the rank of a priority, as `array_position` counts it.
fn rank(priority: &str) -> i64 {
    match priority {
        "low" => 1,
        "medium" => 2,
        "high" => 3,
        _ => 4,
    }
}

/// Has one statement per order, so that each can use its index.
macro_rules! select_ordered {
    ($($given:ident)+, $order:tt) => { select_ordered!(@ $($given)+, $order) };
    (@ $db:ident $filter:ident $reader:ident $now:ident $after:ident $limit:ident, $order:tt) => {
        sqlx::query_scalar!(
            r#"select to_jsonb(listed) as "row!: Json<TicketRow>"
               from (
                 select
                   ticket_id, title, description, status, priority, category, tags, requester,
                   (select name from users where account_id = requester) as requester_name,
                   assignee, (select name from users where account_id = assignee) as assignee_name, channel, merged_into,
                   opened_at, updated_at, first_response_at, resolved_at, replies, notes, rating,
                   first_response_due_at, resolution_due_at, first_response_missed_at, resolution_missed_at,
                   due_at, version,
                   case
                     when sla is null then 'none'
                     when first_response_missed_at is not null or resolution_missed_at is not null
                       or due_at < $1 then 'breached'
                     when merged_into is not null then 'none'
                     when status in ('resolved', 'closed') then 'met'
                     when status = 'waiting' then 'paused'
                     when due_at < $1::timestamptz + interval '1 hour' then 'at_risk'
                     else 'on_track'
                   end as sla
                 from tickets
               ) as listed
               where ($2::text[] is null or status = any($2))
                 and ($3::text[] is null or priority = any($3))
                 and ($4::text is null or category = $4)
                 and ($5::boolean is null or (assignee is null) = $5)
                 and ($6::uuid is null or assignee = $6)
                 and ($7::uuid is null or requester = $7)
                 and ($8::text is null or $8 = any(tags))
                 and ($9::text is null or ticket_id in (
                   select ticket_id from tickets
                   where search @@ (to_tsquery('simple', $9) || to_tsquery('russian', $9) || to_tsquery('english', $9))
                      or $16 and search_contacts
                        @@ (to_tsquery('simple', $9) || to_tsquery('russian', $9) || to_tsquery('english', $9))
                   union all
                   select ticket_id from ticket_texts
                   where search @@ (to_tsquery('simple', $9) || to_tsquery('russian', $9) || to_tsquery('english', $9))
                      or $16 and search_contacts
                        @@ (to_tsquery('simple', $9) || to_tsquery('russian', $9) || to_tsquery('english', $9))
                   union all
                   select ticket_id from tickets where requester in (
                     select account_id from users
                     where search @@ (to_tsquery('simple', $9) || to_tsquery('russian', $9)))))
                 and ($10::text is null or sla = $10)
                 and ($11::timestamptz is null or opened_at >= $11)
                 and ($12::timestamptz is null or opened_at < $12)
                 and ($17::text is null or channel = $17)"#
                + $order
                + " limit $15",
            $now.to_sqlx() as _,
            $filter.status_codes() as _,
            $filter.priority_codes() as _,
            strip_nul($filter.category.as_deref()),
            $filter.is_unassigned(),
            $filter.agent().map(AccountId::uuid),
            $filter.requester.map(AccountId::uuid),
            strip_nul($filter.tag.as_deref()),
            to_tsquery($filter.q.as_ref()),
            $filter.sla.map(SlaState::as_str),
            $filter.opened_from.map(Timestamp::to_sqlx) as _,
            $filter.opened_to.map(Timestamp::to_sqlx) as _,
            $after.as_ref().map(|cursor| cursor.key),
            $after.as_ref().map(|cursor| cursor.id),
            $limit,
            $reader.visibility == Visibility::Full,
            $filter.channel.map(Channel::as_str),
        )
        .fetch($db)
    };
}

fn select_rows<'a>(
    db: impl PgExecutor<'a> + 'a,
    filter: &TicketFilter,
    sort: TicketSort,
    reader: ContactView,
    now: Timestamp,
    after: Option<Cursor>,
    limit: Option<i64>,
) -> BoxStream<'a, Result<TicketRow, sqlx::Error>> {
    let rows = match sort {
        TicketSort::Newest => select_ordered!(
            db filter reader now after limit,
            " and ($13::bigint is null
                   or (opened_at, ticket_id) < ('epoch'::timestamptz + $13 * interval '1 microsecond', $14::uuid))
              order by opened_at desc, ticket_id desc"
        ),
        TicketSort::Oldest => select_ordered!(
            db filter reader now after limit,
            " and ($13::bigint is null
                   or (opened_at, ticket_id) > ('epoch'::timestamptz + $13 * interval '1 microsecond', $14::uuid))
              order by opened_at, ticket_id"
        ),
        TicketSort::LatelyUpdated => select_ordered!(
            db filter reader now after limit,
            " and ($13::bigint is null
                   or (updated_at, ticket_id) < ('epoch'::timestamptz + $13 * interval '1 microsecond', $14::uuid))
              order by updated_at desc, ticket_id desc"
        ),
        TicketSort::LongUntouched => select_ordered!(
            db filter reader now after limit,
            " and ($13::bigint is null
                   or (updated_at, ticket_id) > ('epoch'::timestamptz + $13 * interval '1 microsecond', $14::uuid))
              order by updated_at, ticket_id"
        ),
        TicketSort::MostUrgent => select_ordered!(
            db filter reader now after limit,
            " and ($13::bigint is null
                   or (array_position(array['low', 'medium', 'high', 'urgent'], priority)::bigint, ticket_id)
                      < ($13, $14::uuid))
              order by array_position(array['low', 'medium', 'high', 'urgent'], priority) desc, ticket_id desc"
        ),
        TicketSort::LeastUrgent => select_ordered!(
            db filter reader now after limit,
            " and ($13::bigint is null
                   or (array_position(array['low', 'medium', 'high', 'urgent'], priority)::bigint, ticket_id)
                      > ($13, $14::uuid))
              order by array_position(array['low', 'medium', 'high', 'urgent'], priority), ticket_id"
        ),
        TicketSort::DueFirst => select_ordered!(
            db filter reader now after limit,
            " and ($13::bigint is null
                   or (coalesce((extract(epoch from due_at) * 1000000)::bigint, 9223372036854775807), ticket_id)
                      > ($13, $14::uuid))
              order by coalesce((extract(epoch from due_at) * 1000000)::bigint, 9223372036854775807), ticket_id"
        ),
    };
    rows.map_ok(|Json(row)| row).boxed()
}
