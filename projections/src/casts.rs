//! Whom the streams of a batch concern, kept from event to event: known ones, changed ones, and their rows.

use std::collections::{BTreeSet, HashMap};

use domain::Recorded;
use projection_runtime::ApplyError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

/// The stream of an event, as casts are found by it.
pub(crate) type Key = (String, Uuid);

/// Casts of the streams of a batch.
pub(crate) struct Casts<C> {
    known: HashMap<Key, C>,
    changed: BTreeSet<Key>,
}

/// Rows of casts, column by column, as `unnest` takes them.
#[derive(Default)]
pub(crate) struct CastRows {
    pub types: Vec<String>,
    pub ids: Vec<Uuid>,
    pub people: Vec<Value>,
}

impl<C> Default for Casts<C> {
    fn default() -> Self {
        Self { known: HashMap::new(), changed: BTreeSet::new() }
    }
}

impl<C: Serialize + DeserializeOwned> Casts<C> {
    /// Takes a stored one.
    ///
    /// # Errors
    /// It can not be read.
    pub(crate) fn take(&mut self, key: Key, people: Value) -> Result<(), ApplyError> {
        let cast = serde_json::from_value(people).map_err(|error| ApplyError::Poison {
            position: 0,
            reason: format!("the cast of {}/{} can not be read: {error}", key.0, key.1),
        })?;
        self.known.insert(key, cast);
        Ok(())
    }

    pub(crate) fn known(&self) -> &HashMap<Key, C> {
        &self.known
    }

    /// The cast, to be changed.
    pub(crate) fn change(&mut self, key: &Key) -> Option<&mut C> {
        let cast = self.known.get_mut(key)?;
        self.changed.insert(key.clone());
        Some(cast)
    }

    pub(crate) fn begin(&mut self, key: Key, cast: C) {
        self.changed.insert(key.clone());
        self.known.insert(key, cast);
    }

    /// What is to be stored.
    pub(crate) fn into_changed(mut self) -> CastRows {
        let mut rows = CastRows::default();
        for key in self.changed {
            let Some(cast) = self.known.remove(&key) else { continue };
            rows.people.push(serde_json::to_value(cast).expect("a cast is plain data"));
            rows.types.push(key.0);
            rows.ids.push(key.1);
        }
        rows
    }
}

/// # Errors
/// The id is no UUID.
pub(crate) fn key_of(recorded: &Recorded) -> Result<Key, ApplyError> {
    Ok((recorded.stream.aggregate_type.clone(), uuid_of(recorded)?))
}

/// # Errors
/// The id is no UUID.
pub(crate) fn uuid_of(recorded: &Recorded) -> Result<Uuid, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is no UUID".to_owned(),
    })
}
