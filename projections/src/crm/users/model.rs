//! Read model `crm_users`: table `crm.users`, and the former versions of its rows.

use std::collections::HashSet;

use async_trait::async_trait;
use domain::support::{Status, TicketEvent};
use domain::{AccountId, ContextName, Event, RecordedEvent};
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;

use super::counters;
use super::rows::UserRows;
use crate::accounts::account_id;
use crate::scheduling::CounterChange;

/// Maintains `crm.users`.
#[derive(Clone, Copy, Debug, Default)]
pub struct CrmUsersReadModel;

#[async_trait]
impl ReadModel for CrmUsersReadModel {
    fn name(&self) -> &'static str {
        "crm_users"
    }

    fn version(&self) -> i32 {
        6
    }

    fn tables(&self) -> &'static [&'static str] {
        &["crm.users", "crm.user_lessons", "crm.user_versions", "crm.user_shapes"]
    }

    fn read_indexes(&self) -> &'static [&'static str] {
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

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let changes = counters::apply_lessons(db, events).await?;
        let mut rows = UserRows::load(db, &affected_users(events, &changes)?).await?;
        let mut changes = changes.into_iter().peekable();
        for recorded in events {
            match &recorded.event {
                Event::Account(event) => rows.apply_account_event(account_id(recorded)?, event, recorded),
                Event::Ticket(event) => {
                    let more = open_ticket_change(event);
                    if more != 0 {
                        rows.update(event.requester(), recorded, |row| row.tickets_open += more);
                    }
                }
                Event::Slot(_) => {
                    while let Some(change) = changes.next_if(|change| change.position == recorded.position) {
                        rows.update(change.person.into(), recorded, |row| row.apply_counters(change));
                    }
                }
                _ => {}
            }
        }
        rows.save(db).await
    }
}

/// Returns the users whose rows these events may change.
fn affected_users(
    events: &[RecordedEvent],
    changes: &[CounterChange],
) -> Result<HashSet<AccountId>, ApplyError> {
    let mut people: HashSet<AccountId> = changes.iter().map(|change| change.person.into()).collect();
    for recorded in events {
        match &recorded.event {
            Event::Account(_) => {
                people.insert(account_id(recorded)?);
            }
            Event::Ticket(event) if open_ticket_change(event) != 0 => {
                people.insert(event.requester());
            }
            _ => {}
        }
    }
    Ok(people)
}

/// Returns by how much this event changes the number of open tickets of the requester.
fn open_ticket_change(event: &TicketEvent) -> i32 {
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
