//! The read model `crm_users`, table `crm.users`.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::support::{Status, TicketEvent};
use domain::{AccountId, ContextName, Event, Recorded};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::fold::{fold, reshapes};
use super::{UserRow, lessons};
use crate::accounts::{Traces, account_id, reshaped};
use crate::read_model::{ApplyError, ReadModel};
use crate::searching::{searchable, sort_key};

/// Keeps `crm.users`.
#[derive(Clone, Copy, Debug, Default)]
pub struct CrmUsers;

#[async_trait]
impl ReadModel for CrmUsers {
    fn name(&self) -> &'static str {
        "crm_users"
    }

    fn version(&self) -> i32 {
        4
    }

    fn tables(&self) -> &'static [&'static str] {
        &["crm.users", "crm.user_lessons"]
    }

    fn indexes_for_readers(&self) -> &'static [&'static str] {
        &[
            "users (registered_at, account_id)",
            "users (name_key, account_id)",
            "users (search)",
            "users (search_contacts)",
        ]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        matches!(
            ContextName::of_aggregate(aggregate_type),
            Some(ContextName::Accounts | ContextName::Scheduling | ContextName::Support)
        )
    }

    async fn apply(&self, db: &mut PgConnection, events: &[Recorded]) -> Result<(), ApplyError> {
        let reshaped = reshaped(events, reshapes)?;
        let mut rows = load(db, &reshaped.born_before).await?;
        let mut traces = Traces::default();
        for recorded in events {
            match &recorded.event {
                Event::Account(event) => {
                    let id = account_id(recorded)?;
                    if reshaped.all.contains(&id) {
                        fold(&mut rows, id, event, recorded);
                    } else {
                        traces.account_event(id, event, recorded);
                    }
                }
                Event::Ticket(event) => {
                    let (requester, more) = (event.requester(), more_open(event));
                    match rows.get_mut(&requester) {
                        _ if more == 0 => {}
                        Some(row) => {
                            row.tickets_open += more;
                            row.position = recorded.position.cast_signed();
                        }
                        None => traces.tickets_open(requester, more, recorded),
                    }
                }
                _ => {}
            }
        }
        save(db, rows.values()).await?;
        leave(db, &traces).await?;
        lessons::count(db, events).await
    }
}

/// How many more tickets of the requester are not over after this event.
fn more_open(event: &TicketEvent) -> i32 {
    let live = |status: Status| i32::from(!status.is_over());
    match event {
        TicketEvent::TicketOpened { .. } | TicketEvent::TicketReopened { .. } => 1,
        TicketEvent::StatusChanged { from, to, .. } => live(*to) - live(*from),
        TicketEvent::TicketMerged { status, .. } => -live(*status),
        TicketEvent::TicketUnmerged { status, .. } => live(*status),
        TicketEvent::TicketAssigned { .. }
        | TicketEvent::TicketUnassigned { .. }
        | TicketEvent::PriorityChanged { .. }
        | TicketEvent::CategoryChanged { .. }
        | TicketEvent::TagsChanged { .. }
        | TicketEvent::ReplyAdded { .. }
        | TicketEvent::InternalNoteAdded { .. }
        | TicketEvent::DuplicateReceived { .. }
        | TicketEvent::DuplicateReturned { .. }
        | TicketEvent::FirstResponseBreached { .. }
        | TicketEvent::ResolutionBreached { .. }
        | TicketEvent::SatisfactionRated { .. } => 0,
    }
}

async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<AccountId, UserRow>, ApplyError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query_file_as!(UserRow, "src/crm/users/load.sql", ids).fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row)).collect())
}

/// A row as it is written: with the words under which it is found, and sorts.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(flatten)]
    row: &'a UserRow,
    name_key: String,
    words: String,
    contacts: String,
}

async fn save(db: &mut PgConnection, rows: impl Iterator<Item = &UserRow>) -> Result<(), ApplyError> {
    let rows: Vec<Written<'_>> = rows
        .map(|row| Written {
            row,
            name_key: row.name.as_deref().map(sort_key).unwrap_or_default(),
            words: searchable([&row.name, &row.nickname].into_iter().flatten().map(String::as_str)),
            contacts: searchable([&row.email, &row.phone].into_iter().flatten().map(String::as_str)),
        })
        .collect();
    if !rows.is_empty() {
        sqlx::query_file!("src/crm/users/save.sql", Json(&rows) as _).execute(db).await?;
    }
    Ok(())
}

async fn leave(db: &mut PgConnection, traces: &Traces) -> Result<(), ApplyError> {
    if !traces.is_empty() {
        let new = traces.columns();
        sqlx::query!(
            "update users
             set position = new.position,
                 version = coalesce(new.version, users.version),
                 last_active_at = coalesce(new.last_active_at, users.last_active_at),
                 tickets_open = users.tickets_open + new.tickets_open
             from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::integer[])
               as new (account_id, position, version, last_active_at, tickets_open)
             where users.account_id = new.account_id",
            &new.ids,
            &new.positions,
            &new.versions as _,
            &new.instants as _,
            &new.tickets_open,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}
