//! Cache of the audiences of a batch's streams: loaded audiences, changed audiences, and their rows.

use std::collections::{BTreeSet, HashMap};

use domain::{Position, RecordedEvent};
use projection_runtime::ApplyError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

/// Key of an audience: aggregate type and aggregate id of the stream.
pub(crate) type StreamKey = (String, Uuid);

/// Audiences of the streams of a batch, with the keys of the changed ones.
pub(crate) struct AudienceCache<C> {
    audiences: HashMap<StreamKey, C>,
    changed: BTreeSet<StreamKey>,
}

/// Rows of audiences, column by column, as parameters of `unnest`.
#[derive(Default)]
pub(crate) struct AudienceRows {
    pub types: Vec<String>,
    pub ids: Vec<Uuid>,
    pub audiences: Vec<Value>,
}

impl<C> Default for AudienceCache<C> {
    fn default() -> Self {
        Self { audiences: HashMap::new(), changed: BTreeSet::new() }
    }
}

impl<C: Serialize + DeserializeOwned> AudienceCache<C> {
    /// Inserts an audience that is already stored.
    ///
    /// # Errors
    /// [`ApplyError::Poison`] if the stored audience cannot be parsed.
    pub(crate) fn insert_stored(&mut self, key: StreamKey, audience: Value) -> Result<(), ApplyError> {
        let audience = serde_json::from_value(audience).map_err(|error| ApplyError::Poison {
            position: Position::START,
            reason: format!("the audience of {}/{} cannot be parsed: {error}", key.0, key.1),
        })?;
        self.audiences.insert(key, audience);
        Ok(())
    }

    pub(crate) fn audiences(&self) -> &HashMap<StreamKey, C> {
        &self.audiences
    }

    /// Returns the audience for a change, and marks it as changed.
    pub(crate) fn get_mut(&mut self, key: &StreamKey) -> Option<&mut C> {
        let audience = self.audiences.get_mut(key)?;
        self.changed.insert(key.clone());
        Some(audience)
    }

    pub(crate) fn insert_new(&mut self, key: StreamKey, audience: C) {
        self.changed.insert(key.clone());
        self.audiences.insert(key, audience);
    }

    /// Returns the rows of the changed audiences.
    pub(crate) fn into_changed_rows(mut self) -> AudienceRows {
        let mut rows = AudienceRows::default();
        for key in self.changed {
            let Some(audience) = self.audiences.remove(&key) else { continue };
            rows.audiences
                .push(serde_json::to_value(audience).expect("an audience always serialises to JSON"));
            rows.types.push(key.0);
            rows.ids.push(key.1);
        }
        rows
    }
}

/// Returns the key of the event's stream.
///
/// # Errors
/// [`ApplyError::Poison`] if the stream's id is not a UUID.
pub(crate) fn stream_key(recorded: &RecordedEvent) -> Result<StreamKey, ApplyError> {
    Ok((recorded.stream.aggregate_type.clone(), stream_uuid(recorded)?))
}

/// Returns the id of the event's stream.
///
/// # Errors
/// [`ApplyError::Poison`] if the stream's id is not a UUID.
pub(crate) fn stream_uuid(recorded: &RecordedEvent) -> Result<Uuid, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is not a UUID".to_owned(),
    })
}
