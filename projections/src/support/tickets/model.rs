//! Read model `tickets`: tables `crm.tickets`, `crm.ticket_texts`, and former versions of tickets.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use domain::accounts::AccountEvent;
use domain::support::TicketEvent;
use domain::{AccountId, ContextName, Event, RecordedEvent};
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;
use uuid::Uuid;

use super::apply::initial_row;
use super::rows::{TicketRecord, insert_versions, load, save};
use super::texts::NewTicketTexts;

/// Maintains the tickets of the support desk.
#[derive(Clone, Copy, Debug, Default)]
pub struct TicketsReadModel;

#[async_trait]
impl ReadModel for TicketsReadModel {
    fn name(&self) -> &'static str {
        "tickets"
    }

    fn version(&self) -> i32 {
        6
    }

    fn tables(&self) -> &'static [&'static str] {
        &["crm.tickets", "crm.ticket_texts", "crm.ticket_versions"]
    }

    fn read_indexes(&self) -> &'static [&'static str] {
        &[
            "tickets (opened_at, ticket_id)",
            "tickets (updated_at, ticket_id)",
            "tickets (assignee, status)",
            "tickets (status, opened_at)",
            "tickets (search)",
            "tickets (search_contacts)",
            "ticket_texts (search)",
            "ticket_texts (search_contacts)",
        ]
    }

    /// Handles accounts too, because an erasure removes the person's texts.
    fn handles(&self, aggregate_type: &str) -> bool {
        matches!(
            ContextName::of_aggregate(aggregate_type),
            Some(ContextName::Accounts | ContextName::Support)
        )
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let mut rows = load(db, &stored_tickets(events)?).await?;
        let mut versions = Vec::new();
        let mut texts = NewTicketTexts::default();
        let mut erased = Vec::new();
        for recorded in events {
            match &recorded.event {
                Event::Ticket(event) => {
                    let ticket_id = ticket_id(recorded)?;
                    if let Some(row) = initial_row(ticket_id, recorded, event) {
                        rows.insert(ticket_id, row);
                    } else if let Some(row) = rows.get_mut(&ticket_id) {
                        row.apply(recorded, event);
                    }
                    versions.extend(rows.get(&ticket_id).cloned());
                    texts.add_event(ticket_id, recorded, event);
                }
                Event::Account(AccountEvent::AccountErased { account_id, .. }) => {
                    erase_texts(&mut rows, &mut texts, *account_id);
                    erased.push(account_id.uuid());
                }
                _ => {}
            }
        }
        save(db, rows.values().collect()).await?;
        insert_versions(db, versions).await?;
        erase_stored_texts(db, &erased).await?;
        texts.save(db, &erased).await
    }
}

/// Returns the tickets of a batch that were opened before it.
fn stored_tickets(events: &[RecordedEvent]) -> Result<Vec<Uuid>, ApplyError> {
    let (mut opened_here, mut affected) = (HashSet::new(), Vec::new());
    for recorded in events {
        let Event::Ticket(event) = &recorded.event else { continue };
        let id = ticket_id(recorded)?;
        let is_birth = matches!(event, TicketEvent::TicketOpened { .. });
        if opened_here.insert(id) && !is_birth {
            affected.push(id);
        }
    }
    Ok(affected)
}

fn ticket_id(recorded: &RecordedEvent) -> Result<Uuid, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is not a ticket's".to_owned(),
    })
}

fn erase_texts(rows: &mut HashMap<Uuid, TicketRecord>, texts: &mut NewTicketTexts, person: AccountId) {
    rows.values_mut().for_each(|row| row.erase_texts(person));
    texts.erase_texts_of(person);
}

/// Erases texts in rows that the batch did not change. The batch has already written its own rows.
async fn erase_stored_texts(db: &mut PgConnection, people: &[Uuid]) -> Result<(), ApplyError> {
    if !people.is_empty() {
        sqlx::query!(
            "update tickets
             set title = null, description = null, rating_comment = null, search = '', search_contacts = ''
             where requester = any($1)",
            people,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}
