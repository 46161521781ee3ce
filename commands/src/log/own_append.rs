//! Tells whether the events of a duplicate command are those of an earlier attempt to send the same append.

use sqlx::{PgConnection, Row};

use super::append::{Append, CommittedRange};

/// Returns true if the log has exactly the events and keys of this append in `range`.
///
/// An append with another random nonce, another stream or another version is that of another writer: its states and
/// keys must come from the log.
///
/// # Errors
/// [`sqlx::Error`] if the database fails.
pub(super) async fn is_own(
    connection: &mut PgConnection,
    append: &Append,
    range: CommittedRange,
) -> Result<bool, sqlx::Error> {
    let rows = sqlx::query(
        "select aggregate_type, aggregate_id, sequence, payload::text as payload
         from log.events
         where position between $1 and $2
         order by position",
    )
    .bind(range.first_position)
    .bind(range.last_position)
    .fetch_all(&mut *connection)
    .await?;
    let mut stored = rows.iter();
    for write in &append.writes {
        for (offset, event) in write.events.iter().enumerate() {
            let Some(row) = stored.next() else { return Ok(false) };
            let sequence = (write.expected_version + offset as u64 + 1).to_bigint();
            if row.try_get::<&str, _>("aggregate_type")? != write.stream.aggregate_type
                || row.try_get::<&str, _>("aggregate_id")? != write.stream.aggregate_id
                || row.try_get::<i64, _>("sequence")? != sequence
                || row.try_get::<&str, _>("payload")? != event.payload
            {
                return Ok(false);
            }
        }
    }
    if stored.next().is_some() {
        return Ok(false);
    }
    for (subject, wrapped) in &append.new_keys {
        let held: Option<bool> =
            sqlx::query_scalar("select wrapped_key = $2 from log.subject_keys where subject = $1")
                .bind(subject.uuid())
                .bind(wrapped)
                .fetch_optional(&mut *connection)
                .await?
                .flatten();
        if held != Some(true) {
            return Ok(false);
        }
    }
    Ok(true)
}
