//! Audiences of scheduling streams, stored from event to event.

use std::collections::BTreeSet;

use domain::{AccountId, SlotId};
use jiff::Timestamp;
use projection_runtime::ApplyError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audience_cache::{AudienceRows, StreamKey};
use crate::scheduling::LessonAudience;

/// Timeline entry to insert.
pub(super) struct NewTimelineEntry {
    pub person: AccountId,
    pub params: Value,
}

/// Audience of a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum TimelineAudience {
    Lesson(TimelineLesson),
    #[serde(rename = "waiting")]
    WaitlistEntry {
        slot_id: SlotId,
        student: AccountId,
    },
    Request(TimelineRequestAudience),
    Class {
        teacher: AccountId,
        subject: String,
        members: BTreeSet<AccountId>,
    },
    Series {
        teacher: AccountId,
        subject: String,
    },
}

/// Slot with its people, and the facts that every entry about it has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TimelineLesson {
    pub subject: String,
    pub starts_at: Timestamp,
    pub zone: String,
    #[serde(flatten)]
    pub people: LessonAudience,
}

/// Lesson request, and the teachers who were asked and have not declined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TimelineRequestAudience {
    pub student: AccountId,
    pub subject: String,
    pub starts_at: Timestamp,
    pub asked: BTreeSet<AccountId>,
}

/// Party of the lesson that a person belongs to, for the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Side {
    Teacher,
    Student,
}

impl NewTimelineEntry {
    /// Returns an entry for `person`. `with` is the other person, whose name the sentence contains.
    pub(super) fn new(
        person: AccountId,
        side: Side,
        with: Option<AccountId>,
        about: Value,
        more: &Value,
    ) -> Self {
        let mut params = about;
        params["part"] = json!(side);
        if let Some(with) = with {
            params["with"] = json!(with);
        }
        for (name, value) in more.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            params[name] = value.clone();
        }
        Self { person, params }
    }
}

impl TimelineLesson {
    /// Returns the parameters that every entry about the lesson has.
    pub(super) fn to_params(&self, slot_id: SlotId) -> Value {
        json!({
            "slot_id": slot_id, "subject": self.subject, "starts_at": self.starts_at, "zone": self.zone,
        })
    }
}

/// Audiences of the streams of a batch.
pub(super) type TimelineAudiences = crate::audience_cache::AudienceCache<TimelineAudience>;

/// Loads the audiences of these streams and of the slots that their waitlist entries refer to.
pub(super) async fn load(
    db: &mut PgConnection,
    streams: BTreeSet<StreamKey>,
) -> Result<TimelineAudiences, ApplyError> {
    let mut audiences = TimelineAudiences::default();
    load_into(&mut audiences, db, streams).await?;
    let slot_of_entry = |audience: &TimelineAudience| match audience {
        TimelineAudience::WaitlistEntry { slot_id, .. } => Some(("Slot".to_owned(), slot_id.uuid())),
        TimelineAudience::Lesson(_)
        | TimelineAudience::Request(_)
        | TimelineAudience::Class { .. }
        | TimelineAudience::Series { .. } => None,
    };
    let slots = audiences.audiences().values().filter_map(slot_of_entry);
    let slots = slots.filter(|slot| !audiences.audiences().contains_key(slot)).collect();
    load_into(&mut audiences, db, slots).await?;
    Ok(audiences)
}

async fn load_into(
    audiences: &mut TimelineAudiences,
    db: &mut PgConnection,
    streams: BTreeSet<StreamKey>,
) -> Result<(), ApplyError> {
    if streams.is_empty() {
        return Ok(());
    }
    let (types, ids): (Vec<String>, Vec<Uuid>) = streams.into_iter().unzip();
    let rows = sqlx::query!(
        "select aggregate_type, aggregate_id, people
         from timeline_casts
         where (aggregate_type, aggregate_id) in (select * from unnest($1::text[], $2::uuid[]))",
        &types,
        &ids,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .try_for_each(|row| audiences.insert_stored((row.aggregate_type, row.aggregate_id), row.people))
}

pub(super) async fn save(audiences: TimelineAudiences, db: &mut PgConnection) -> Result<(), ApplyError> {
    let AudienceRows { types, ids, audiences } = audiences.into_changed_rows();
    if types.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into timeline_casts (aggregate_type, aggregate_id, people)
         select * from unnest($1::text[], $2::uuid[], $3::jsonb[])
         on conflict (aggregate_type, aggregate_id) do update set people = excluded.people",
        &types,
        &ids,
        &audiences,
    )
    .execute(db)
    .await?;
    Ok(())
}
