//! The read model `crm_users`: table `crm.users`, and how its rows were.

use std::collections::HashSet;

use async_trait::async_trait;
use domain::support::{Status, TicketEvent};
use domain::{AccountId, ContextName, Event, Recorded};
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;

use super::lessons;
use super::rows::People;
use crate::accounts::account_id;
use crate::scheduling::CounterChange;

/// Keeps `crm.users`.
#[derive(Clone, Copy, Debug, Default)]
pub struct CrmUsers;

#[async_trait]
impl ReadModel for CrmUsers {
    fn name(&self) -> &'static str {
        "crm_users"
    }

    fn version(&self) -> i32 {
        5
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

    async fn apply(&self, db: &mut PgConnection, events: &[Recorded]) -> Result<(), ApplyError> {
        let steps = lessons::follow(db, events).await?;
        let mut people = People::load(db, &affected_users(events, &steps)?).await?;
        let mut steps = steps.into_iter().peekable();
        for recorded in events {
            match &recorded.event {
                Event::Account(event) => people.account_event(account_id(recorded)?, event, recorded),
                Event::Ticket(event) => {
                    let more = more_open(event);
                    if more != 0 {
                        people.change(event.requester(), recorded, |row| row.tickets_open += more);
                    }
                }
                Event::Slot(_) => {
                    while let Some(step) = steps.next_if(|step| step.position == recorded.position) {
                        people.change(step.person.into(), recorded, |row| row.count(step));
                    }
                }
                _ => {}
            }
        }
        people.save(db).await
    }
}

/// Whose rows these events may change.
fn affected_users(events: &[Recorded], steps: &[CounterChange]) -> Result<HashSet<AccountId>, ApplyError> {
    let mut people: HashSet<AccountId> = steps.iter().map(|step| step.person.into()).collect();
    for recorded in events {
        match &recorded.event {
            Event::Account(_) => {
                people.insert(account_id(recorded)?);
            }
            Event::Ticket(event) if more_open(event) != 0 => {
                people.insert(event.requester());
            }
            _ => {}
        }
    }
    Ok(people)
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
