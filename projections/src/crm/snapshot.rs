//! CRM lists from one database snapshot, live or as of a position. As of a position, the views of schema
//! `past` replace the live tables.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::{HandlerKind, ReadModel, snapshot_read};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::analytics::AsOf;
use super::{CrmUsersReadModel, TimelineReadModel};
use crate::support::TicketsReadModel;

/// Transaction in which the CRM lists are read.
pub struct CrmSnapshot {
    transaction: Transaction<'static, Postgres>,
}

impl CrmSnapshot {
    /// Begins a snapshot of the live tables.
    ///
    /// # Errors
    /// [`sqlx::Error`] if the database is unavailable.
    pub async fn begin(pool: &PgPool) -> Result<Self, sqlx::Error> {
        let tables =
            [CrmUsersReadModel.tables(), TicketsReadModel.tables(), TimelineReadModel.tables()].concat();
        Ok(Self { transaction: snapshot_read::begin_snapshot(pool, &tables).await? })
    }

    /// Begins a snapshot as of a position. The read models `crm_users`, `crm_timeline` and `tickets` must
    /// have reached it. The snapshot has no personal data of people who are erased by now.
    ///
    /// Returns `None` if an older version wrote the tables, because it kept less.
    ///
    /// # Errors
    /// [`sqlx::Error`] if the database is unavailable.
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

    /// Returns the connection of the snapshot.
    pub fn db(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}

async fn is_outdated(db: &mut PgConnection, model: &dyn ReadModel) -> Result<bool, sqlx::Error> {
    let found = HandlerKind::ReadModel.find(db, model.name()).await?;
    Ok(found.is_some_and(|checkpoint| checkpoint.version < model.version()))
}

/// Makes the rest of the transaction read the past.
async fn set_as_of(db: &mut PgConnection, AsOf { instant, position }: AsOf) -> Result<(), sqlx::Error> {
    sqlx::query(
        "select set_config('kafedra.position', $1::bigint::text, true),
                set_config('kafedra.instant', $2::timestamptz::text, true),
                set_config('search_path', 'past, app, crm, public', true)",
    )
    .bind(position.to_bigint())
    // Before any data of an installation, and an instant that Postgres can represent.
    .bind(instant.max(Timestamp::UNIX_EPOCH).to_sqlx())
    .execute(db)
    .await
    .map(|_| ())
}
