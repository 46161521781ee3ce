//! Which rows have changed since a position, and which streams they follow from.

use std::collections::HashSet;

use cqrs_es::Aggregate;
use domain::StreamId;
use domain::accounts::Account;
use domain::scheduling::Slot;
use domain::support::Ticket;
use sqlx::PgConnection;
use uuid::Uuid;

/// Rows to be folded again, by what they follow from.
pub(super) struct Changed {
    pub users: Vec<Uuid>,
    pub tickets: HashSet<Uuid>,
    /// Also those that have not changed, of people who have.
    asked: Vec<Uuid>,
    slots: Vec<Uuid>,
}

impl Changed {
    pub(super) async fn since(db: &mut PgConnection, position: i64) -> Result<Self, sqlx::Error> {
        let users = sqlx::query_scalar!("select account_id from crm.users where position > $1", position)
            .fetch_all(&mut *db)
            .await?;
        let rows = sqlx::query!(
            "select ticket_id, position from crm.tickets where position > $1 or requester = any($2)",
            position,
            &users,
        )
        .fetch_all(&mut *db)
        .await?;
        let slots = sqlx::query_scalar!(
            "select slot_id from crm.user_lessons where teacher = any($1) or (completed and seated && $1)",
            &users,
        )
        .fetch_all(&mut *db)
        .await?;
        let tickets = rows.iter().filter(|row| row.position > position).map(|row| row.ticket_id).collect();
        let asked = rows.iter().map(|row| row.ticket_id).collect();
        Ok(Self { users, tickets, asked, slots })
    }

    /// People first: what counts for them comes after.
    pub(super) fn streams(&self) -> Vec<StreamId> {
        fn of<A: Aggregate>(ids: &[Uuid]) -> impl Iterator<Item = StreamId> {
            ids.iter().map(StreamId::of::<A>)
        }
        of::<Account>(&self.users).chain(of::<Ticket>(&self.asked)).chain(of::<Slot>(&self.slots)).collect()
    }
}
