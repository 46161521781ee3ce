//! Read model `analytics`, tables `crm.facts`, `crm.fact_days` and `crm.fact_states`.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::accounts::AccountEvent;
use domain::scheduling::{SeatChange, SlotEvent};
use domain::{Event, RecordedEvent};
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;
use uuid::Uuid;

use super::fact_recorder::{FactRecorder, Tracked};
use super::tracked_entities::{TrackedEntities, entity_id};
use super::{conversations, people, requests, save, slots, tickets};

/// Maintains the facts of the reports.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnalyticsReadModel;

impl AnalyticsReadModel {
    pub const NAME: &str = "analytics";
}

#[async_trait]
impl ReadModel for AnalyticsReadModel {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn version(&self) -> i32 {
        4
    }

    fn tables(&self) -> &'static [&'static str] {
        &["crm.facts", "crm.fact_days", "crm.fact_states"]
    }

    fn read_indexes(&self) -> &'static [&'static str] {
        &[
            "facts (measure, at)",
            "facts (recorded_day, measure, position)",
            "facts (ended_day, measure)",
            "facts (owner, measure, at)",
            "facts (subject, measure, at)",
            "facts (entity_id, measure)",
        ]
    }

    /// Handles every event, because each shows that its actor was active.
    fn handles(&self, _aggregate_type: &str) -> bool {
        true
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let mut states = TrackedEntities::load_for(db, events).await?;
        let mut recorder = FactRecorder::default();
        for recorded in events {
            recorder.start_event(recorded);
            apply_event(&mut states, &mut recorder, recorded)?;
            record_activity(&mut states, &mut recorder, recorded);
        }
        save::save_facts(db, &recorder).await?;
        states.save(db).await
    }
}

fn apply_event(
    states: &mut TrackedEntities,
    recorder: &mut FactRecorder,
    recorded: &RecordedEvent,
) -> Result<(), ApplyError> {
    match &recorded.event {
        Event::Account(AccountEvent::AccountRegistered { role, .. }) => {
            let id = entity_id(recorded)?;
            states.people.insert(id, people::start_tracking(id, *role, recorder));
        }
        Event::Account(event) => {
            if let Some(person) = states.people.get_mut(&entity_id(recorded)?) {
                person.apply(event, recorder);
            }
        }
        Event::Slot(event) if slots::can_change_facts(event) => {
            apply_slot_event(states, recorder, recorded, event)?
        }
        Event::Ticket(event) => {
            let id = entity_id(recorded)?;
            insert_or_update(
                &mut states.tickets,
                id,
                tickets::start_tracking(id, event, recorder),
                |ticket| {
                    ticket.apply(event, recorder);
                },
            );
        }
        Event::Request(event) => {
            let id = entity_id(recorded)?;
            insert_or_update(
                &mut states.requests,
                id,
                requests::start_tracking(id, event, recorder),
                |request| {
                    request.apply(event, recorder);
                },
            );
        }
        Event::Conversation(event) => {
            let id = entity_id(recorded)?;
            insert_or_update(
                &mut states.conversations,
                id,
                conversations::start_tracking(event, recorder),
                |conversation| {
                    conversation.apply(event, recorder);
                },
            );
        }
        Event::Slot(_)
        | Event::CrmLink(_)
        | Event::Inbox(_)
        | Event::Series(_)
        | Event::Waitlist(_)
        | Event::Class(_)
        | Event::Video(_) => {}
    }
    Ok(())
}

/// Applies a slot event to the slot and to its students.
fn apply_slot_event(
    states: &mut TrackedEntities,
    recorder: &mut FactRecorder,
    recorded: &RecordedEvent,
    event: &SlotEvent,
) -> Result<(), ApplyError> {
    let id = entity_id(recorded)?;
    let opened = slots::start_tracking(id, event, recorder);
    let mut credits = Vec::new();
    insert_or_update(&mut states.slots, id, opened, |slot| credits = slot.apply(event, recorder));
    if let Some(SeatChange::Taken { student, moved_from: None, .. }) = event.effects().seat
        && let Some(person) = states.people.get_mut(&student.uuid())
    {
        person.record_booking(recorder);
    }
    for (student, lessons) in credits {
        if let Some(person) = states.people.get_mut(&student) {
            person.count_lessons(lessons, recorder);
        }
    }
    Ok(())
}

/// Records the activity of the event's actor. A failed sign-in does not count.
fn record_activity(states: &mut TrackedEntities, recorder: &mut FactRecorder, recorded: &RecordedEvent) {
    if matches!(recorded.event, Event::Account(AccountEvent::SignInFailed { .. })) {
        return;
    }
    let actor = recorded.metadata.actor.account();
    if let Some(person) = actor.and_then(|actor| states.people.get_mut(&actor.uuid())) {
        person.record_activity(recorder);
    }
}

/// Inserts a new entity, or applies the event to the existing one.
fn insert_or_update<S>(
    known: &mut HashMap<Uuid, Tracked<S>>,
    id: Uuid,
    new: Option<Tracked<S>>,
    update: impl FnOnce(&mut Tracked<S>),
) {
    if let Some(new) = new {
        known.insert(id, new);
    } else if let Some(entity) = known.get_mut(&id) {
        update(entity);
    }
}
