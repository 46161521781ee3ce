//! The lists of the CRM as of a position: what has not changed since is read where it is, the rest from how it was.

use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::{CrmUsers, Tickets};
use crate::checkpoint::Kind;
use crate::read_model::ReadModel;

/// A transaction in which the tables `users`, `tickets`, `ticket_texts` and `timeline` are what they were when
/// the log ended at a position, and the queries of the lists read them. It has temporary views in it and is
/// never committed. Who is erased by now was never known.
pub struct Past {
    transaction: Transaction<'static, Postgres>,
}

impl Past {
    /// As of `position`, which the read models `crm_users`, `crm_timeline` and `tickets` have reached. `None` while
    /// the tables are those of older code, which kept less.
    ///
    /// # Errors
    /// The database is away.
    pub async fn at(pool: &PgPool, position: u64) -> Result<Option<Self>, sqlx::Error> {
        let mut transaction = pool.begin().await?;
        begin(&mut transaction).await?;
        if is_older(&mut transaction, &CrmUsers).await? || is_older(&mut transaction, &Tickets).await? {
            return Ok(None);
        }
        show(&mut transaction, i64::try_from(position).unwrap_or(i64::MAX)).await?;
        Ok(Some(Self { transaction }))
    }

    /// Where the lists are read.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}

/// From here the transaction sees one state of rows that no switch of a rebuilt model takes away: the locks
/// come first, and with the first row that is read the state is chosen.
async fn begin(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    for statement in [
        "set transaction isolation level repeatable read",
        "lock table crm.users, crm.user_versions, crm.user_shapes, crm.tickets, crm.ticket_versions,
           crm.ticket_texts, crm.timeline in access share mode",
        // Another path than that of live lists, so that statements prepared for these are planned anew.
        "set local search_path = pg_temp, app, crm, public",
    ] {
        sqlx::query(statement).execute(&mut *db).await?;
    }
    Ok(())
}

async fn is_older(db: &mut PgConnection, model: &dyn ReadModel) -> Result<bool, sqlx::Error> {
    let found = Kind::ReadModel.find(db, model.name()).await?;
    Ok(found.is_some_and(|checkpoint| checkpoint.version < model.version()))
}

/// Puts what the queries read in place of the live tables.
async fn show(db: &mut PgConnection, position: i64) -> Result<(), sqlx::Error> {
    for view in [include_str!("users.sql"), include_str!("tickets.sql")] {
        sqlx::query(&view.replace("$position", &position.to_string())).execute(&mut *db).await?;
    }
    for table in ["ticket_texts", "timeline"] {
        let view = format!(
            "create temporary view {table} as select * from crm.{table} where position <= {position}"
        );
        sqlx::query(&view).execute(&mut *db).await?;
    }
    Ok(())
}
