//! Whom the events of a stream of scheduling concern: the streams' own words, kept from event to event.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{AccountId, BookingId, HoldId, Recorded, SlotId, WaitlistEntryId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::read_model::ApplyError;

/// A line of somebody's timeline.
pub(super) struct Line {
    pub person: AccountId,
    pub params: Value,
}

/// Who takes part in a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Cast {
    Lesson(LessonCast),
    Waiting { slot_id: SlotId, student: AccountId },
    Request(RequestCast),
    Class { teacher: AccountId, subject: String, members: BTreeSet<AccountId> },
    Series { teacher: AccountId, subject: String },
}

/// A slot, and who is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct LessonCast {
    pub teacher: AccountId,
    pub subject: String,
    pub starts_at: Timestamp,
    pub zone: String,
    pub seated: BTreeMap<BookingId, AccountId>,
    pub holds: BTreeMap<HoldId, Held>,
    pub line: BTreeMap<WaitlistEntryId, AccountId>,
}

/// Who holds a seat, and whether it was offered to the line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Held {
    pub student: AccountId,
    pub offered: bool,
}

/// A request, and the teachers who were asked and have not declined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RequestCast {
    pub student: AccountId,
    pub subject: String,
    pub starts_at: Timestamp,
    pub asked: BTreeSet<AccountId>,
}

/// Which side of it a person is on, for the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    Teacher,
    Student,
}

impl Line {
    /// `with` is the other person, by whose name the sentence calls them.
    pub(super) fn new(
        person: AccountId,
        part: Part,
        with: Option<AccountId>,
        about: Value,
        more: &Value,
    ) -> Self {
        let mut params = about;
        params["part"] = json!(part);
        if let Some(with) = with {
            params["with"] = json!(with);
        }
        for (name, value) in more.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            params[name] = value.clone();
        }
        Self { person, params }
    }
}

impl LessonCast {
    /// What every line about the lesson says.
    pub(super) fn about(&self, slot_id: SlotId) -> Value {
        json!({
            "slot_id": slot_id, "subject": self.subject, "starts_at": self.starts_at, "zone": self.zone,
        })
    }
}

/// Casts of the streams of a batch.
#[derive(Default)]
pub(super) struct Casts {
    known: HashMap<(String, Uuid), Cast>,
    changed: BTreeSet<(String, Uuid)>,
}

impl Casts {
    /// Those of these streams, and of the slots that people in them wait for.
    pub(super) async fn load(
        db: &mut PgConnection,
        streams: BTreeSet<(String, Uuid)>,
    ) -> Result<Self, ApplyError> {
        let mut casts = Self::default();
        casts.read(db, streams).await?;
        let waited_for = |cast: &Cast| match cast {
            Cast::Waiting { slot_id, .. } => Some(("Slot".to_owned(), slot_id.uuid())),
            Cast::Lesson(_) | Cast::Request(_) | Cast::Class { .. } | Cast::Series { .. } => None,
        };
        let slots: BTreeSet<_> = casts
            .known
            .values()
            .filter_map(waited_for)
            .filter(|slot| !casts.known.contains_key(slot))
            .collect();
        casts.read(db, slots).await?;
        Ok(casts)
    }

    async fn read(
        &mut self,
        db: &mut PgConnection,
        streams: BTreeSet<(String, Uuid)>,
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
        for row in rows {
            let cast = serde_json::from_value(row.people).map_err(|error| ApplyError::Poison {
                position: 0,
                reason: format!(
                    "the cast of {}/{} can not be read: {error}",
                    row.aggregate_type, row.aggregate_id
                ),
            })?;
            self.known.insert((row.aggregate_type, row.aggregate_id), cast);
        }
        Ok(())
    }

    pub(super) fn get(&self, key: &(String, Uuid)) -> Option<&Cast> {
        self.known.get(key)
    }

    /// The cast, to be changed.
    pub(super) fn change(&mut self, key: &(String, Uuid)) -> Option<&mut Cast> {
        let cast = self.known.get_mut(key)?;
        self.changed.insert(key.clone());
        Some(cast)
    }

    pub(super) fn begin(&mut self, key: (String, Uuid), cast: Cast) {
        self.changed.insert(key.clone());
        self.known.insert(key, cast);
    }

    pub(super) async fn save(self, db: &mut PgConnection) -> Result<(), ApplyError> {
        let mut known = self.known;
        let (mut types, mut ids, mut people) = (Vec::new(), Vec::new(), Vec::new());
        for key in self.changed {
            let Some(cast) = known.remove(&key) else { continue };
            people.push(serde_json::to_value(cast).expect("a cast is plain data"));
            types.push(key.0);
            ids.push(key.1);
        }
        if types.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "insert into timeline_casts (aggregate_type, aggregate_id, people)
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

/// The stream of an event, as casts are found by it.
pub(super) fn key_of(recorded: &Recorded) -> Result<(String, Uuid), ApplyError> {
    let id = recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is no UUID".to_owned(),
    })?;
    Ok((recorded.stream.aggregate_type.clone(), id))
}
