//! Compares the live tables with tables built from the log alone, row by row.

use std::sync::Arc;

use domain::{EventLog, Position};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{Connection, PgConnection, PgPool, Row};

use super::tables::{self, ModelTable};
use super::{
    BATCH_EVENTS, OnProgress, RebuildError, RebuildProgress, RebuildTarget, apply_batch, refresh_aggregates,
};
use crate::read_model::ReadModel;
use crate::stream::BatchReader;
use crate::table_copies::{execute, live_position};

/// Differences between the live tables and the tables that follow from the log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Differences {
    /// Position at which both were compared.
    pub position: Position,
    /// Tables with at least one difference.
    pub tables: Vec<TableDifference>,
    /// Number of live rows that were compared.
    pub rows: u64,
}

/// Differences in one table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableDifference {
    pub table: String,
    /// Number of rows that follow from the log and are not in the live table.
    pub missing: u64,
    /// Number of rows in the live table that do not follow from the log.
    pub unexpected: u64,
}

impl Differences {
    /// Returns true if no table differs.
    pub fn is_none(&self) -> bool {
        self.tables.is_empty()
    }
}

/// Builds the tables of `model` from the log up to the live checkpoint, and compares them with the live ones.
///
/// The new tables are in a separate schema, which is dropped at the end. The live tables are only read.
/// Identity columns are not compared.
///
/// # Errors
/// [`RebuildError::AlreadyRunning`] if a rebuild of this model is running. [`RebuildError::Poison`] if an
/// event cannot be applied. [`RebuildError::Tables`] if the log ends before the live checkpoint.
/// [`RebuildError::Log`] or [`RebuildError::Database`] if the database fails.
pub async fn compare(
    pool: &PgPool,
    log: Arc<dyn EventLog>,
    model: Arc<dyn ReadModel>,
    progress: OnProgress,
) -> Result<Differences, RebuildError> {
    let mut target = RebuildTarget::acquire(pool, log, model).await?;
    let scratch = target.schemas.scratch.clone();
    target.schemas.create(&mut target.connection, &scratch).await?;
    let differences = build_and_compare(&mut target, &scratch, &progress).await;
    execute(&mut target.connection, &format!("drop schema if exists {scratch} cascade")).await?;
    target.release().await;
    differences
}

async fn build_and_compare(
    target: &mut RebuildTarget,
    scratch: &str,
    progress: &OnProgress,
) -> Result<Differences, RebuildError> {
    let mut built = Position::START;
    loop {
        let end = live_position(&mut target.connection, &*target.model).await?;
        if end.since(built) <= BATCH_EVENTS as u64 {
            break;
        }
        let mut transaction = target.connection.begin().await?;
        built = build(
            &mut transaction,
            build_parts(&target.log, &target.filter, &target.handler),
            scratch,
            built,
            end,
            progress,
        )
        .await?;
        transaction.commit().await?;
    }
    // One snapshot of both: the runner may write the live tables meanwhile, but no switch replaces them.
    let mut transaction = target.connection.begin().await?;
    let hold = format!(
        "set transaction isolation level repeatable read; lock table {} in access share mode",
        target.schemas.table_list()
    );
    execute(&mut transaction, &hold).await?;
    let position = live_position(&mut transaction, &*target.model).await?;
    let parts = build_parts(&target.log, &target.filter, &target.handler);
    build(&mut transaction, parts, scratch, built, position, progress).await?;
    let mut differences = Differences { position, tables: Vec::new(), rows: 0 };
    for table in &target.schemas.live {
        let (difference, rows) = compare_table(&mut transaction, table, scratch).await?;
        differences.rows += rows;
        if difference.missing + difference.unexpected > 0 {
            differences.tables.push(difference);
        }
    }
    transaction.rollback().await?;
    Ok(differences)
}

type BuildParts<'a> =
    (&'a Arc<dyn EventLog>, &'a crate::stream::EventFilter, &'a crate::apply_batch::ReadModelHandler);

fn build_parts<'a>(
    log: &'a Arc<dyn EventLog>,
    filter: &'a crate::stream::EventFilter,
    handler: &'a crate::apply_batch::ReadModelHandler,
) -> BuildParts<'a> {
    (log, filter, handler)
}

/// Applies the events after `from` up to and including `to` to the scratch tables.
async fn build(
    transaction: &mut PgConnection,
    (log, filter, handler): BuildParts<'_>,
    scratch: &str,
    from: Position,
    to: Position,
    progress: &OnProgress,
) -> Result<Position, RebuildError> {
    tables::set_search_path(transaction, scratch).await?;
    let mut batch_reader = BatchReader::new(log.clone(), filter.clone(), from, BATCH_EVENTS);
    let mut reached = from;
    while reached < to {
        let Some(mut batch) = batch_reader.next_batch().await? else {
            return Err(RebuildError::Tables(format!("the log ends at {reached}, the live tables at {to}")));
        };
        batch.events.retain(|event| event.position <= to);
        if batch.poison.as_ref().is_some_and(|(position, _)| *position > to) {
            batch.poison = None;
        }
        apply_batch(transaction, handler, &batch, Timestamp::MIN).await?;
        reached = batch.last.min(to);
        progress(RebuildProgress { position: reached, head: to });
    }
    refresh_aggregates(transaction, handler).await?;
    Ok(reached)
}

async fn compare_table(
    transaction: &mut PgConnection,
    table: &ModelTable,
    scratch: &str,
) -> Result<(TableDifference, u64), sqlx::Error> {
    let ModelTable { schema, name } = table;
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
