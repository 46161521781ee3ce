//! Read model `attendance`, tables `app.lesson_stays` and `app.proposed_absences`.

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::video::{VideoSession, VideoSessionEvent};
use domain::{Event, RecordedEvent};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audience_cache::stream_uuid;

/// Maintains the attendance of lessons.
#[derive(Clone, Copy, Debug, Default)]
pub struct AttendanceReadModel;

impl AttendanceReadModel {
    pub const NAME: &str = "attendance";
}

#[async_trait]
impl ReadModel for AttendanceReadModel {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.lesson_stays", "app.proposed_absences"]
    }

    /// Handles no account: the rows hold ids only, and an erased person shows as a pseudonym.
    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == VideoSession::TYPE
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let (mut begun, mut ended, mut absences) =
            (BegunStays::default(), EndedStays::default(), ProposedAbsences::default());
        for recorded in events {
            let Event::Video(event) = &recorded.event else { continue };
            let slot_id = stream_uuid(recorded)?;
            match event {
                VideoSessionEvent::ParticipantJoined {
                    participant, role, connection_id, joined_at, ..
                } => {
                    begun.slots.push(slot_id);
                    begun.connections.push(connection_id.uuid());
                    begun.people.push(participant.uuid());
                    begun.roles.push(role.as_str().to_owned());
                    begun.instants.push(joined_at.to_sqlx());
                }
                VideoSessionEvent::ParticipantLeft { connection_id, cause, seconds, left_at, .. } => {
                    ended.slots.push(slot_id);
                    ended.connections.push(connection_id.uuid());
                    ended.causes.push(cause.as_str().to_owned());
                    ended.seconds.push(*seconds);
                    ended.instants.push(left_at.to_sqlx());
                }
                VideoSessionEvent::NoShowProposed { booking_id, student } => {
                    absences.push(slot_id, booking_id.uuid(), student.uuid(), recorded.recorded_at);
                }
                VideoSessionEvent::RoomOpened { .. }
                | VideoSessionEvent::ParticipantAdmitted { .. }
                | VideoSessionEvent::ParticipantRemoved { .. }
                | VideoSessionEvent::RecordingConsented { .. }
                | VideoSessionEvent::RoomClosed { .. } => {}
            }
        }
        begun.insert(db).await?;
        // A stay that began and ended in this batch is there already.
        ended.update(db).await?;
        absences.insert(db).await
    }
}

/// Stays to insert, column by column, as parameters of `unnest`.
#[derive(Default)]
struct BegunStays {
    slots: Vec<Uuid>,
    connections: Vec<Uuid>,
    people: Vec<Uuid>,
    roles: Vec<String>,
    instants: Vec<jiff_sqlx::Timestamp>,
}

impl BegunStays {
    async fn insert(self, db: &mut PgConnection) -> Result<(), ApplyError> {
        if self.slots.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "insert into lesson_stays (slot_id, connection_id, participant, role, joined_at)
             select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[])",
            &self.slots,
            &self.connections,
            &self.people,
            &self.roles,
            &self.instants as _,
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Ends of stays, column by column.
#[derive(Default)]
struct EndedStays {
    slots: Vec<Uuid>,
    connections: Vec<Uuid>,
    causes: Vec<String>,
    seconds: Vec<i64>,
    instants: Vec<jiff_sqlx::Timestamp>,
}

impl EndedStays {
    async fn update(self, db: &mut PgConnection) -> Result<(), ApplyError> {
        if self.slots.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "update lesson_stays
             set left_at = ended.left_at, cause = ended.cause, seconds = ended.seconds
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::timestamptz[])
               as ended (slot_id, connection_id, cause, seconds, left_at)
             where lesson_stays.slot_id = ended.slot_id
               and lesson_stays.connection_id = ended.connection_id",
            &self.slots,
            &self.connections,
            &self.causes,
            &self.seconds,
            &self.instants as _,
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Proposed absences to insert, column by column.
#[derive(Default)]
struct ProposedAbsences {
    slots: Vec<Uuid>,
    bookings: Vec<Uuid>,
    students: Vec<Uuid>,
    instants: Vec<jiff_sqlx::Timestamp>,
}

impl ProposedAbsences {
    fn push(&mut self, slot_id: Uuid, booking_id: Uuid, student: Uuid, at: Timestamp) {
        self.slots.push(slot_id);
        self.bookings.push(booking_id);
        self.students.push(student);
        self.instants.push(at.to_sqlx());
    }

    async fn insert(self, db: &mut PgConnection) -> Result<(), ApplyError> {
        if self.slots.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "insert into proposed_absences (slot_id, booking_id, student, proposed_at)
             select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[])",
            &self.slots,
            &self.bookings,
            &self.students,
            &self.instants as _,
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
