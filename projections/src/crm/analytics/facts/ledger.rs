//! Takes down which facts a batch makes and ends, and what the fold remembers of each entity.

use std::collections::HashMap;

use domain::{Currency, Recorded};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Fact, Measure};
use crate::crm::analytics::local_days::day_of;

/// Where a fact stands: the event that made it, and its number among the facts of that event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Key(pub u64, pub i16);

/// A fact of this batch, and the event of this batch that ended it, if one did.
pub(super) struct Made {
    pub key: Key,
    pub fact: Fact,
    pub day: Date,
    pub recorded_day: Date,
    pub ended: Option<(u64, Date)>,
}

/// A fact of an earlier batch that ends.
pub(super) struct Ended {
    pub key: Key,
    pub until: u64,
    pub day: Date,
}

/// Facts that are counted together.
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

/// What a batch changes.
#[derive(Default)]
pub(super) struct Ledger {
    pub made: Vec<Made>,
    pub ended: Vec<Ended>,
    /// Facts and values more, or less.
    pub days: HashMap<DayKey, (i64, i64)>,
    places: HashMap<Key, usize>,
    now: Now,
}

/// The event that is being followed.
#[derive(Clone, Copy, Default)]
struct Now {
    position: u64,
    at: Timestamp,
    day: Date,
    ordinal: i16,
}

impl Ledger {
    /// From here on it is this event that makes and ends.
    pub fn turn_to(&mut self, recorded: &Recorded) {
        // Events of one append share their instant, and a day is dear to find.
        let day = if self.now.at == recorded.recorded_at && self.now.position > 0 {
            self.now.day
        } else {
            day_of(recorded.recorded_at)
        };
        self.now = Now { position: recorded.position, at: recorded.recorded_at, day, ordinal: 0 };
    }

    /// When the event was recorded.
    pub fn at(&self) -> Timestamp {
        self.now.at
    }

    /// The local day on which it was.
    pub fn day(&self) -> Date {
        self.now.day
    }

    pub fn make(&mut self, fact: Fact) -> Key {
        let key = Key(self.now.position, self.now.ordinal);
        self.now.ordinal += 1;
        let day = if fact.at == self.now.at { self.now.day } else { day_of(fact.at) };
        self.count(&fact, day, 1);
        self.places.insert(key, self.made.len());
        self.made.push(Made { key, fact, day, recorded_day: self.now.day, ended: None });
        key
    }

    pub fn end(&mut self, key: Key, fact: &Fact) {
        self.count(fact, day_of(fact.at), -1);
        match self.places.get(&key) {
            Some(place) => self.made[*place].ended = Some((self.now.position, self.now.day)),
            None => self.ended.push(Ended { key, until: self.now.position, day: self.now.day }),
        }
    }

    fn count(&mut self, fact: &Fact, day: Date, sign: i64) {
        let key = DayKey {
            measure: fact.measure,
            day,
            recorded_day: self.now.day,
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

/// Something of which facts hold as long as it stands as it does.
pub(super) trait Standing {
    /// Not more than one of a measure and an entity.
    fn standing(&self) -> Vec<Fact>;
}

/// An entity, and where its standing facts are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept<S> {
    pub state: S,
    keys: Vec<(Measure, Uuid, Key)>,
    #[serde(skip)]
    pub changed: bool,
}

impl<S: Standing> Kept<S> {
    /// A new entity; the facts of its beginning are made.
    pub fn begin(state: S, ledger: &mut Ledger) -> Self {
        let mut kept = Self { state, keys: Vec::new(), changed: true };
        kept.follow(&[], ledger);
        kept
    }

    /// Changes the entity: facts that hold no more are ended, those that hold now are made.
    pub fn change<R>(&mut self, ledger: &mut Ledger, change: impl FnOnce(&mut S) -> R) -> R {
        let before = self.state.standing();
        let result = change(&mut self.state);
        self.changed = true;
        self.follow(&before, ledger);
        result
    }

    fn follow(&mut self, before: &[Fact], ledger: &mut Ledger) {
        let after = self.state.standing();
        for fact in before.iter().filter(|fact| !after.contains(fact)) {
            let place = self
                .keys
                .iter()
                .position(|(measure, entity, _)| (*measure, *entity) == (fact.measure, fact.entity_id));
            if let Some(place) = place {
                let (_, _, key) = self.keys.remove(place);
                ledger.end(key, fact);
            }
        }
        for fact in after.into_iter().filter(|fact| !before.contains(fact)) {
            let (measure, entity) = (fact.measure, fact.entity_id);
            self.keys.push((measure, entity, ledger.make(fact)));
        }
    }
}
