//! The lists of the CRM as of a position: what has not changed since is read, the rest is folded again.

mod folding;
mod streams;

use domain::{EventLog, LogError};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::read_model::ApplyError;
use folding::fold;

/// A transaction in which the tables `users`, `tickets`, `ticket_texts` and `timeline` are what they were when
/// the log ended at a position, and the queries of the lists read them. It has temporary tables in it and is
/// never committed. Who is erased by now was never known.
pub struct Past {
    transaction: Transaction<'static, Postgres>,
}

/// Why the past can not be shown.
#[derive(Debug, thiserror::Error)]
pub enum PastError {
    #[error("the read models could not be read")]
    Database(#[from] sqlx::Error),
    #[error("the log could not be read")]
    Log(#[from] LogError),
    #[error("rows could not be folded again")]
    Apply(#[from] ApplyError),
}

impl Past {
    /// As of `position`, which the read models `crm_users`, `crm_timeline` and `tickets` have reached.
    ///
    /// # Errors
    /// The database is away, or an event can not be read.
    pub async fn at(pool: &PgPool, log: &dyn EventLog, position: u64) -> Result<Self, PastError> {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let mut transaction = pool.begin().await?;
        begin(&mut transaction).await?;
        fold(&mut transaction, log, position).await?;
        show(&mut transaction, position).await?;
        Ok(Self { transaction })
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
        "lock table crm.users, crm.user_lessons, crm.tickets, crm.ticket_texts, crm.timeline in access share mode",
        // Another path than that of live lists, so that statements prepared for these are planned anew.
        "set local search_path = pg_temp, app, crm, public",
    ] {
        sqlx::query(statement).execute(&mut *db).await?;
    }
    Ok(())
}

/// Puts what the queries read in place of the live tables.
async fn show(db: &mut PgConnection, position: i64) -> Result<(), sqlx::Error> {
    for table in ["users", "tickets"] {
        let unchanged = format!("select * from crm.{table} where position <= {position}");
        sqlx::query(&format!("alter table pg_temp.{table} rename to changed_{table}"))
            .execute(&mut *db)
            .await?;
        let view = format!(
            "create temporary view {table} as {unchanged} union all select * from pg_temp.changed_{table}"
        );
        sqlx::query(&view).execute(&mut *db).await?;
    }
    sqlx::query("drop table pg_temp.ticket_texts").execute(&mut *db).await?;
    for table in ["ticket_texts", "timeline"] {
        let view = format!(
            "create temporary view {table} as select * from crm.{table} where position <= {position}"
        );
        sqlx::query(&view).execute(&mut *db).await?;
    }
    Ok(())
}
