//! Counters of the CRM users: completed lessons, and ratings of teachers.

use domain::RecordedEvent;
use projection_runtime::ApplyError;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::scheduling::{Attendance, CounterChange, apply_attendance, slots_before};

/// Applies the lesson events of a batch and returns the changes of counters per person.
pub(super) async fn apply_lessons(
    db: &mut PgConnection,
    events: &[RecordedEvent],
) -> Result<Vec<CounterChange>, ApplyError> {
    let changed = apply_attendance(events, load(db, &slots_before(events)?).await?)?;
    save(db, &changed.slots).await?;
    Ok(changed.counter_changes)
}

async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Attendance>, ApplyError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        Attendance,
        "select slot_id, teacher, seated, absent, completed, teacher_absent
         from user_lessons
         where slot_id = any($1)",
        ids,
    )
    .fetch_all(db)
    .await?;
    Ok(rows)
}

async fn save(db: &mut PgConnection, slots: &[Attendance]) -> Result<(), ApplyError> {
    if !slots.is_empty() {
        sqlx::query_file!("src/crm/users/save_lessons.sql", Json(slots) as _).execute(db).await?;
    }
    Ok(())
}
