//! Read model `event_index`, table `app.event_index`.

use async_trait::async_trait;
use domain::RecordedEvent;
use jiff_sqlx::ToSqlx;
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;
use uuid::Uuid;

/// Read model that writes `app.event_index`.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventIndexReadModel;

#[async_trait]
impl ReadModel for EventIndexReadModel {
    fn name(&self) -> &'static str {
        "event_index"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.event_index"]
    }

    fn read_indexes(&self) -> &'static [&'static str] {
        &[
            "event_index (aggregate_type, aggregate_id, position)",
            "event_index (event_type, position)",
            "event_index (actor, position)",
            "event_index (correlation_id, position)",
            "event_index (causation_id, position)",
            "event_index (event_id)",
            "event_index (recorded_at, position)",
        ]
    }

    /// Handles every event.
    fn handles(&self, _aggregate_type: &str) -> bool {
        true
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        if events.is_empty() {
            return Ok(());
        }
        let positions: Vec<i64> = events.iter().map(|event| event.position.to_bigint()).collect();
        let stream_types: Vec<String> =
            events.iter().map(|event| event.stream.aggregate_type.clone()).collect();
        let stream_ids: Vec<String> = events.iter().map(|event| event.stream.aggregate_id.clone()).collect();
        let types: Vec<String> = events.iter().map(|event| event.event.event_type()).collect();
        let actors: Vec<String> = events.iter().map(|event| event.metadata.actor.to_string()).collect();
        let correlations: Vec<Uuid> = events.iter().map(|event| event.metadata.correlation_id).collect();
        let ids: Vec<Uuid> = events.iter().map(RecordedEvent::event_id).collect();
        let causes: Vec<Option<Uuid>> = events.iter().map(|event| event.metadata.causation_id).collect();
        let instants: Vec<jiff_sqlx::Timestamp> =
            events.iter().map(|event| event.recorded_at.to_sqlx()).collect();
        sqlx::query!(
            "insert into event_index (
               position, aggregate_type, aggregate_id, event_type, actor, correlation_id, recorded_at, event_id,
               causation_id)
             select *
             from unnest(
               $1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::timestamptz[],
               $8::uuid[], $9::uuid[])",
            &positions,
            &stream_types,
            &stream_ids,
            &types,
            &actors,
            &correlations,
            &instants as _,
            &ids,
            &causes as _,
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
