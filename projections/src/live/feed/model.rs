//! The read model `live_feed`, table `app.live_feed`: whom every event concerns.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::accounts::AccountEvent;
use domain::{ContextName, Event, Recorded};
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

/// How long after it happened something can be resumed from.
pub const RESUMABLE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long a row stays; longer, so that none goes under somebody who just reads it.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 31);

/// Keeps `app.live_feed`.
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
        1
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
            // Between the school and its CRM: no person's business.
            Some(ContextName::Crm) | None => false,
        }
    }

    /// Sockets wait for it.
    fn is_urgent(&self) -> bool {
        true
    }

    async fn apply(&self, db: &mut PgConnection, events: &[Recorded]) -> Result<(), ApplyError> {
        self.apply_in_rebuild(db, events, Timestamp::MIN).await
    }

    async fn apply_in_rebuild(
        &self,
        db: &mut PgConnection,
        events: &[Recorded],
        end: Timestamp,
    ) -> Result<(), ApplyError> {
        let (streams, conversations) = affected_streams(events)?;
        let mut audiences = audiences::load(db, streams).await?;
        let mut participants = FeedParticipants::load(db, &conversations).await?;
        let mut rows = NewFeedRows::default();
        let retained = retained_since(end);
        for recorded in events {
            let recipients = recipients_of_event(recorded, &mut audiences, &mut participants)?;
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

/// The streams whose audiences these events need, and the conversations.
fn affected_streams(
    events: &[Recorded],
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
            Event::Account(_) | Event::CrmLink(_) | Event::Inbox(_) => {}
        }
    }
    Ok((streams, conversations))
}

/// Who is told of an event is decided here and nowhere else.
fn recipients_of_event(
    recorded: &Recorded,
    audiences: &mut FeedAudiences,
    participants: &mut FeedParticipants,
) -> Result<FeedRecipients, ApplyError> {
    let key = stream_key(recorded)?;
    Ok(match &recorded.event {
        Event::Account(event) => account::recipients_of(key.1.into(), event),
        Event::Slot(event) => lessons::recipients_of(audiences, &key, event),
        Event::Series(event) => scheduling::recipients_of_series_event(audiences, &key, event),
        Event::Request(event) => scheduling::recipients_of_request_event(audiences, &key, event),
        Event::Waitlist(event) => scheduling::recipients_of_waitlist_event(audiences, &key, event),
        Event::Class(event) => scheduling::recipients_of_class_event(audiences, &key, event),
        Event::Conversation(event) => participants.recipients_of(key.1.into(), event),
        Event::Ticket(event) => tickets::recipients_of(audiences, &key, event),
        Event::Inbox(event) => notifications::recipients_of(key.1.into(), event),
        Event::CrmLink(_) => FeedRecipients::none(),
    })
}

/// Rows to insert, column by column, as `unnest` takes them.
#[derive(Default)]
struct NewFeedRows {
    people: Vec<Uuid>,
    positions: Vec<i64>,
    instants: Vec<jiff_sqlx::Timestamp>,
    types: Vec<String>,
    data: Vec<Value>,
}

impl NewFeedRows {
    fn push(&mut self, recorded: &Recorded, recipients: FeedRecipients) {
        for (person, data) in recipients.0 {
            self.people.push(person.uuid());
            self.positions.push(recorded.position.cast_signed());
            self.instants.push(recorded.recorded_at.to_sqlx());
            self.types.push(snake_case(&recorded.event.event_type()));
            self.data.push(data);
        }
    }

    /// Takes away, in the same step, what nobody can resume from any more.
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

/// Only instants of the log count, so that the same rows are left whenever and in whatever batches they are made;
/// and only its full hours, so that there is seldom something to take away.
fn retained_since(last: Timestamp) -> Timestamp {
    let hour = last.round(TimestampRound::new().smallest(Unit::Hour).mode(RoundMode::Floor));
    hour.and_then(|hour| hour.checked_sub(RETENTION)).unwrap_or(Timestamp::MIN)
}

/// An erased person has no feed any more, but the one line that ends their sockets.
async fn delete_erased(db: &mut PgConnection, events: &[Recorded]) -> Result<(), ApplyError> {
    let (mut people, mut positions) = (Vec::new(), Vec::new());
    for recorded in events {
        if let Event::Account(AccountEvent::AccountErased { account_id, .. }) = &recorded.event {
            people.push(account_id.uuid());
            positions.push(recorded.position.cast_signed());
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
