//! Read model `crm_deliveries`, table `crm.deliveries`.

use std::collections::BTreeSet;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::crm::{CrmLink, CrmLinkEvent, Drift, SyncSubject};
use domain::support::{Ticket, TicketEvent, welcome_ticket_id};
use domain::{AccountId, Event, RecordedEvent};
use jiff_sqlx::ToSqlx;
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;
use uuid::Uuid;

use super::delivery::{DeliveryRow, DeliveryRows, delivery_id, subject_of};
use super::queries;
use crate::process_manager::is_delivered;

/// Read model with the table `crm.deliveries`.
#[derive(Clone, Copy, Debug, Default)]
pub struct CrmDeliveries;

#[async_trait]
impl ReadModel for CrmDeliveries {
    fn name(&self) -> &'static str {
        "crm_deliveries"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [&'static str] {
        &["crm.deliveries"]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        [Account::TYPE, Ticket::TYPE, CrmLink::TYPE].contains(&aggregate_type)
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let accounts: BTreeSet<AccountId> = events.iter().filter_map(affected_account).collect();
        let accounts: Vec<Uuid> = accounts.into_iter().map(AccountId::uuid).collect();
        if accounts.is_empty() {
            return Ok(());
        }
        let before = queries::load_rows(db, &accounts).await?;
        let mut after = before.clone();
        for event in events {
            apply(&mut after, event);
        }
        let gone: Vec<Uuid> = before.keys().filter(|id| !after.contains_key(id)).copied().collect();
        if !gone.is_empty() {
            sqlx::query!("delete from deliveries where id = any($1)", &gone).execute(&mut *db).await?;
        }
        after.retain(|id, row| before.get(id) != Some(row));
        write_rows(db, &after).await
    }
}

/// Returns the account whose deliveries an event may change.
fn affected_account(recorded: &RecordedEvent) -> Option<AccountId> {
    match &recorded.event {
        Event::Account(
            AccountEvent::AccountRegistered { .. }
            | AccountEvent::AccountErased { .. }
            | AccountEvent::RoleGranted { .. },
        )
        | Event::CrmLink(_) => recorded.stream.aggregate_id.parse().ok(),
        Event::Ticket(TicketEvent::TicketOpened { requester, .. }) => Some(*requester),
        _ => None,
    }
}

fn apply(rows: &mut DeliveryRows, recorded: &RecordedEvent) {
    let Some(account_id) = affected_account(recorded) else { return };
    let mut add_row = |what| {
        let row = DeliveryRow::requested(account_id, what, recorded.recorded_at, recorded.position);
        rows.entry(row.id()).or_insert(row);
    };
    match &recorded.event {
        Event::Account(
            AccountEvent::AccountRegistered { role, .. } | AccountEvent::RoleGranted { role, .. },
        ) if is_delivered(*role) => add_row(SyncSubject::User),
        Event::Account(AccountEvent::AccountErased { .. }) => {
            rows.retain(|_, row| row.account_id != account_id);
        }
        Event::Account(_) => {}
        Event::Ticket(TicketEvent::TicketOpened { requester, .. }) => {
            let ticket_id = welcome_ticket_id(*requester);
            if recorded.stream.aggregate_id == ticket_id.to_string() {
                add_row(SyncSubject::Ticket(ticket_id));
            }
        }
        // The last event of an erased person: the record in the CRM is deleted too.
        Event::CrmLink(CrmLinkEvent::CrmDriftHealed { drift: Drift::Differs { fields }, .. })
            if fields.iter().any(|field| field == "erased") =>
        {
            rows.retain(|_, row| row.account_id != account_id);
        }
        Event::CrmLink(event) => {
            let what = subject_of(event);
            add_row(what);
            if let Some(row) = rows.get_mut(&delivery_id(account_id, what)) {
                row.apply(event, recorded.recorded_at);
            }
        }
        _ => {}
    }
}

async fn write_rows(connection: &mut PgConnection, rows: &DeliveryRows) -> Result<(), ApplyError> {
    if rows.is_empty() {
        return Ok(());
    }
    let column =
        |of: fn(&DeliveryRow) -> Option<String>| -> Vec<Option<String>> { rows.values().map(of).collect() };
    let ids: Vec<Uuid> = rows.keys().copied().collect();
    let accounts: Vec<Uuid> = rows.values().map(|row| row.account_id.uuid()).collect();
    let tickets: Vec<Option<Uuid>> = rows
        .values()
        .map(|row| match row.what {
            SyncSubject::User => None,
            SyncSubject::Ticket(ticket_id) => Some(ticket_id.uuid()),
        })
        .collect();
    let states: Vec<String> = rows.values().map(|row| row.state.as_str().to_owned()).collect();
    let attempts: Vec<i32> =
        rows.values().map(|row| i32::try_from(row.attempts).unwrap_or(i32::MAX)).collect();
    let externals = column(|row| row.external_id.clone());
    let causes = column(|row| row.last_cause.clone());
    let statuses: Vec<Option<i32>> = rows.values().map(|row| row.last_status.map(i32::from)).collect();
    let requested: Vec<_> = rows.values().map(|row| row.requested_at.to_sqlx()).collect();
    let delivered: Vec<_> = rows.values().map(|row| row.delivered_at.map(|at| at.to_sqlx())).collect();
    let retries: Vec<_> = rows.values().map(|row| row.retry_at.map(|at| at.to_sqlx())).collect();
    let drifts = column(|row| row.drift.as_ref().map(|d| serde_json::json!(d).to_string()));
    let positions: Vec<i64> = rows.values().map(|row| row.position.to_bigint()).collect();
    sqlx::query_file!(
        "src/deliveries/write.sql",
        &ids,
        &accounts,
        &tickets as _,
        &states,
        &attempts,
        &externals as _,
        &causes as _,
        &statuses as _,
        &requested as _,
        &delivered as _,
        &retries as _,
        &drifts as _,
        &positions,
    )
    .execute(connection)
    .await?;
    Ok(())
}
