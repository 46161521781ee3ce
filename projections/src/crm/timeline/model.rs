//! The read model `crm_timeline`, table `crm.timeline`.

use async_trait::async_trait;
use domain::accounts::AccountEvent;
use domain::{AccountId, ContextName, Event, Recorded};
use jiff_sqlx::ToSqlx;
use projection_runtime::{ApplyError, ReadModel};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::cast::{self, Casts, Line};
use super::{messaging, notifications, params, scheduling, support};
use crate::accounts::account_id;

/// Keeps `crm.timeline`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timeline;

#[async_trait]
impl ReadModel for Timeline {
    fn name(&self) -> &'static str {
        "crm_timeline"
    }

    fn version(&self) -> i32 {
        5
    }

    fn tables(&self) -> &'static [&'static str] {
        &["crm.timeline", "crm.timeline_casts"]
    }

    fn indexes_for_readers(&self) -> &'static [&'static str] {
        &["timeline (position)"]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        match ContextName::of_aggregate(aggregate_type) {
            Some(
                ContextName::Accounts
                | ContextName::Crm
                | ContextName::Messaging
                | ContextName::Notifications
                | ContextName::Scheduling
                | ContextName::Support,
            ) => true,
            None => false,
        }
    }

    async fn apply(&self, db: &mut PgConnection, events: &[Recorded]) -> Result<(), ApplyError> {
        let mut casts = cast::load(db, scheduling::streams(events)?).await?;
        let mut lines = Lines::default();
        let mut erased = Erased::default();
        for recorded in events {
            for Line { person, params } in told(recorded, &mut casts)? {
                lines.push(recorded, person, params);
            }
            if let Event::Account(AccountEvent::AccountErased { account_id, .. }) = &recorded.event {
                erased.ids.push(account_id.uuid());
                erased.positions.push(recorded.position.cast_signed());
            }
        }
        lines.insert(db).await?;
        cast::save(casts, db).await?;
        erased.forget_reasons(db).await
    }
}

/// Whose event it is, and what the sentence needs.
fn told(recorded: &Recorded, casts: &mut Casts) -> Result<Vec<Line>, ApplyError> {
    let (person, params) = match &recorded.event {
        Event::Account(event) => (account_id(recorded)?, params::of_account(event)),
        Event::CrmLink(event) => (account_id(recorded)?, params::of_crm_link(event)),
        Event::Ticket(event) => return Ok(support::lines(recorded, event)),
        Event::Inbox(event) => (account_id(recorded)?, notifications::params(event)),
        Event::Conversation(event) => return Ok(messaging::lines(recorded, event)),
        Event::Slot(_) | Event::Series(_) | Event::Request(_) | Event::Waitlist(_) | Event::Class(_) => {
            return scheduling::lines(recorded, casts);
        }
    };
    Ok(vec![Line { person, params }])
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

/// Who was erased, and where.
#[derive(Default)]
struct Erased {
    ids: Vec<Uuid>,
    positions: Vec<i64>,
}

impl Erased {
    /// What staff wrote about a person goes with the person, and so does what the person wrote, in
    /// everybody's timeline; up to the erasure, so that it does not matter how events are batched.
    async fn forget_reasons(self, db: &mut PgConnection) -> Result<(), ApplyError> {
        if self.ids.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "update timeline
             set params = params - $3::text - $4::text
             from unnest($1::uuid[], $2::bigint[]) as gone (id, position)
             where timeline.account_id = gone.id
               and timeline.position < gone.position
               and params ? $3",
            &self.ids,
            &self.positions,
            params::REASON,
            params::AUTHOR,
        )
        .execute(&mut *db)
        .await?;
        sqlx::query!(
            "update timeline
             set params = params - $3::text - 'author'
             from unnest($1::uuid[], $2::bigint[]) as gone (id, position)
             where params ? 'author'
               and params ->> 'author' = gone.id::text
               and timeline.position < gone.position",
            &self.ids,
            &self.positions,
            params::REASON,
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
