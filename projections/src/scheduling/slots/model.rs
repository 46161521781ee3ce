//! Read model `slots`: tables `app.slots`, `app.bookings`, `app.seat_holds`, and the summaries of free slots.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use domain::accounts::AccountEvent;
use domain::scheduling::{HoldChange, Involvement, SeatChange, Slot, SlotEvent, TimeChange};
use domain::{Event, RecordedEvent, SlotId};
use projection_runtime::{ApplyError, ReadModel};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::apply::SlotRows;
use super::rows::{BookingRow, HoldRow, SlotRow};
use crate::scheduling::availability;

/// Read model that writes slots, their bookings and their holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct SlotsReadModel;

#[async_trait]
impl ReadModel for SlotsReadModel {
    fn name(&self) -> &'static str {
        "slots"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.slots", "app.bookings", "app.seat_holds", "app.teacher_times", "app.teacher_prices"]
    }

    fn read_indexes(&self) -> &'static [&'static str] {
        &[
            "slots (teacher, starts_at)",
            "slots (starts_at, teacher)",
            "slots (series_id, starts_at)",
            "slots (class_id, starts_at)",
            "bookings (teacher, reviewed_at, booking_id)",
        ]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        [<Slot as cqrs_es::Aggregate>::TYPE, <domain::accounts::Account as cqrs_es::Aggregate>::TYPE]
            .contains(&aggregate_type)
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let affected = AffectedSlotRows::from_events(events)?;
        let mut rows = load(db, &affected).await?;
        let mut teachers = HashMap::new();
        for recorded in events {
            if let Event::Slot(event) = &recorded.event {
                let id = slot_id(recorded)?;
                rows.apply(id, event, recorded);
                teachers.extend(rows.slots.get(&id).map(|slot| (slot.teacher, recorded.recorded_at)));
            }
        }
        save(db, &rows).await?;
        availability::mark_behind(db, &teachers).await?;
        erase_texts(db, &affected.erased).await
    }

    async fn refresh_aggregates(&self, db: &mut PgConnection) -> Result<(), ApplyError> {
        availability::refresh_summaries(db).await
    }
}

/// Stored rows that a batch changes, and the people whom it erases.
#[derive(Default)]
struct AffectedSlotRows {
    slots: HashSet<Uuid>,
    bookings: HashSet<Uuid>,
    holds: HashSet<Uuid>,
    /// Slots whose bookings all get another time.
    moved_slots: HashSet<Uuid>,
    erased: Vec<Uuid>,
}

impl AffectedSlotRows {
    fn from_events(events: &[RecordedEvent]) -> Result<Self, ApplyError> {
        let mut affected = Self::default();
        for recorded in events {
            match &recorded.event {
                Event::Slot(event) => affected.add_slot_event(slot_id(recorded)?, event),
                Event::Account(AccountEvent::AccountErased { account_id, .. }) => {
                    affected.erased.push(account_id.uuid());
                }
                _ => {}
            }
        }
        Ok(affected)
    }

    /// Adds the rows that an event changes. Rows that it creates are not stored yet.
    fn add_slot_event(&mut self, id: SlotId, event: &SlotEvent) {
        let effects = event.effects();
        if let Some(TimeChange::Opened(_)) = effects.time {
            return;
        }
        self.slots.insert(id.uuid());
        let is_new_booking = matches!(effects.seat, Some(SeatChange::Taken { moved_from: None, .. }));
        if let Involvement::Booking { booking_id, .. } = effects.involvement
            && !is_new_booking
        {
            self.bookings.insert(booking_id.uuid());
        }
        if effects.time.is_some() {
            self.moved_slots.insert(id.uuid());
        }
        self.holds.extend(effects.hold.and_then(HoldChange::ended).map(|hold_id| hold_id.uuid()));
    }
}

fn slot_id(event: &RecordedEvent) -> Result<SlotId, ApplyError> {
    event.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: event.position,
        reason: "the stream's id is not a slot's".to_owned(),
    })
}

async fn load(db: &mut PgConnection, affected: &AffectedSlotRows) -> Result<SlotRows, ApplyError> {
    let mut rows = SlotRows::default();
    if !affected.slots.is_empty() {
        let ids: Vec<Uuid> = affected.slots.iter().copied().collect();
        let found = sqlx::query_scalar!(
            r#"select to_jsonb(s) as "row!: Json<SlotRow>" from slots s where slot_id = any($1)"#,
            &ids,
        )
        .fetch_all(&mut *db)
        .await?;
        rows.slots = found.into_iter().map(|Json(row)| (row.slot_id, row)).collect();
    }
    if !affected.bookings.is_empty() || !affected.moved_slots.is_empty() {
        let bookings: Vec<Uuid> = affected.bookings.iter().copied().collect();
        let moved_slots: Vec<Uuid> = affected.moved_slots.iter().copied().collect();
        let found = sqlx::query_scalar!(
            r#"select to_jsonb(b) as "row!: Json<BookingRow>"
               from bookings b
               where booking_id = any($1) or slot_id = any($2)"#,
            &bookings,
            &moved_slots,
        )
        .fetch_all(&mut *db)
        .await?;
        rows.bookings = found.into_iter().map(|Json(row)| (row.booking_id, row)).collect();
    }
    if !affected.holds.is_empty() {
        let holds: Vec<Uuid> = affected.holds.iter().copied().collect();
        let found = sqlx::query_scalar!(
            r#"select to_jsonb(h) as "row!: Json<HoldRow>" from seat_holds h where hold_id = any($1)"#,
            &holds,
        )
        .fetch_all(db)
        .await?;
        rows.holds = found.into_iter().map(|Json(row)| (row.hold_id, row)).collect();
    }
    Ok(rows)
}

/// Slot row for writing.
#[derive(Serialize)]
struct SlotRecord<'a> {
    #[serde(flatten)]
    row: &'a SlotRow,
    free: bool,
    local_minute: i16,
}

impl<'a> SlotRecord<'a> {
    fn new(row: &'a SlotRow) -> Self {
        Self { row, free: row.is_free(), local_minute: availability::local_minute(row.starts_at, &row.zone) }
    }
}

async fn save(db: &mut PgConnection, rows: &SlotRows) -> Result<(), ApplyError> {
    let slots: Vec<SlotRecord<'_>> = rows.slots.values().map(SlotRecord::new).collect();
    if !slots.is_empty() {
        sqlx::query_file!("src/scheduling/slots/save_slots.sql", Json(&slots) as _).execute(&mut *db).await?;
    }
    let bookings: Vec<&BookingRow> = rows.bookings.values().collect();
    if !bookings.is_empty() {
        sqlx::query_file!("src/scheduling/slots/save_bookings.sql", Json(&bookings) as _)
            .execute(&mut *db)
            .await?;
    }
    let holds: Vec<_> = rows.holds.values().collect();
    if !holds.is_empty() {
        sqlx::query!(
            "insert into seat_holds (hold_id, slot_id, student, expires_at, offered_to)
             select hold_id, slot_id, student, expires_at, offered_to
             from jsonb_to_recordset($1) as new (
               hold_id uuid, slot_id uuid, student uuid, expires_at timestamptz, offered_to uuid)
             on conflict (hold_id) do nothing",
            Json(&holds) as _,
        )
        .execute(&mut *db)
        .await?;
    }
    let ended: Vec<Uuid> = rows.ended_holds.iter().map(|id| id.uuid()).collect();
    if !ended.is_empty() {
        sqlx::query!("delete from seat_holds where hold_id = any($1)", &ended).execute(db).await?;
    }
    Ok(())
}

/// Removes the texts of erased people; their bookings stay.
async fn erase_texts(db: &mut PgConnection, erased: &[Uuid]) -> Result<(), ApplyError> {
    if erased.is_empty() {
        return Ok(());
    }
    sqlx::query!("update slots set place = null, report = null where teacher = any($1)", erased)
        .execute(&mut *db)
        .await?;
    sqlx::query!("update bookings set note = null, review = null where student = any($1)", erased)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "update bookings
         set cancel_reason = null
         where (student = any($1) or teacher = any($1))
           and cancel_reason_by = any($1)",
        erased,
    )
    .execute(db)
    .await?;
    Ok(())
}
