//! The rows that have changed since a position, made again out of their streams by the read models themselves.

use domain::{Event, EventLog, Recorded};
use sqlx::PgConnection;

use super::PastError;
use super::streams::Changed;
use crate::checkpoint::skips;
use crate::crm::{CrmUsers, Tickets};
use crate::read_model::ReadModel;

/// Streams that are read at once, and events that are applied at once.
const STREAMS: usize = 1_000;
const BATCH: usize = 1_000;

/// Makes temporary tables with the names of the live ones and fills them with what has changed.
pub(super) async fn fold(db: &mut PgConnection, log: &dyn EventLog, position: i64) -> Result<(), PastError> {
    let changed = Changed::since(db, position).await?;
    for table in ["users", "user_lessons", "tickets", "ticket_texts"] {
        let create = format!("create temporary table {table} (like crm.{table} including all)");
        sqlx::query(&create).execute(&mut *db).await?;
    }
    let users = Folded::of(CrmUsers, db).await?;
    let tickets = Folded::of(Tickets, db).await?;
    for streams in changed.streams().chunks(STREAMS) {
        let sealed = log.read_streams(streams, position.cast_unsigned()).await?;
        for sealed in sealed.chunks(BATCH) {
            let events = log.open(sealed).await?;
            users.take(db, &events).await?;
            let of_changed: Vec<Recorded> =
                events.into_iter().filter(|recorded| is_of(&changed, recorded)).collect();
            tickets.take(db, &of_changed).await?;
        }
    }
    Ok(())
}

fn is_of(changed: &Changed, recorded: &Recorded) -> bool {
    let is_changed = |id| changed.tickets.contains(&id);
    matches!(recorded.event, Event::Ticket(_)) && recorded.stream.aggregate_id.parse().is_ok_and(is_changed)
}

/// A read model, and the events that it was told to leave out.
struct Folded<M> {
    model: M,
    skipped: Vec<u64>,
}

impl<M: ReadModel> Folded<M> {
    async fn of(model: M, db: &mut PgConnection) -> Result<Self, PastError> {
        let skipped = skips(db, model.name()).await?;
        Ok(Self { model, skipped })
    }

    async fn take(&self, db: &mut PgConnection, events: &[Recorded]) -> Result<(), PastError> {
        let is_wanted = |recorded: &&Recorded| !self.skipped.contains(&recorded.position);
        let wanted: Vec<Recorded> = events.iter().filter(is_wanted).cloned().collect();
        Ok(self.model.apply(db, &wanted).await?)
    }
}
