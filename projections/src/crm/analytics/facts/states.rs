//! What the fold remembers of the entities of a batch: read once before it, written once after it.

use std::collections::{HashMap, HashSet};

use domain::Event;
use domain::Recorded;
use domain::messaging::ConversationEvent;
use domain::scheduling::SlotEvent;
use projection_runtime::ApplyError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use uuid::Uuid;

use super::conversations::{self, Conversation};
use super::ledger::Kept;
use super::people::{self, Person};
use super::requests::{self, Request};
use super::slots::{self, Slot};
use super::tickets::{self, Case};

#[derive(Default)]
pub(super) struct States {
    pub people: HashMap<Uuid, Kept<Person>>,
    pub slots: HashMap<Uuid, Kept<Slot>>,
    pub tickets: HashMap<Uuid, Kept<Case>>,
    pub requests: HashMap<Uuid, Kept<Request>>,
    pub conversations: HashMap<Uuid, Kept<Conversation>>,
}

type Wanted = HashSet<(&'static str, Uuid)>;

impl States {
    /// The entities whose facts these events may change, as far as they are known.
    pub async fn before(db: &mut PgConnection, events: &[Recorded]) -> Result<Self, ApplyError> {
        let mut states = Self::default();
        states.load(db, &wanted(events)?).await?;
        // A lesson counts for who sits in it, and its events do not name them.
        let seated: Wanted = states
            .slots
            .values()
            .flat_map(Kept::<Slot>::students)
            .filter(|student| !states.people.contains_key(student))
            .map(|student| (people::ENTITY, student))
            .collect();
        states.load(db, &seated).await?;
        Ok(states)
    }

    async fn load(&mut self, db: &mut PgConnection, wanted: &Wanted) -> Result<(), ApplyError> {
        if wanted.is_empty() {
            return Ok(());
        }
        let (types, ids): (Vec<&str>, Vec<Uuid>) = wanted.iter().copied().unzip();
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
                people::ENTITY => put(&mut self.people, id, state)?,
                slots::ENTITY => put(&mut self.slots, id, state)?,
                tickets::ENTITY => put(&mut self.tickets, id, state)?,
                requests::ENTITY => put(&mut self.requests, id, state)?,
                _ => put(&mut self.conversations, id, state)?,
            }
        }
        Ok(())
    }

    /// Writes those that changed.
    pub async fn save(&self, db: &mut PgConnection) -> Result<(), ApplyError> {
        let mut rows = Rows::default();
        rows.take(people::ENTITY, &self.people);
        rows.take(slots::ENTITY, &self.slots);
        rows.take(tickets::ENTITY, &self.tickets);
        rows.take(requests::ENTITY, &self.requests);
        rows.take(conversations::ENTITY, &self.conversations);
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

/// Whose states the events need: the entity's own, of who acted, of who is seated.
fn wanted(events: &[Recorded]) -> Result<Wanted, ApplyError> {
    let mut wanted = Wanted::new();
    for recorded in events {
        if let Some(actor) = recorded.metadata.actor.account() {
            wanted.insert((people::ENTITY, actor.uuid()));
        }
        let own = match &recorded.event {
            Event::Account(_) => people::ENTITY,
            Event::Slot(event) if slots::concerns(event) => {
                if let SlotEvent::SeatBooked { student, .. } | SlotEvent::BookingMovedIn { student, .. } =
                    event
                {
                    wanted.insert((people::ENTITY, student.uuid()));
                }
                slots::ENTITY
            }
            Event::Ticket(_) => tickets::ENTITY,
            Event::Request(_) => requests::ENTITY,
            Event::Conversation(ConversationEvent::MessageSent { .. }) => conversations::ENTITY,
            _ => continue,
        };
        wanted.insert((own, entity_id(recorded)?));
    }
    Ok(wanted)
}

/// The id of the stream's entity.
pub(super) fn entity_id(recorded: &Recorded) -> Result<Uuid, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is no id of an entity".to_owned(),
    })
}

fn put<S: DeserializeOwned>(
    states: &mut HashMap<Uuid, Kept<S>>,
    id: Uuid,
    state: &str,
) -> Result<(), ApplyError> {
    let kept = serde_json::from_str(state).map_err(|error| sqlx::Error::Decode(error.into()))?;
    states.insert(id, kept);
    Ok(())
}

/// States column by column, as `unnest` takes them.
#[derive(Default)]
struct Rows {
    types: Vec<&'static str>,
    ids: Vec<Uuid>,
    states: Vec<String>,
}

impl Rows {
    fn take<S: Serialize>(&mut self, entity: &'static str, states: &HashMap<Uuid, Kept<S>>) {
        for (id, kept) in states.iter().filter(|(_, kept)| kept.changed) {
            self.types.push(entity);
            self.ids.push(*id);
            self.states.push(serde_json::to_string(kept).expect("a state is plain data"));
        }
    }
}
