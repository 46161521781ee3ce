//! Queries of deliveries: one, a page, and whether another account holds a record.

use domain::crm::{Drift, SyncSubject};
use domain::{AccountId, Position, TicketId};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::delivery::{DeliveryRow, DeliveryRows, DeliveryState};

/// A delivery as admins see it, without personal data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeliveryView {
    pub id: Uuid,
    pub account_id: AccountId,
    /// `user` or `ticket`.
    pub what: &'static str,
    pub ticket_id: Option<TicketId>,
    pub status: DeliveryState,
    /// Number of attempts since the last request, the successful one included.
    pub attempts: u32,
    pub external_id: Option<String>,
    pub last_cause: Option<String>,
    pub last_status: Option<u16>,
    pub requested_at: Timestamp,
    pub delivered_at: Option<Timestamp>,
    pub retry_at: Option<Timestamp>,
    pub drift: Option<Drift>,
    /// Position of the event that first requested it; with the id, it orders the list.
    pub position: Position,
}

impl DeliveryView {
    /// Returns the record that is delivered.
    pub fn subject(&self) -> SyncSubject {
        self.ticket_id.map_or(SyncSubject::User, SyncSubject::Ticket)
    }
}

/// Filter of deliveries; `None` matches all.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeliveryFilter {
    pub state: Option<DeliveryState>,
    pub account_id: Option<AccountId>,
    pub with_drift: bool,
}

/// Position in the list after which a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryCursor {
    pub position: Position,
    pub id: Uuid,
}

/// Lists a page of at most `limit` deliveries, in order of position and id.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn list_deliveries(
    pool: &PgPool,
    filter: DeliveryFilter,
    after: Option<DeliveryCursor>,
    limit: u32,
) -> Result<Vec<DeliveryView>, sqlx::Error> {
    let rows = sqlx::query_as!(
        DeliveryDbRow,
        r#"select id, account_id, ticket_id, state, attempts, external_id, last_cause, last_status,
             requested_at as "requested_at: jiff_sqlx::Timestamp",
             delivered_at as "delivered_at: jiff_sqlx::Timestamp",
             retry_at as "retry_at: jiff_sqlx::Timestamp", drift, position
           from crm.deliveries
           where ($1::text is null or state = $1)
             and ($2::uuid is null or account_id = $2)
             and (not $3 or drift is not null)
             and ($4::bigint is null or (position, id) > ($4, $5::uuid))
           order by position, id
           limit $6"#,
        filter.state.map(DeliveryState::as_str),
        filter.account_id.map(AccountId::uuid),
        filter.with_drift,
        after.map(|after| after.position.to_bigint()),
        after.map(|after| after.id),
        i64::from(limit),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(DeliveryDbRow::into_view).collect())
}

/// Finds a delivery by id.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn find_delivery(pool: &PgPool, id: Uuid) -> Result<Option<DeliveryView>, sqlx::Error> {
    let row = sqlx::query_as!(
        DeliveryDbRow,
        r#"select id, account_id, ticket_id, state, attempts, external_id, last_cause, last_status,
             requested_at as "requested_at: jiff_sqlx::Timestamp",
             delivered_at as "delivered_at: jiff_sqlx::Timestamp",
             retry_at as "retry_at: jiff_sqlx::Timestamp", drift, position
           from crm.deliveries
           where id = $1"#,
        id,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(DeliveryDbRow::into_view))
}

/// Lists the records that are incomplete because the CRM did not serve an operation: delivered with a drift, or
/// abandoned.
pub(crate) async fn list_incomplete_deliveries(
    pool: &PgPool,
) -> Result<Vec<(AccountId, SyncSubject)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select account_id, ticket_id
         from crm.deliveries
         where (state = 'delivered' and drift is not null)
           or (state = 'abandoned' and last_cause = 'refused' and last_status in (404, 405, 501))
         order by position, id"
    )
    .fetch_all(pool)
    .await?;
    let subject =
        |ticket_id: Option<Uuid>| ticket_id.map_or(SyncSubject::User, |id| SyncSubject::Ticket(TicketId(id)));
    Ok(rows.into_iter().map(|row| (AccountId(row.account_id), subject(row.ticket_id))).collect())
}

/// Returns true if a user record of the CRM is linked with another account.
pub async fn is_held_by_another(
    pool: &PgPool,
    external_id: &str,
    account_id: AccountId,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select from crm.deliveries
             where what = 'user' and external_id = $1 and account_id <> $2
           ) as "held!""#,
        external_id,
        account_id.uuid(),
    )
    .fetch_one(pool)
    .await
}

/// Loads the rows of these accounts, to apply events. The search path selects the tables.
pub(super) async fn load_rows(
    connection: &mut PgConnection,
    accounts: &[Uuid],
) -> Result<DeliveryRows, sqlx::Error> {
    let rows = sqlx::query_as!(
        DeliveryDbRow,
        r#"select id, account_id, ticket_id, state, attempts, external_id, last_cause, last_status,
             requested_at as "requested_at: jiff_sqlx::Timestamp",
             delivered_at as "delivered_at: jiff_sqlx::Timestamp",
             retry_at as "retry_at: jiff_sqlx::Timestamp", drift, position
           from deliveries
           where account_id = any($1)"#,
        accounts,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into_view().into_row())).collect())
}

struct DeliveryDbRow {
    id: Uuid,
    account_id: Uuid,
    ticket_id: Option<Uuid>,
    state: String,
    attempts: i32,
    external_id: Option<String>,
    last_cause: Option<String>,
    last_status: Option<i32>,
    requested_at: jiff_sqlx::Timestamp,
    delivered_at: Option<jiff_sqlx::Timestamp>,
    retry_at: Option<jiff_sqlx::Timestamp>,
    drift: Option<serde_json::Value>,
    position: Position,
}

impl DeliveryDbRow {
    fn into_view(self) -> DeliveryView {
        DeliveryView {
            id: self.id,
            account_id: AccountId(self.account_id),
            what: if self.ticket_id.is_some() { "ticket" } else { "user" },
            ticket_id: self.ticket_id.map(TicketId),
            status: self.state.parse().expect("a check of the table allows only known codes"),
            attempts: u32::try_from(self.attempts).unwrap_or(0),
            external_id: self.external_id,
            last_cause: self.last_cause,
            last_status: self.last_status.and_then(|status| u16::try_from(status).ok()),
            requested_at: self.requested_at.to_jiff(),
            delivered_at: self.delivered_at.map(jiff_sqlx::Timestamp::to_jiff),
            retry_at: self.retry_at.map(jiff_sqlx::Timestamp::to_jiff),
            drift: self.drift.and_then(|drift| serde_json::from_value(drift).ok()),
            position: self.position,
        }
    }
}

impl DeliveryView {
    fn into_row(self) -> DeliveryRow {
        DeliveryRow {
            account_id: self.account_id,
            what: self.subject(),
            state: self.status,
            attempts: self.attempts,
            external_id: self.external_id,
            last_cause: self.last_cause,
            last_status: self.last_status,
            requested_at: self.requested_at,
            delivered_at: self.delivered_at,
            retry_at: self.retry_at,
            drift: self.drift,
            position: self.position,
        }
    }
}
