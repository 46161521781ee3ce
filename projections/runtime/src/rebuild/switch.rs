//! The switch: in one transaction the new tables take the place of the live ones.

use std::sync::Arc;

use domain::EventLog;
use jiff::Timestamp;
use sqlx::PgConnection;

use super::tables::{self, Schemas, Table};
use super::{BATCH, RebuildError, Rebuilt, apply, settle};
use crate::apply_batch::{Applier, ModelApplier};
use crate::checkpoint::HandlerKind;
use crate::stream::{Bulk, Filter};

/// Tables that are (almost) up to date.
pub(super) struct Incoming {
    pub(super) schema: String,
    pub(super) position: u64,
    pub(super) version: i32,
}

/// Prepares everything in a transaction that the caller commits, or rolls back when readers are in
/// the way ([`RebuildError::Busy`]).
pub(super) async fn switch(
    transaction: &mut PgConnection,
    log: &Arc<dyn EventLog>,
    filter: &Filter,
    applier: &ModelApplier,
    schemas: &Schemas,
    incoming: &Incoming,
) -> Result<Rebuilt, RebuildError> {
    let name = applier.name();
    // From here the live runner waits; it finds another generation and starts from there.
    let checkpoint = HandlerKind::ReadModel.load(&mut *transaction, name, incoming.version, 0).await?;
    let (position, generation): (i64, i32) =
        sqlx::query_as("select position, generation from projection.checkpoints where name = $1 for update")
            .bind(name)
            .fetch_one(&mut *transaction)
            .await?;
    tables::look_at(transaction, &incoming.schema).await?;
    let reached = catch_up(transaction, log, filter, applier, incoming.position).await?;
    if reached < position.cast_unsigned() {
        return Err(RebuildError::Tables(format!(
            "the log ends at {reached}, the live tables at {position}"
        )));
    }
    let followers = tables::followers(transaction, &schemas.live).await?;
    swap(transaction, schemas, &incoming.schema, &followers).await?;
    sqlx::query(
        "insert into projection.previous (name, position, version) values ($1, $2, $3)
         on conflict (name) do update
         set position = excluded.position, version = excluded.version, switched_at = now()",
    )
    .bind(name)
    .bind(position)
    .bind(checkpoint.version)
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "update projection.checkpoints
         set position = $2, version = $3, generation = $4, updated_at = now(),
             error = null, error_position = null, error_at = null
         where name = $1",
    )
    .bind(name)
    .bind(reached.cast_signed())
    .bind(incoming.version)
    .bind(generation + 1)
    .execute(&mut *transaction)
    .await?;
    Ok(Rebuilt { position: reached, version: incoming.version, generation: generation + 1 })
}

/// The last few events, while the live runner waits.
async fn catch_up(
    transaction: &mut PgConnection,
    log: &Arc<dyn EventLog>,
    filter: &Filter,
    applier: &ModelApplier,
    from: u64,
) -> Result<u64, RebuildError> {
    let mut bulk = Bulk::new(log.clone(), filter.clone(), from, BATCH);
    let mut reached = from;
    while let Some(batch) = bulk.next().await? {
        apply(transaction, applier, &batch, Timestamp::MIN).await?;
        reached = batch.last;
        if batch.last - batch.after < BATCH as u64 {
            break;
        }
    }
    settle(transaction, applier).await?;
    Ok(reached)
}

async fn swap(
    transaction: &mut PgConnection,
    schemas: &Schemas,
    incoming: &str,
    followers: &str,
) -> Result<(), RebuildError> {
    let previous = &schemas.previous;
    // Rather give up soon than let every reader queue behind us.
    let lock =
        format!("set local lock_timeout = '300ms'; lock table {} in access exclusive mode;", schemas.names());
    if let Err(error) = tables::run(transaction, &lock).await {
        return Err(if is_in_the_way(&error) { RebuildError::Busy } else { error.into() });
    }
    let mut sql = String::new();
    let aside = "incoming_tables";
    sql.push_str(&format!("alter schema {incoming} rename to {aside}_{previous};\n"));
    sql.push_str(&format!("drop schema if exists {previous} cascade;\ncreate schema {previous};\n"));
    for Table { schema, name } in &schemas.live {
        sql.push_str(&format!("alter table {schema}.{name} set schema {previous};\n"));
        sql.push_str(&format!("alter table {aside}_{previous}.{name} set schema {schema};\n"));
    }
    sql.push_str(&format!("drop schema {aside}_{previous};\n"));
    sql.push_str(followers);
    match tables::run(transaction, &sql).await {
        Ok(_) => Ok(()),
        Err(error) if is_in_the_way(&error) => Err(RebuildError::Busy),
        Err(error) => Err(error.into()),
    }
}

/// 55P03: the lock did not come in time; 40P01: two waited for each other.
fn is_in_the_way(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| code == "55P03" || code == "40P01")
}
