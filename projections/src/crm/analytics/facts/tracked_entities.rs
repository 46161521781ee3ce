//! Stored states of the entities of a batch, read once before it and written once after it.

use std::collections::{HashMap, HashSet};

use domain::Event;
use domain::RecordedEvent;
use domain::messaging::ConversationEvent;
use domain::scheduling::SeatChange;
use projection_runtime::ApplyError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use uuid::Uuid;

use super::conversations::{self, ConversationFacts};
use super::fact_recorder::Tracked;
use super::people::{self, PersonFacts};
use super::requests::{self, LessonRequestFacts};
use super::slots::{self, SlotFacts};
use super::tickets::{self, TicketFacts};

#[derive(Default)]
pub(super) struct TrackedEntities {
    pub people: HashMap<Uuid, Tracked<PersonFacts>>,
    pub slots: HashMap<Uuid, Tracked<SlotFacts>>,
    pub tickets: HashMap<Uuid, Tracked<TicketFacts>>,
    pub requests: HashMap<Uuid, Tracked<LessonRequestFacts>>,
    pub conversations: HashMap<Uuid, Tracked<ConversationFacts>>,
}

type EntityKeys = HashSet<(&'static str, Uuid)>;

impl TrackedEntities {
    /// Loads the known entities whose facts these events may change.
    pub async fn load_for(db: &mut PgConnection, events: &[RecordedEvent]) -> Result<Self, ApplyError> {
        let mut states = Self::default();
        states.load(db, &affected_entities(events)?).await?;
        // A lesson counts for its students, whom its events do not always name.
        let seated: EntityKeys = states
            .slots
            .values()
            .flat_map(Tracked::<SlotFacts>::students)
            .filter(|student| !states.people.contains_key(student))
            .map(|student| (people::ENTITY, student))
            .collect();
        states.load(db, &seated).await?;
        Ok(states)
    }

    async fn load(&mut self, db: &mut PgConnection, keys: &EntityKeys) -> Result<(), ApplyError> {
        if keys.is_empty() {
            return Ok(());
        }
        let (types, ids): (Vec<&str>, Vec<Uuid>) = keys.iter().copied().unzip();
        let rows = sqlx::query!(
            "select entity_type, entity_id, state
             from fact_states
             join unnest($1::text[], $2::uuid[]) as wanted (entity_type, entity_id)
               using (entity_type, entity_id)",
            &types as _,
            &ids,
        )
        .fetch_all(db)
        .await?;
        for row in rows {
            let (id, state) = (row.entity_id, row.state.as_str());
            match row.entity_type.as_str() {
                people::ENTITY => insert_state(&mut self.people, id, state)?,
                slots::ENTITY => insert_state(&mut self.slots, id, state)?,
                tickets::ENTITY => insert_state(&mut self.tickets, id, state)?,
                requests::ENTITY => insert_state(&mut self.requests, id, state)?,
                _ => insert_state(&mut self.conversations, id, state)?,
            }
        }
        Ok(())
    }

    /// Writes the changed entities.
    pub async fn save(&self, db: &mut PgConnection) -> Result<(), ApplyError> {
        let mut rows = StateRows::default();
        rows.push_changed(people::ENTITY, &self.people);
        rows.push_changed(slots::ENTITY, &self.slots);
        rows.push_changed(tickets::ENTITY, &self.tickets);
        rows.push_changed(requests::ENTITY, &self.requests);
        rows.push_changed(conversations::ENTITY, &self.conversations);
        if rows.ids.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "insert into fact_states (entity_type, entity_id, state)
             select *
             from unnest($1::text[], $2::uuid[], $3::text[])
             on conflict (entity_id, entity_type) do update
             set state = excluded.state",
            &rows.types as _,
            &rows.ids,
            &rows.states,
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Returns the states that the events need: of the entity, the actor, and the students with a seat.
fn affected_entities(events: &[RecordedEvent]) -> Result<EntityKeys, ApplyError> {
    let mut keys = EntityKeys::new();
    for recorded in events {
        if let Some(actor) = recorded.metadata.actor.account() {
            keys.insert((people::ENTITY, actor.uuid()));
        }
        let own = match &recorded.event {
            Event::Account(_) => people::ENTITY,
            Event::Slot(event) if slots::can_change_facts(event) => {
                if let Some(SeatChange::Taken { student, .. }) = event.effects().seat {
                    keys.insert((people::ENTITY, student.uuid()));
                }
                slots::ENTITY
            }
            Event::Ticket(_) => tickets::ENTITY,
            Event::Request(_) => requests::ENTITY,
            Event::Conversation(ConversationEvent::MessageSent { .. }) => conversations::ENTITY,
            Event::Slot(_)
            | Event::Conversation(_)
            | Event::CrmLink(_)
            | Event::Inbox(_)
            | Event::Series(_)
            | Event::Waitlist(_)
            | Event::Class(_)
            | Event::Video(_) => continue,
        };
        keys.insert((own, entity_id(recorded)?));
    }
    Ok(keys)
}

/// Returns the id of the stream's entity.
pub(super) fn entity_id(recorded: &RecordedEvent) -> Result<Uuid, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is no id of an entity".to_owned(),
    })
}

fn insert_state<S: DeserializeOwned>(
    states: &mut HashMap<Uuid, Tracked<S>>,
    id: Uuid,
    state: &str,
) -> Result<(), ApplyError> {
    let tracked = serde_json::from_str(state).map_err(|error| sqlx::Error::Decode(error.into()))?;
    states.insert(id, tracked);
    Ok(())
}

/// States, column by column, as arrays for `unnest`.
#[derive(Default)]
struct StateRows {
    types: Vec<&'static str>,
    ids: Vec<Uuid>,
    states: Vec<String>,
}

impl StateRows {
    fn push_changed<S: Serialize>(&mut self, entity: &'static str, states: &HashMap<Uuid, Tracked<S>>) {
        for (id, tracked) in states.iter().filter(|(_, tracked)| tracked.changed) {
            self.types.push(entity);
            self.ids.push(*id);
            self.states.push(serde_json::to_string(tracked).expect("a state serializes to JSON"));
        }
    }
}
