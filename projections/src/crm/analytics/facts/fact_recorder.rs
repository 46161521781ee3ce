//! Recorder of the facts that a batch adds and ends, and the tracked entities.

use std::collections::HashMap;

use domain::{Currency, Position, RecordedEvent};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Fact, Measure};
use crate::crm::analytics::local_days::day_of;

/// Key of a fact: the position of the event that added it, and the fact's number within that event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct FactKey(pub Position, pub i16);

/// Fact that this batch adds, and the event of this batch that ended it, if any.
pub(super) struct NewFact {
    pub key: FactKey,
    pub fact: Fact,
    pub day: Date,
    pub recorded_day: Date,
    pub ended: Option<(Position, Date)>,
}

/// Fact of an earlier batch that ends in this one.
pub(super) struct EndedFact {
    pub key: FactKey,
    pub until: Position,
    pub day: Date,
}

/// Group of facts that are counted together.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct DayKey {
    pub measure: Measure,
    pub day: Date,
    pub recorded_day: Date,
    pub class: String,
    pub detail: String,
    pub currency: Option<Currency>,
    pub since: Option<Date>,
}

/// Recorder of the changes of a batch.
#[derive(Default)]
pub(super) struct FactRecorder {
    pub new_facts: Vec<NewFact>,
    pub ended_facts: Vec<EndedFact>,
    /// Change of the number of facts and of the sum of their values.
    pub days: HashMap<DayKey, (i64, i64)>,
    indexes: HashMap<FactKey, usize>,
    event: EventCursor,
}

/// Event that is applied at present.
#[derive(Clone, Copy, Default)]
struct EventCursor {
    position: Position,
    at: Timestamp,
    day: Date,
    ordinal: i16,
}

impl FactRecorder {
    /// Sets the event that adds and ends facts from now on.
    pub fn start_event(&mut self, recorded: &RecordedEvent) {
        // Events of one append share their instant. The computation of a day is expensive.
        let day = if self.event.at == recorded.recorded_at && self.event.position > Position::START {
            self.event.day
        } else {
            day_of(recorded.recorded_at)
        };
        self.event = EventCursor { position: recorded.position, at: recorded.recorded_at, day, ordinal: 0 };
    }

    /// Returns the instant at which the event was recorded.
    pub fn recorded_at(&self) -> Timestamp {
        self.event.at
    }

    /// Returns the local day on which the event was recorded.
    pub fn day(&self) -> Date {
        self.event.day
    }

    pub fn add_fact(&mut self, fact: Fact) -> FactKey {
        let key = FactKey(self.event.position, self.event.ordinal);
        self.event.ordinal += 1;
        let day = if fact.at == self.event.at { self.event.day } else { day_of(fact.at) };
        self.count_fact(&fact, day, 1);
        self.indexes.insert(key, self.new_facts.len());
        self.new_facts.push(NewFact { key, fact, day, recorded_day: self.event.day, ended: None });
        key
    }

    pub fn end_fact(&mut self, key: FactKey, fact: &Fact) {
        self.count_fact(fact, day_of(fact.at), -1);
        match self.indexes.get(&key) {
            Some(index) => self.new_facts[*index].ended = Some((self.event.position, self.event.day)),
            None => self.ended_facts.push(EndedFact { key, until: self.event.position, day: self.event.day }),
        }
    }

    fn count_fact(&mut self, fact: &Fact, day: Date, sign: i64) {
        let key = DayKey {
            measure: fact.measure,
            day,
            recorded_day: self.event.day,
            class: fact.class.clone().into_owned(),
            detail: fact.detail.clone().unwrap_or_default().into_owned(),
            currency: fact.currency,
            since: fact.since,
        };
        let (facts, total) = self.days.entry(key).or_default();
        *facts += sign;
        *total += sign * fact.value;
    }
}

/// State from which the currently valid facts are derived.
pub(super) trait CurrentFacts {
    /// Returns the facts, with at most one per measure and entity.
    fn current_facts(&self) -> Vec<Fact>;
}

/// Entity with the keys of its current facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Tracked<S> {
    pub state: S,
    keys: Vec<(Measure, Uuid, FactKey)>,
    #[serde(skip)]
    pub changed: bool,
}

impl<S: CurrentFacts> Tracked<S> {
    /// Creates an entity and adds its first facts.
    pub fn new(state: S, recorder: &mut FactRecorder) -> Self {
        let mut tracked = Self { state, keys: Vec::new(), changed: true };
        tracked.replace_facts(&[], recorder);
        tracked
    }

    /// Changes the entity, ends the facts that no longer hold, and adds the new ones.
    pub fn update<R>(&mut self, recorder: &mut FactRecorder, change: impl FnOnce(&mut S) -> R) -> R {
        let before = self.state.current_facts();
        let result = change(&mut self.state);
        self.changed = true;
        self.replace_facts(&before, recorder);
        result
    }

    fn replace_facts(&mut self, before: &[Fact], recorder: &mut FactRecorder) {
        let after = self.state.current_facts();
        for fact in before.iter().filter(|fact| !after.contains(fact)) {
            let index = self
                .keys
                .iter()
                .position(|(measure, entity, _)| (*measure, *entity) == (fact.measure, fact.entity_id));
            if let Some(index) = index {
                let (_, _, key) = self.keys.remove(index);
                recorder.end_fact(key, fact);
            }
        }
        for fact in after.into_iter().filter(|fact| !before.contains(fact)) {
            let (measure, entity) = (fact.measure, fact.entity_id);
            self.keys.push((measure, entity, recorder.add_fact(fact)));
        }
    }
}
