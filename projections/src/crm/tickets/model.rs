//! The read model `tickets`, table `crm.tickets`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::accounts::AccountEvent;
use domain::support::TicketEvent;
use domain::{AccountId, ContextName, Event, Recorded, TicketId};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::TicketRow;
use crate::read_model::{ApplyError, ReadModel};

/// Keeps `crm.tickets`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tickets;

#[async_trait]
impl ReadModel for Tickets {
    fn name(&self) -> &'static str {
        "tickets"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["crm.tickets"]
    }

    /// Accounts too: what an erased person wrote goes with them.
    fn handles(&self, aggregate_type: &str) -> bool {
        matches!(
            ContextName::of_aggregate(aggregate_type),
            Some(ContextName::Accounts | ContextName::Support)
        )
    }

    async fn apply(&self, db: &mut PgConnection, events: &[Recorded]) -> Result<(), ApplyError> {
        let mut opened = BTreeMap::new();
        let mut erased = Vec::new();
        for recorded in events {
            match &recorded.event {
                Event::Ticket(event) => {
                    if let Some(row) = open(recorded, event)? {
                        opened.insert(row.ticket_id, row);
                    }
                }
                Event::Account(AccountEvent::AccountErased { account_id, .. }) => {
                    forget(&mut opened, *account_id);
                    erased.push(account_id.uuid());
                }
                _ => {}
            }
        }
        forget_stored(db, &erased).await?;
        insert(db, &opened.into_values().collect::<Vec<_>>()).await
    }
}

fn open(recorded: &Recorded, event: &TicketEvent) -> Result<Option<TicketRow>, ApplyError> {
    let ticket_id: TicketId = recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is not a ticket's".to_owned(),
    })?;
    let TicketEvent::TicketOpened { title, description, priority, category, tags, requester, channel } =
        event
    else {
        return Ok(None);
    };
    Ok(Some(TicketRow {
        ticket_id,
        title: title.known().cloned(),
        description: description.known().cloned(),
        status: "open".to_owned(),
        priority: priority.as_str().to_owned(),
        category: category.clone(),
        tags: tags.clone(),
        requester: *requester,
        channel: channel.as_str().to_owned(),
        opened_at: recorded.recorded_at,
        version: recorded.sequence.cast_signed(),
    }))
}

fn forget(opened: &mut BTreeMap<TicketId, TicketRow>, person: AccountId) {
    for row in opened.values_mut().filter(|row| row.requester == person) {
        row.title = None;
        row.description = None;
    }
}

async fn forget_stored(db: &mut PgConnection, people: &[Uuid]) -> Result<(), ApplyError> {
    if !people.is_empty() {
        sqlx::query!(
            "update tickets
             set title = null, description = null
             where requester = any($1)",
            people,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

async fn insert(db: &mut PgConnection, rows: &[TicketRow]) -> Result<(), ApplyError> {
    if !rows.is_empty() {
        sqlx::query!(
            "insert into tickets (
               ticket_id, title, description, status, priority, category, tags, requester, channel,
               opened_at, version)
             select
               ticket_id, title, description, status, priority, category, tags, requester, channel,
               opened_at, version
             from jsonb_to_recordset($1) as new (
               ticket_id uuid, title text, description text, status text, priority text, category text,
               tags text[], requester uuid, channel text, opened_at timestamptz, version bigint)",
            Json(rows) as _,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}
