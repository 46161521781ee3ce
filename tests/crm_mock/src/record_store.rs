//! Records in order of creation, found by id or by the idempotency key that created them.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

/// A record that has an id.
pub(crate) trait Record: Clone {
    fn id(&self) -> Uuid;
}

pub(crate) struct RecordStore<T> {
    records: BTreeMap<u64, T>,
    numbers: HashMap<Uuid, u64>,
    by_key: HashMap<String, Uuid>,
    next_place: u64,
}

impl<T: Record> RecordStore<T> {
    /// Stores a record under its id, and under the idempotency key of its request, if there was one.
    pub fn put(&mut self, record: T, key: Option<String>) {
        if let Some(key) = key {
            self.by_key.insert(key, record.id());
        }
        self.numbers.insert(record.id(), self.next_place);
        self.records.insert(self.next_place, record);
        self.next_place += 1;
    }

    pub fn get(&self, id: Uuid) -> Option<&T> {
        self.records.get(self.numbers.get(&id)?)
    }

    pub fn get_mut(&mut self, id: Uuid) -> Option<&mut T> {
        self.records.get_mut(self.numbers.get(&id)?)
    }

    /// The record that a request with this key created, unless it was deleted later.
    pub fn created_by_key(&self, key: Option<&str>) -> Option<&T> {
        self.get(*self.by_key.get(key?)?)
    }

    pub fn remove(&mut self, id: Uuid) -> Option<T> {
        let place = self.numbers.remove(&id)?;
        self.records.remove(&place)
    }

    /// All records, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.records.values()
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }
}

impl<T> Default for RecordStore<T> {
    fn default() -> Self {
        Self { records: BTreeMap::new(), numbers: HashMap::new(), by_key: HashMap::new(), next_place: 0 }
    }
}

/// Sets a field that the request named.
pub(crate) fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}
