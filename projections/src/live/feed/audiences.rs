//! Audiences of the streams of scheduling and support, computed from their earlier events.

use std::collections::BTreeSet;

use domain::{AccountId, SlotId};
use projection_runtime::ApplyError;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audience_cache::{AudienceRows, StreamKey};
use crate::scheduling::LessonAudience;

/// People whom the events of a stream concern now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum FeedAudience {
    Lesson(LessonAudience),
    Request {
        student: AccountId,
        asked: BTreeSet<AccountId>,
    },
    #[serde(rename = "waiting")]
    WaitlistEntry {
        slot_id: SlotId,
        student: AccountId,
    },
    Class {
        teacher: AccountId,
        members: BTreeSet<AccountId>,
    },
    Series {
        teacher: AccountId,
    },
    Ticket {
        agent: Option<AccountId>,
    },
}

/// Audiences of the streams of a batch.
pub(super) type FeedAudiences = crate::audience_cache::AudienceCache<FeedAudience>;

pub(super) async fn load(
    db: &mut PgConnection,
    streams: BTreeSet<StreamKey>,
) -> Result<FeedAudiences, ApplyError> {
    let mut audiences = FeedAudiences::default();
    if streams.is_empty() {
        return Ok(audiences);
    }
    let (types, ids): (Vec<String>, Vec<Uuid>) = streams.into_iter().unzip();
    let rows = sqlx::query!(
        "select aggregate_type, aggregate_id, people
         from live_casts
         where (aggregate_type, aggregate_id) in (select * from unnest($1::text[], $2::uuid[]))",
        &types,
        &ids,
    )
    .fetch_all(db)
    .await?;
    for row in rows {
        audiences.insert_stored((row.aggregate_type, row.aggregate_id), row.people)?;
    }
    Ok(audiences)
}

pub(super) async fn save(audiences: FeedAudiences, db: &mut PgConnection) -> Result<(), ApplyError> {
    let AudienceRows { types, ids, audiences } = audiences.into_changed_rows();
    if types.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into live_casts (aggregate_type, aggregate_id, people)
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
