//! The lists of the CRM out of one state: as everything is, or as of a position, where the views of schema `past` take
//! the place of the live tables.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::{HandlerKind, ReadModel, snapshot_read};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::analytics::AsOf;
use super::{CrmUsersReadModel, TimelineReadModel};
use crate::support::TicketsReadModel;

/// A transaction in which the lists are read.
pub struct CrmSnapshot {
    transaction: Transaction<'static, Postgres>,
}

impl CrmSnapshot {
    /// As everything is.
    ///
    /// # Errors
    /// The database is away.
    pub async fn begin(pool: &PgPool) -> Result<Self, sqlx::Error> {
        let tables =
            [CrmUsersReadModel.tables(), TicketsReadModel.tables(), TimelineReadModel.tables()].concat();
        Ok(Self { transaction: snapshot_read::begin_snapshot(pool, &tables).await? })
    }

    /// As everything was when the log ended at a position, which the read models `crm_users`, `crm_timeline` and
    /// `tickets` have reached. Who is erased by now was never known. `None` while the tables are those of older code,
    /// which kept less.
    ///
    /// # Errors
    /// The database is away.
    pub async fn begin_as_of(pool: &PgPool, as_of: AsOf) -> Result<Option<Self>, sqlx::Error> {
        let mut snapshot = Self::begin(pool).await?;
        if is_outdated(snapshot.db(), &CrmUsersReadModel).await?
            || is_outdated(snapshot.db(), &TicketsReadModel).await?
        {
            return Ok(None);
        }
        set_as_of(snapshot.db(), as_of).await?;
        Ok(Some(snapshot))
    }

    /// Where they are read.
    pub fn db(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}

async fn is_outdated(db: &mut PgConnection, model: &dyn ReadModel) -> Result<bool, sqlx::Error> {
    let found = HandlerKind::ReadModel.find(db, model.name()).await?;
    Ok(found.is_some_and(|checkpoint| checkpoint.version < model.version()))
}

/// From here to its end the transaction sees the past.
async fn set_as_of(db: &mut PgConnection, AsOf { instant, position }: AsOf) -> Result<(), sqlx::Error> {
    sqlx::query(
        "select set_config('kafedra.position', $1::bigint::text, true),
                set_config('kafedra.instant', $2::timestamptz::text, true),
                set_config('search_path', 'past, app, crm, public', true)",
    )
    .bind(position.cast_signed())
    // Older than any school, but no instant that Postgres does not know.
    .bind(instant.max(Timestamp::UNIX_EPOCH).to_sqlx())
    .execute(db)
    .await
    .map(|_| ())
}
