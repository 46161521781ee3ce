//! The switch: replaces the live tables by the new ones in one transaction.

use std::sync::Arc;

use domain::{EventLog, Position};
use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};

use super::tables::{self, ModelTable, Schemas};
use super::{BATCH_EVENTS, RebuildError, RebuildResult, apply_batch, refresh_aggregates};
use crate::apply_batch::{EventHandler, ReadModelHandler};
use crate::checkpoint::HandlerKind;
use crate::stream::{BatchReader, EventFilter};
use crate::table_copies::{drop_copies, erases_between, execute};

/// Tables that are up to date except for the last few events.
pub(super) struct NextTables {
    pub(super) schema: String,
    pub(super) position: Position,
    pub(super) version: i32,
}

/// Lists the sessions that read the live tables: the id of each process, its user, its name and its state.
pub(super) async fn list_readers(pool: &PgPool, schemas: &Schemas) -> Result<String, sqlx::Error> {
    let tables: Vec<String> =
        schemas.live.iter().map(|ModelTable { schema, name }| format!("{schema}.{name}")).collect();
    sqlx::query_scalar(
        "select coalesce(string_agg(concat_ws(' ', pid, usename, nullif(application_name, ''), state), '; '
             order by pid), '')
         from pg_catalog.pg_stat_activity
         where pid in (
           select pid from pg_catalog.pg_locks
           where granted and relation in (select name::regclass from unnest($1::text[]) as name))",
    )
    .bind(tables)
    .fetch_one(pool)
    .await
}

/// Switches in a transaction that the caller must commit, or roll back on an error.
///
/// # Errors
/// [`RebuildError::Busy`] if readers block the switch. [`RebuildError::Tables`] if the log ends before the
/// live tables. [`RebuildError::Poison`] if one of the last events cannot be applied. [`RebuildError::Log`]
/// or [`RebuildError::Database`] if the database fails.
pub(super) async fn switch(
    transaction: &mut PgConnection,
    log: &Arc<dyn EventLog>,
    filter: &EventFilter,
    handler: &ReadModelHandler,
    schemas: &Schemas,
    next: &NextTables,
) -> Result<RebuildResult, RebuildError> {
    let name = handler.name();
    // From here the live runner waits. It then finds a new generation and starts from its checkpoint.
    let checkpoint =
        HandlerKind::ReadModel.load(&mut *transaction, name, next.version, Position::START).await?;
    let (position, generation): (Position, i32) =
        sqlx::query_as("select position, generation from projection.checkpoints where name = $1 for update")
            .bind(name)
            .fetch_one(&mut *transaction)
            .await?;
    tables::set_search_path(transaction, &next.schema).await?;
    let reached = catch_up(transaction, log, filter, handler, next.position).await?;
    if reached < position {
        return Err(RebuildError::Tables(format!(
            "the log ends at {reached}, the live tables at {position}"
        )));
    }
    let dependents = tables::dependent_statements(transaction, &schemas.live).await?;
    swap(transaction, schemas, &next.schema, &dependents).await?;
    // The former tables do not know of these erasures, and would never learn of them.
    if erases_between(&**log, position, reached).await? {
        drop_copies(transaction, name).await?;
        return finish(transaction, name, generation + 1, reached, next.version).await;
    }
    sqlx::query!(
        "insert into projection.previous (name, position, version) values ($1, $2, $3)
         on conflict (name) do update
         set position = excluded.position, version = excluded.version, switched_at = now()",
        name,
        position.to_bigint(),
        checkpoint.version,
    )
    .execute(&mut *transaction)
    .await?;
    finish(transaction, name, generation + 1, reached, next.version).await
}

/// Writes the checkpoint of the new tables.
async fn finish(
    transaction: &mut PgConnection,
    name: &str,
    generation: i32,
    position: Position,
    version: i32,
) -> Result<RebuildResult, RebuildError> {
    sqlx::query!(
        "update projection.checkpoints
         set position = $2, version = $3, newest_version = $3, generation = $4, updated_at = now(),
             error = null, error_position = null, error_at = null
         where name = $1",
        name,
        position.to_bigint(),
        version,
        generation,
    )
    .execute(&mut *transaction)
    .await?;
    Ok(RebuildResult { position, version, generation })
}

/// Applies the last few events while the live runner waits. Returns the position reached.
async fn catch_up(
    transaction: &mut PgConnection,
    log: &Arc<dyn EventLog>,
    filter: &EventFilter,
    handler: &ReadModelHandler,
    from: Position,
) -> Result<Position, RebuildError> {
    let mut batch_reader = BatchReader::new(log.clone(), filter.clone(), from, BATCH_EVENTS);
    let mut reached = from;
    while let Some(batch) = batch_reader.next_batch().await? {
        apply_batch(transaction, handler, &batch, Timestamp::MIN).await?;
        reached = batch.last;
        if batch.last.since(batch.after) < BATCH_EVENTS as u64 {
            break;
        }
    }
    refresh_aggregates(transaction, handler).await?;
    Ok(reached)
}

async fn swap(
    transaction: &mut PgConnection,
    schemas: &Schemas,
    next: &str,
    dependents: &str,
) -> Result<(), RebuildError> {
    let previous = &schemas.previous;
    // A short timeout: new readers queue behind a waiting exclusive lock.
    let lock = format!(
        "set local lock_timeout = '300ms'; lock table {} in access exclusive mode;",
        schemas.table_list()
    );
    if let Err(error) = execute(transaction, &lock).await {
        return Err(if blocks_switch(&error) { RebuildError::Busy } else { error.into() });
    }
    let mut sql = String::new();
    let aside = "incoming_tables";
    sql.push_str(&format!("alter schema {next} rename to {aside}_{previous};\n"));
    sql.push_str(&format!("drop schema if exists {previous} cascade;\ncreate schema {previous};\n"));
    for ModelTable { schema, name } in &schemas.live {
        sql.push_str(&format!("alter table {schema}.{name} set schema {previous};\n"));
        sql.push_str(&format!("alter table {aside}_{previous}.{name} set schema {schema};\n"));
    }
    sql.push_str(&format!("drop schema {aside}_{previous};\n"));
    sql.push_str(dependents);
    match execute(transaction, &sql).await {
        Ok(_) => Ok(()),
        Err(error) if blocks_switch(&error) => Err(RebuildError::Busy),
        Err(error) => Err(error.into()),
    }
}

/// Returns true for 55P03 (lock timeout) and 40P01 (deadlock).
fn blocks_switch(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| code == "55P03" || code == "40P01")
}
