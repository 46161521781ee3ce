//! Copies of a read model's tables beside the live ones: what may be switched back, and what must be deleted.

use domain::{EventLog, LogError, Position, SealedEvent};
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::{Connection, Executor, PgConnection, PgPool};

use crate::checkpoint::HandlerKind;
use crate::leadership::lock_key;
use crate::read_model::ReadModel;

/// Returns true if the previous tables have the version of the code. A switch is then cheaper than a rebuild.
pub(crate) async fn can_switch_back(pool: &PgPool, model: &dyn ReadModel) -> Result<bool, sqlx::Error> {
    let version =
        sqlx::query_scalar!("select version from projection.previous where name = $1", model.name())
            .fetch_optional(pool)
            .await?;
    Ok(version == Some(model.version()))
}

/// Deletes all copies of the tables of a model but the live ones: an erasure does not reach their rows.
///
/// A rebuild or a comparison that is running keeps its copy. It applies the erasure itself, or ends by dropping
/// the copy.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub(crate) async fn drop_copies(db: &mut PgConnection, model: &str) -> Result<(), sqlx::Error> {
    let previous = format!("previous_{model}");
    if exists(db, &[&previous]).await? {
        execute(db, &format!("drop schema {previous} cascade")).await?;
        sqlx::query("delete from projection.previous where name = $1").bind(model).execute(&mut *db).await?;
    }
    drop_abandoned(db, model).await
}

async fn exists(db: &mut PgConnection, schemas: &[&str]) -> Result<bool, sqlx::Error> {
    let found = "select exists (select from pg_catalog.pg_namespace where nspname = any($1))";
    sqlx::query_scalar(found).bind(schemas).fetch_one(db).await
}

/// Returns true if an event after `after` up to `last` erases a person.
///
/// # Errors
/// [`LogError`] if the log cannot be read.
pub(crate) async fn erases_between(
    log: &dyn EventLog,
    mut after: Position,
    last: Position,
) -> Result<bool, LogError> {
    while after < last {
        let events = log.read(after, 1_000).await?;
        let Some(read) = events.last() else { break };
        let erases = |event: &SealedEvent| event.event_type == "AccountErased" && event.position <= last;
        if events.iter().any(erases) {
            return Ok(true);
        }
        after = read.position;
    }
    Ok(false)
}

/// Deletes what a killed rebuild or comparison of a model has left behind.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub(crate) async fn drop_abandoned(db: &mut PgConnection, model: &str) -> Result<(), sqlx::Error> {
    if !exists(db, &[&format!("next_{model}"), &format!("scratch_{model}")]).await? {
        return Ok(());
    }
    let mut transaction = db.begin().await?;
    let idle: bool = sqlx::query_scalar("select pg_try_advisory_xact_lock($1)")
        .bind(lock_key(&format!("rebuild:{model}")))
        .fetch_one(&mut *transaction)
        .await?;
    if idle {
        let sql = format!(
            "drop schema if exists next_{model} cascade; drop schema if exists scratch_{model} cascade"
        );
        execute(&mut transaction, &sql).await?;
    }
    transaction.commit().await
}

/// Returns the position of the live checkpoint of a model; the start if the model has never run.
pub(crate) async fn live_position(
    db: &mut PgConnection,
    model: &dyn ReadModel,
) -> Result<Position, sqlx::Error> {
    let found = HandlerKind::ReadModel.find(db, model.name()).await?;
    Ok(found.map_or(Position::START, |found| found.position))
}

/// Executes several statements.
///
/// The future is boxed, because the compiler cannot prove that the future of `sqlx::raw_sql` is `Send`.
pub(crate) fn execute<'a>(
    connection: &'a mut PgConnection,
    sql: &'a str,
) -> BoxFuture<'a, Result<(), sqlx::Error>> {
    async move { connection.execute(sql).await.map(|_| ()) }.boxed()
}
