//! Read model `crm_timeline`, table `crm.timeline`.

use async_trait::async_trait;
use domain::accounts::AccountEvent;
use domain::{AccountId, ContextName, Event, RecordedEvent};
use jiff_sqlx::ToSqlx;
use projection_runtime::{ApplyError, ReadModel};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::audiences::{self, NewTimelineEntry, TimelineAudiences};
use super::{messaging, notifications, params, scheduling, support};
use crate::accounts::account_id;

/// Maintains `crm.timeline`.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimelineReadModel;

#[async_trait]
impl ReadModel for TimelineReadModel {
    fn name(&self) -> &'static str {
        "crm_timeline"
    }

    fn version(&self) -> i32 {
        6
    }

    fn tables(&self) -> &'static [&'static str] {
        &["crm.timeline", "crm.timeline_casts"]
    }

    fn read_indexes(&self) -> &'static [&'static str] {
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
                | ContextName::Support
                | ContextName::Video,
            ) => true,
            None => false,
        }
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let mut audiences = audiences::load(db, scheduling::affected_streams(events)?).await?;
        let mut rows = NewTimelineRows::default();
        let mut erased = ErasedPeople::default();
        for recorded in events {
            for NewTimelineEntry { person, params } in entries_for(recorded, &mut audiences)? {
                rows.push(recorded, person, params);
            }
            if let Event::Account(AccountEvent::AccountErased { account_id, .. }) = &recorded.event {
                erased.ids.push(account_id.uuid());
                erased.positions.push(recorded.position.to_bigint());
            }
        }
        rows.insert(db).await?;
        audiences::save(audiences, db).await?;
        erased.erase_reasons(db).await
    }
}

/// Returns the timeline entries of an event, with the parameters of the sentence.
fn entries_for(
    recorded: &RecordedEvent,
    audiences: &mut TimelineAudiences,
) -> Result<Vec<NewTimelineEntry>, ApplyError> {
    let (person, params) = match &recorded.event {
        Event::Account(event) => (account_id(recorded)?, params::account_params(event)),
        Event::CrmLink(event) => (account_id(recorded)?, params::crm_link_params(event)),
        Event::Ticket(event) => return Ok(support::entries_for(recorded, event)),
        Event::Inbox(event) => (account_id(recorded)?, notifications::inbox_params(event)),
        Event::Conversation(event) => return Ok(messaging::entries_for(recorded, event)),
        Event::Slot(_)
        | Event::Series(_)
        | Event::Request(_)
        | Event::Waitlist(_)
        | Event::Class(_)
        | Event::Video(_) => {
            return scheduling::entries_for(recorded, audiences);
        }
    };
    Ok(vec![NewTimelineEntry { person, params }])
}

/// Rows to insert, column by column, as arrays for `unnest`.
#[derive(Default)]
struct NewTimelineRows {
    positions: Vec<i64>,
    people: Vec<Uuid>,
    instants: Vec<jiff_sqlx::Timestamp>,
    types: Vec<String>,
    params: Vec<Value>,
}

impl NewTimelineRows {
    fn push(&mut self, recorded: &RecordedEvent, person: AccountId, params: Value) {
        self.positions.push(recorded.position.to_bigint());
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

/// Erased people, with the positions of the erasures.
#[derive(Default)]
struct ErasedPeople {
    ids: Vec<Uuid>,
    positions: Vec<i64>,
}

impl ErasedPeople {
    /// Erases the reasons that staff wrote about an erased person. Also erases the reasons that the person
    /// wrote, in all timelines. Only entries before the erasure change, so that the size of batches does not
    /// matter.
    async fn erase_reasons(self, db: &mut PgConnection) -> Result<(), ApplyError> {
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
