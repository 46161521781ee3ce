//! Read model `live_feed`, table `app.live_feed`: the recipients of every event.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::accounts::AccountEvent;
use domain::{ContextName, Event, RecordedEvent};
use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};
use jiff_sqlx::ToSqlx;
use projection_runtime::{ApplyError, ReadModel};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::audiences::{self, FeedAudiences};
use super::participants::FeedParticipants;
use super::recipients::{FeedRecipients, snake_case};
use super::{account, lessons, notifications, scheduling, tickets};
use crate::audience_cache::{StreamKey, stream_key, stream_uuid};

/// Time after an event during which a client can resume from it.
pub const RESUMABLE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Time until a row is pruned. It is longer than [`RESUMABLE`], so that no row disappears during a resume.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 31);

/// Read model that writes `app.live_feed`.
#[derive(Clone, Copy, Debug, Default)]
pub struct LiveFeedReadModel;

impl LiveFeedReadModel {
    pub const NAME: &str = "live_feed";
}

#[async_trait]
impl ReadModel for LiveFeedReadModel {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.live_feed", "app.live_casts", "app.live_talks", "app.live_gone"]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        match ContextName::of_aggregate(aggregate_type) {
            Some(
                ContextName::Accounts
                | ContextName::Messaging
                | ContextName::Notifications
                | ContextName::Scheduling
                | ContextName::Support,
            ) => true,
            // Events of the link to the external CRM concern no person. The lesson room tells its participants.
            Some(ContextName::Crm | ContextName::Video) | None => false,
        }
    }

    /// Returns true because live sockets wait for the rows.
    fn is_urgent(&self) -> bool {
        true
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        self.apply_in_rebuild(db, events, Timestamp::MIN).await
    }

    async fn apply_in_rebuild(
        &self,
        db: &mut PgConnection,
        events: &[RecordedEvent],
        end: Timestamp,
    ) -> Result<(), ApplyError> {
        let (streams, conversations) = affected_streams(events)?;
        let mut audiences = audiences::load(db, streams).await?;
        let mut participants = FeedParticipants::load(db, &conversations).await?;
        let mut rows = NewFeedRows::default();
        let retained = retained_since(end);
        for recorded in events {
            let recipients =
                recipients_of(&stream_key(recorded)?, &recorded.event, &mut audiences, &mut participants);
            if recorded.recorded_at >= retained {
                rows.push(recorded, recipients);
            }
        }
        rows.insert(db).await?;
        audiences::save(audiences, db).await?;
        participants.save(db).await?;
        delete_erased(db, events).await
    }
}

/// Returns the streams whose audiences these events need, and the conversations.
fn affected_streams(
    events: &[RecordedEvent],
) -> Result<(BTreeSet<StreamKey>, BTreeSet<domain::ConversationId>), ApplyError> {
    let (mut streams, mut conversations) = (BTreeSet::new(), BTreeSet::new());
    for recorded in events {
        match &recorded.event {
            Event::Slot(_)
            | Event::Series(_)
            | Event::Request(_)
            | Event::Waitlist(_)
            | Event::Class(_)
            | Event::Ticket(_) => {
                streams.insert(stream_key(recorded)?);
            }
            Event::Conversation(_) => {
                conversations.insert(stream_uuid(recorded)?.into());
            }
            Event::Account(_) | Event::CrmLink(_) | Event::Inbox(_) | Event::Video(_) => {}
        }
    }
    Ok((streams, conversations))
}

/// Returns the recipients of an event; no other code decides this.
pub(super) fn recipients_of(
    key: &StreamKey,
    event: &Event,
    audiences: &mut FeedAudiences,
    participants: &mut FeedParticipants,
) -> FeedRecipients {
    match event {
        Event::Account(event) => account::recipients_of(key.1.into(), event),
        Event::Slot(event) => lessons::recipients_of(audiences, key, event),
        Event::Series(event) => scheduling::recipients_of_series_event(audiences, key, event),
        Event::Request(event) => scheduling::recipients_of_request_event(audiences, key, event),
        Event::Waitlist(event) => scheduling::recipients_of_waitlist_event(audiences, key, event),
        Event::Class(event) => scheduling::recipients_of_class_event(audiences, key, event),
        Event::Conversation(event) => participants.recipients_of(key.1.into(), event),
        Event::Ticket(event) => tickets::recipients_of(audiences, key, event),
        Event::Inbox(event) => notifications::recipients_of(key.1.into(), event),
        Event::CrmLink(_) | Event::Video(_) => FeedRecipients::none(),
    }
}

/// Rows to insert, column by column, as parameters of `unnest`.
#[derive(Default)]
struct NewFeedRows {
    people: Vec<Uuid>,
    positions: Vec<i64>,
    instants: Vec<jiff_sqlx::Timestamp>,
    types: Vec<String>,
    data: Vec<Value>,
}

impl NewFeedRows {
    fn push(&mut self, recorded: &RecordedEvent, recipients: FeedRecipients) {
        for (person, data) in recipients.0 {
            self.people.push(person.uuid());
            self.positions.push(recorded.position.to_bigint());
            self.instants.push(recorded.recorded_at.to_sqlx());
            self.types.push(snake_case(&recorded.event.event_type()));
            self.data.push(serde_json::to_value(data).expect("ids and codes can be written as JSON"));
        }
    }

    /// Inserts the rows, and prunes expired rows in the same statement.
    async fn insert(self, db: &mut PgConnection) -> Result<(), ApplyError> {
        let Some(last) = self.instants.last() else { return Ok(()) };
        sqlx::query_file!(
            "src/live/feed/insert.sql",
            &self.people,
            &self.positions,
            &self.instants as _,
            &self.types,
            &self.data,
            retained_since(last.to_jiff()).to_sqlx() as _,
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Returns the time before which rows are pruned.
///
/// It follows from times of the log alone, so a rebuild with other batches keeps the same rows.
/// It is rounded down to the full hour, so that rows are seldom pruned.
fn retained_since(last: Timestamp) -> Timestamp {
    let hour = last.round(TimestampRound::new().smallest(Unit::Hour).mode(RoundMode::Floor));
    hour.and_then(|hour| hour.checked_sub(RETENTION)).unwrap_or(Timestamp::MIN)
}

/// Deletes the feeds of erased persons, except the row that ends their sockets.
async fn delete_erased(db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
    let (mut people, mut positions) = (Vec::new(), Vec::new());
    for recorded in events {
        if let Event::Account(AccountEvent::AccountErased { account_id, .. }) = &recorded.event {
            people.push(account_id.uuid());
            positions.push(recorded.position.to_bigint());
        }
    }
    if people.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "delete from live_feed
         using unnest($1::uuid[], $2::bigint[]) as gone (account_id, position)
         where live_feed.account_id = gone.account_id
           and live_feed.position <> gone.position",
        &people,
        &positions,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("insert into live_gone (account_id) select * from unnest($1::uuid[])", &people)
        .execute(db)
        .await?;
    Ok(())
}
