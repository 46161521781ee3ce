//! The read model `crm_timeline`, table `crm.timeline`.

use async_trait::async_trait;
use domain::accounts::AccountEvent;
use domain::support::TicketEvent;
use domain::{AccountId, ContextName, Event, Recorded};
use jiff_sqlx::ToSqlx;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::params;
use crate::accounts::account_id;
use crate::read_model::{ApplyError, ReadModel};

/// Keeps `crm.timeline`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timeline;

#[async_trait]
impl ReadModel for Timeline {
    fn name(&self) -> &'static str {
        "crm_timeline"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["crm.timeline"]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        match ContextName::of_aggregate(aggregate_type) {
            Some(ContextName::Accounts | ContextName::Crm | ContextName::Support) => true,
            Some(ContextName::Scheduling) | None => false,
        }
    }

    async fn apply(&self, db: &mut PgConnection, events: &[Recorded]) -> Result<(), ApplyError> {
        let mut lines = Lines::default();
        let mut erased = Vec::new();
        for recorded in events {
            if let Some((person, params)) = line(recorded)? {
                lines.push(recorded, person, params);
            }
            if let Event::Account(AccountEvent::AccountErased { account_id, .. }) = &recorded.event {
                erased.push(account_id.uuid());
            }
        }
        lines.insert(db).await?;
        forget_reasons(db, &erased).await
    }
}

/// Whose event it is, and what the sentence needs.
fn line(recorded: &Recorded) -> Result<Option<(AccountId, Value)>, ApplyError> {
    Ok(Some(match &recorded.event {
        Event::Account(event) => (account_id(recorded)?, params::of_account(event)),
        Event::CrmLink(event) => (account_id(recorded)?, params::of_crm_link(event)),
        Event::Ticket(event) => {
            let TicketEvent::TicketOpened { requester, .. } = event;
            (*requester, params::of_ticket(&recorded.stream.aggregate_id, event))
        }
        _ => return Ok(None),
    }))
}

/// Rows to insert, column by column, as `unnest` takes them.
#[derive(Default)]
struct Lines {
    positions: Vec<i64>,
    people: Vec<Uuid>,
    instants: Vec<jiff_sqlx::Timestamp>,
    types: Vec<String>,
    params: Vec<Value>,
}

impl Lines {
    fn push(&mut self, recorded: &Recorded, person: AccountId, params: Value) {
        self.positions.push(recorded.position.cast_signed());
        self.people.push(person.uuid());
        self.instants.push(recorded.recorded_at.to_sqlx());
        self.types.push(recorded.event.event_type());
        self.params.push(params);
    }

    async fn insert(self, db: &mut PgConnection) -> Result<(), ApplyError> {
        if self.positions.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "insert into timeline (position, account_id, recorded_at, type, params)
             select * from unnest($1::bigint[], $2::uuid[], $3::timestamptz[], $4::text[], $5::jsonb[])",
            &self.positions,
            &self.people,
            &self.instants as _,
            &self.types,
            &self.params,
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

/// What staff wrote about a person goes with the person.
async fn forget_reasons(db: &mut PgConnection, erased: &[Uuid]) -> Result<(), ApplyError> {
    if !erased.is_empty() {
        sqlx::query!(
            "update timeline
             set params = params - $2::text
             where account_id = any($1)
               and params ? $2",
            erased,
            params::REASON,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}
