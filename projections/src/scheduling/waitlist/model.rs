//! Read model `waitlist`, table `app.waitlist`.

use std::collections::HashMap;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::scheduling::{WaitlistEntry, WaitlistEvent};
use domain::{Event, RecordedEvent, WaitlistEntryId};
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::WaitlistRow;

/// Read model that writes `app.waitlist`.
#[derive(Clone, Copy, Debug, Default)]
pub struct WaitlistReadModel;

#[async_trait]
impl ReadModel for WaitlistReadModel {
    fn name(&self) -> &'static str {
        "waitlist"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.waitlist"]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == WaitlistEntry::TYPE
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let mut before = Vec::new();
        for recorded in events {
            match &recorded.event {
                Event::Waitlist(WaitlistEvent::WaitlistJoined { .. }) => {}
                Event::Waitlist(_) => before.push(entry_id(recorded)?.uuid()),
                _ => {}
            }
        }
        let mut rows = load(db, &before).await?;
        for recorded in events {
            if let Event::Waitlist(event) = &recorded.event {
                apply_event(&mut rows, entry_id(recorded)?, event, recorded);
            }
        }
        save(db, rows.into_values().collect()).await
    }
}

fn entry_id(recorded: &RecordedEvent) -> Result<WaitlistEntryId, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is not a waitlist entry id".to_owned(),
    })
}

async fn load(
    db: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<WaitlistEntryId, WaitlistRow>, ApplyError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query_scalar!(
        r#"select to_jsonb(entry) as "row!: Json<WaitlistRow>"
           from waitlist as entry
           where entry_id = any($1)"#,
        ids,
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|Json(row)| (row.entry_id, row)).collect())
}

fn apply_event(
    rows: &mut HashMap<WaitlistEntryId, WaitlistRow>,
    entry_id: WaitlistEntryId,
    event: &WaitlistEvent,
    recorded: &RecordedEvent,
) {
    let version = recorded.sequence;
    if let WaitlistEvent::WaitlistJoined { slot_id, student, position: _ } = event {
        let row = WaitlistRow {
            entry_id,
            slot_id: *slot_id,
            student: *student,
            status: "waiting".to_owned(),
            closed: false,
            joined_position: recorded.position,
            joined_at: recorded.recorded_at,
            offer_expires_at: None,
            booking_id: None,
            ended_at: None,
            version,
        };
        rows.insert(entry_id, row);
        return;
    }
    let Some(row) = rows.get_mut(&entry_id) else { return };
    row.version = version;
    let status = match event {
        WaitlistEvent::WaitlistJoined { .. } => return,
        WaitlistEvent::SeatOffered { hold_id: _, expires_at } => {
            row.offer_expires_at = Some(*expires_at);
            "offered"
        }
        WaitlistEvent::OfferAccepted { booking_id } => {
            row.booking_id = Some(*booking_id);
            "accepted"
        }
        WaitlistEvent::OfferDeclined {} => "declined",
        WaitlistEvent::OfferExpired {} => "expired",
        WaitlistEvent::WaitlistLeft { closed } => {
            row.closed = *closed;
            "left"
        }
    };
    row.ended_at = (status != "offered").then_some(recorded.recorded_at);
    status.clone_into(&mut row.status);
}

async fn save(db: &mut PgConnection, rows: Vec<WaitlistRow>) -> Result<(), ApplyError> {
    if !rows.is_empty() {
        sqlx::query_file!("src/scheduling/waitlist/save.sql", Json(&rows) as _).execute(db).await?;
    }
    Ok(())
}
