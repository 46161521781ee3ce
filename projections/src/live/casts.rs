//! Whom the events of a stream of scheduling concern: what its earlier events said of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{AccountId, BookingId, HoldId, Recorded, SlotId, WaitlistEntryId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::read_model::ApplyError;

/// The stream of an event, as casts are found by it.
pub(super) type Key = (String, Uuid);

/// Who has to do with a stream now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Cast {
    Lesson(LessonCast),
    Request { student: AccountId, asked: BTreeSet<AccountId> },
    Waiting { slot_id: SlotId, student: AccountId },
    Class { teacher: AccountId, members: BTreeSet<AccountId> },
    Series { teacher: AccountId },
    Ticket { agent: Option<AccountId> },
}

/// A slot: its teacher, who sits in it, who keeps a seat, who stands in line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct LessonCast {
    pub teacher: AccountId,
    pub seated: BTreeMap<BookingId, AccountId>,
    pub holds: BTreeMap<HoldId, AccountId>,
    pub line: BTreeMap<WaitlistEntryId, AccountId>,
}

/// Casts of the streams of a batch.
#[derive(Default)]
pub(super) struct Casts {
    known: HashMap<Key, Cast>,
    changed: BTreeSet<Key>,
}

impl Casts {
    pub(super) async fn load(db: &mut PgConnection, streams: BTreeSet<Key>) -> Result<Self, ApplyError> {
        let mut casts = Self::default();
        if streams.is_empty() {
            return Ok(casts);
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
            let cast = serde_json::from_value(row.people).map_err(|error| ApplyError::Poison {
                position: 0,
                reason: format!(
                    "the cast of {}/{} can not be read: {error}",
                    row.aggregate_type, row.aggregate_id
                ),
            })?;
            casts.known.insert((row.aggregate_type, row.aggregate_id), cast);
        }
        Ok(casts)
    }

    /// The cast, to be changed.
    pub(super) fn of(&mut self, key: &Key) -> Option<&mut Cast> {
        let cast = self.known.get_mut(key)?;
        self.changed.insert(key.clone());
        Some(cast)
    }

    pub(super) fn begin(&mut self, key: &Key, cast: Cast) {
        self.changed.insert(key.clone());
        self.known.insert(key.clone(), cast);
    }

    pub(super) async fn save(mut self, db: &mut PgConnection) -> Result<(), ApplyError> {
        let (mut types, mut ids, mut people) = (Vec::new(), Vec::new(), Vec::new());
        for key in self.changed {
            let Some(cast) = self.known.remove(&key) else { continue };
            people.push(serde_json::to_value(cast).expect("a cast is plain data"));
            types.push(key.0);
            ids.push(key.1);
        }
        if types.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "insert into live_casts (aggregate_type, aggregate_id, people)
             select * from unnest($1::text[], $2::uuid[], $3::jsonb[])
             on conflict (aggregate_type, aggregate_id) do update set people = excluded.people",
            &types,
            &ids,
            &people,
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

pub(super) fn key_of(recorded: &Recorded) -> Result<Key, ApplyError> {
    Ok((recorded.stream.aggregate_type.clone(), uuid_of(recorded)?))
}

pub(super) fn uuid_of(recorded: &Recorded) -> Result<Uuid, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is no UUID".to_owned(),
    })
}
