//! Live tables against tables built from the log alone, row for row.

use std::sync::Arc;

use domain::EventLog;
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{Connection, PgConnection, PgPool, Row};

use super::tables::{self, Table};
use super::{BATCH, OnProgress, RebuildError, RebuildProgress, Room, apply, live, settle};
use crate::read_model::ReadModel;
use crate::stream::Bulk;

/// How the live tables differ from what the log says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Differences {
    /// The position at which both were compared.
    pub position: u64,
    /// Only tables with a difference.
    pub tables: Vec<TableDifference>,
    /// Rows compared.
    pub rows: u64,
}

/// How one table differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableDifference {
    pub table: String,
    /// Rows that the log gives and the live table has not.
    pub missing: u64,
    /// Rows that the live table has and the log does not give.
    pub unexpected: u64,
}

impl Differences {
    pub fn is_none(&self) -> bool {
        self.tables.is_empty()
    }
}

/// Builds the tables of `model` in a schema of their own, from the log up to the live checkpoint,
/// and compares them with the live ones. Columns that count by themselves (identity) do not matter.
///
/// # Errors
/// See [`RebuildError`]; the live tables are only read.
pub async fn compare(
    pool: &PgPool,
    log: Arc<dyn EventLog>,
    model: Arc<dyn ReadModel>,
    progress: OnProgress,
) -> Result<Differences, RebuildError> {
    let mut room = Room::enter(pool, log, model).await?;
    let scratch = room.schemas.scratch.clone();
    room.schemas.create(&mut room.connection, &scratch).await?;
    let differences = build_and_compare(&mut room, &scratch, &progress).await;
    tables::run(&mut room.connection, &format!("drop schema if exists {scratch} cascade")).await?;
    room.leave().await;
    differences
}

async fn build_and_compare(
    room: &mut Room,
    scratch: &str,
    progress: &OnProgress,
) -> Result<Differences, RebuildError> {
    let mut built = 0;
    loop {
        let target = live(&mut room.connection, &*room.model).await?;
        if target.saturating_sub(built) <= BATCH as u64 {
            break;
        }
        let mut transaction = room.connection.begin().await?;
        built = build(
            &mut transaction,
            room_parts(&room.log, &room.filter, &room.applier),
            scratch,
            built,
            target,
            progress,
        )
        .await?;
        transaction.commit().await?;
    }
    // One snapshot of both: the live tables go on meanwhile, but no switch takes them away.
    let mut transaction = room.connection.begin().await?;
    let hold = format!(
        "set transaction isolation level repeatable read; lock table {} in access share mode",
        room.schemas.names()
    );
    tables::run(&mut transaction, &hold).await?;
    let position = live(&mut transaction, &*room.model).await?;
    let parts = room_parts(&room.log, &room.filter, &room.applier);
    build(&mut transaction, parts, scratch, built, position, progress).await?;
    let mut differences = Differences { position, tables: Vec::new(), rows: 0 };
    for table in &room.schemas.live {
        let (difference, rows) = compare_table(&mut transaction, table, scratch).await?;
        differences.rows += rows;
        if difference.missing + difference.unexpected > 0 {
            differences.tables.push(difference);
        }
    }
    transaction.rollback().await?;
    Ok(differences)
}

type Parts<'a> = (&'a Arc<dyn EventLog>, &'a crate::stream::Filter, &'a crate::apply_batch::ModelApplier);

fn room_parts<'a>(
    log: &'a Arc<dyn EventLog>,
    filter: &'a crate::stream::Filter,
    applier: &'a crate::apply_batch::ModelApplier,
) -> Parts<'a> {
    (log, filter, applier)
}

/// Applies the log to the scratch tables from `from` to `to`, and not one event further.
async fn build(
    transaction: &mut PgConnection,
    (log, filter, applier): Parts<'_>,
    scratch: &str,
    from: u64,
    to: u64,
    progress: &OnProgress,
) -> Result<u64, RebuildError> {
    tables::look_at(transaction, scratch).await?;
    let mut bulk = Bulk::new(log.clone(), filter.clone(), from, BATCH);
    let mut reached = from;
    while reached < to {
        let Some(mut batch) = bulk.next().await? else {
            return Err(RebuildError::Tables(format!("the log ends at {reached}, the live tables at {to}")));
        };
        batch.events.retain(|event| event.position <= to);
        if batch.poison.as_ref().is_some_and(|(position, _)| *position > to) {
            batch.poison = None;
        }
        apply(transaction, applier, &batch, Timestamp::MIN).await?;
        reached = batch.last.min(to);
        progress(RebuildProgress { position: reached, head: to });
    }
    settle(transaction, applier).await?;
    Ok(reached)
}

async fn compare_table(
    transaction: &mut PgConnection,
    table: &Table,
    scratch: &str,
) -> Result<(TableDifference, u64), sqlx::Error> {
    let Table { schema, name } = table;
    let own: Vec<String> = sqlx::query_scalar(
        "select attname::text from pg_catalog.pg_attribute
         where attrelid = to_regclass($1) and attidentity <> ''",
    )
    .bind(format!("{schema}.{name}"))
    .fetch_all(&mut *transaction)
    .await?;
    let sql = format!(
        "with live as (select to_jsonb(t) - $1::text[] as r from {schema}.{name} as t),
              built as (select to_jsonb(t) - $1::text[] as r from {scratch}.{name} as t)
         select (select count(*) from (select r from built except all select r from live) as x) as missing,
                (select count(*) from (select r from live except all select r from built) as x) as unexpected,
                (select count(*) from live) as rows"
    );
    let row = sqlx::query(&sql).bind(&own).fetch_one(transaction).await?;
    let count = |name| row.try_get::<i64, _>(name).map(i64::cast_unsigned);
    let difference = TableDifference {
        table: format!("{schema}.{name}"),
        missing: count("missing")?,
        unexpected: count("unexpected")?,
    };
    Ok((difference, count("rows")?))
}
