//! The read model `analytics`, tables `crm.facts`, `crm.fact_days` and `crm.fact_states`.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::accounts::AccountEvent;
use domain::{Event, Recorded};
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;
use uuid::Uuid;

use super::ledger::{Kept, Ledger};
use super::states::{States, entity_id};
use super::{conversations, people, requests, slots, tickets, writing};

/// Keeps the facts of the reports.
#[derive(Clone, Copy, Debug, Default)]
pub struct Analytics;

impl Analytics {
    pub const NAME: &str = "analytics";
}

#[async_trait]
impl ReadModel for Analytics {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn version(&self) -> i32 {
        1
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
        ]
    }

    /// Every event there is: whoever causes one was active.
    fn handles(&self, _aggregate_type: &str) -> bool {
        true
    }

    async fn apply(&self, db: &mut PgConnection, events: &[Recorded]) -> Result<(), ApplyError> {
        let mut states = States::before(db, events).await?;
        let mut ledger = Ledger::default();
        for recorded in events {
            ledger.turn_to(recorded);
            follow(&mut states, &mut ledger, recorded)?;
            acted(&mut states, &mut ledger, recorded);
        }
        writing::write(db, &ledger).await?;
        states.save(db).await
    }
}

fn follow(states: &mut States, ledger: &mut Ledger, recorded: &Recorded) -> Result<(), ApplyError> {
    match &recorded.event {
        Event::Account(AccountEvent::AccountRegistered { role, .. }) => {
            let id = entity_id(recorded)?;
            states.people.insert(id, people::register(id, *role, ledger));
        }
        Event::Account(event) => {
            if let Some(person) = states.people.get_mut(&entity_id(recorded)?) {
                person.take(event, ledger);
            }
        }
        Event::Slot(event) if slots::concerns(event) => slot(states, ledger, recorded, event)?,
        Event::Ticket(event) => {
            let id = entity_id(recorded)?;
            begin_or(&mut states.tickets, id, tickets::open(id, event, ledger), |case| {
                case.take(event, ledger);
            });
        }
        Event::Request(event) => {
            let id = entity_id(recorded)?;
            begin_or(&mut states.requests, id, requests::open(id, event, ledger), |request| {
                request.take(event, ledger);
            });
        }
        Event::Conversation(event) => {
            let id = entity_id(recorded)?;
            begin_or(&mut states.conversations, id, conversations::start(event, ledger), |conversation| {
                conversation.take(event, ledger);
            });
        }
        Event::Slot(_)
        | Event::CrmLink(_)
        | Event::Inbox(_)
        | Event::Series(_)
        | Event::Waitlist(_)
        | Event::Class(_) => {}
    }
    Ok(())
}

/// What happens in a lesson counts for its students too.
fn slot(
    states: &mut States,
    ledger: &mut Ledger,
    recorded: &Recorded,
    event: &domain::scheduling::SlotEvent,
) -> Result<(), ApplyError> {
    let id = entity_id(recorded)?;
    let opened = slots::open(id, event, ledger);
    let mut credits = Vec::new();
    begin_or(&mut states.slots, id, opened, |slot| credits = slot.take(event, ledger));
    if let domain::scheduling::SlotEvent::SeatBooked { student, .. } = event
        && let Some(person) = states.people.get_mut(&student.uuid())
    {
        person.book(ledger);
    }
    for (student, lessons) in credits {
        if let Some(person) = states.people.get_mut(&student) {
            person.credit(lessons, ledger);
        }
    }
    Ok(())
}

/// A wrong password is nobody's act.
fn acted(states: &mut States, ledger: &mut Ledger, recorded: &Recorded) {
    if matches!(recorded.event, Event::Account(AccountEvent::SignInFailed { .. })) {
        return;
    }
    let actor = recorded.metadata.actor.account();
    if let Some(person) = actor.and_then(|actor| states.people.get_mut(&actor.uuid())) {
        person.act(ledger);
    }
}

/// Puts a new entity in its place, or goes on with the one that is there.
fn begin_or<S>(
    known: &mut HashMap<Uuid, Kept<S>>,
    id: Uuid,
    new: Option<Kept<S>>,
    go_on: impl FnOnce(&mut Kept<S>),
) {
    if let Some(new) = new {
        known.insert(id, new);
    } else if let Some(entity) = known.get_mut(&id) {
        go_on(entity);
    }
}
