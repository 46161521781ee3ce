//! Queries on the feed, by person or by position.

use domain::{AccountId, Position};
use jiff::Timestamp;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

/// Row of the feed: one event for one recipient.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedRow {
    pub account_id: AccountId,
    pub position: Position,
    pub recorded_at: Timestamp,
    /// Event name in snake_case.
    pub kind: String,
    pub data: Value,
}

/// Row as stored.
struct StoredFeedRow {
    account_id: Uuid,
    position: Position,
    recorded_at: jiff_sqlx::Timestamp,
    kind: String,
    data: Value,
}

impl From<StoredFeedRow> for FeedRow {
    fn from(row: StoredFeedRow) -> Self {
        Self {
            account_id: row.account_id.into(),
            position: row.position,
            recorded_at: row.recorded_at.to_jiff(),
            kind: row.kind,
            data: row.data,
        }
    }
}

/// Loads the rows of all recipients after position `after`, up to and including `through`, in order.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn feed_rows_between(
    pool: &PgPool,
    after: Position,
    through: Position,
) -> Result<Vec<FeedRow>, sqlx::Error> {
    let rows = sqlx::query_as!(
        StoredFeedRow,
        r#"select account_id, position, recorded_at as "recorded_at: jiff_sqlx::Timestamp", type as kind, data
           from app.live_feed
           where position > $1 and position <= $2
           order by position"#,
        after.to_bigint(),
        through.to_bigint(),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(FeedRow::from).collect())
}

/// Loads the next `limit` rows of one recipient after `after`, up to and including `through`, in order.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn feed_rows_for(
    pool: &PgPool,
    account_id: AccountId,
    after: Position,
    through: Position,
    limit: u32,
) -> Result<Vec<FeedRow>, sqlx::Error> {
    let rows = sqlx::query_as!(
        StoredFeedRow,
        r#"select account_id, position, recorded_at as "recorded_at: jiff_sqlx::Timestamp", type as kind, data
           from app.live_feed
           where account_id = $1 and position > $2 and position <= $3
           order by position
           limit $4"#,
        account_id.uuid(),
        after.to_bigint(),
        through.to_bigint(),
        i64::from(limit),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(FeedRow::from).collect())
}

/// Loads pairs of a given person and another person who shares a conversation with them now.
///
/// A pair is left out if one of the two has blocked the other.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn find_contacts(
    pool: &PgPool,
    people: &[AccountId],
) -> Result<Vec<(AccountId, AccountId)>, sqlx::Error> {
    let people: Vec<Uuid> = people.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"select one.account_id as "person!", other.account_id as "contact!"
           from app.live_talks one
           join app.live_talks other using (conversation_id)
           where one.account_id = any($1)
             and other.account_id <> one.account_id
           except
           select one.account_id, other.account_id
           from app.live_talks one
           join app.live_talks other using (conversation_id)
           where one.account_id = any($1)
             and other.account_id <> one.account_id
             and (one.blocked or other.blocked)"#,
        &people,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.person.into(), row.contact.into())).collect())
}
