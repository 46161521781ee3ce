//! The tables of one read model in the schemas live, next, previous and scratch.

use sqlx::{PgConnection, Row};

use super::RebuildError;
use crate::read_model::ReadModel;
use crate::table_copies::execute;

/// A live table of a read model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ModelTable {
    pub(super) schema: String,
    pub(super) name: String,
}

/// Schemas of one read model: the live tables, and three schema names for other copies.
#[derive(Clone, Debug)]
pub(super) struct Schemas {
    pub(super) live: Vec<ModelTable>,
    pub(super) next: String,
    pub(super) previous: String,
    pub(super) scratch: String,
}

impl Schemas {
    /// Returns the schemas of a model. Checks all names, because they become a part of statements.
    ///
    /// # Errors
    /// [`RebuildError::Tables`] if a name has other characters than `a`–`z`, `0`–`9` and `_`, or no schema.
    pub(super) fn for_model(model: &dyn ReadModel) -> Result<Self, RebuildError> {
        let plain = |text: &str| {
            let ok = !text.is_empty()
                && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            if ok { Ok(()) } else { Err(RebuildError::Tables(format!("{text} is not a plain name"))) }
        };
        plain(model.name())?;
        let mut live = Vec::new();
        for table in model.tables() {
            let (schema, name) = table
                .split_once('.')
                .ok_or_else(|| RebuildError::Tables(format!("{table} has no schema")))?;
            plain(schema)?;
            plain(name)?;
            live.push(ModelTable { schema: schema.to_owned(), name: name.to_owned() });
        }
        let name = model.name();
        Ok(Self {
            live,
            next: format!("next_{name}"),
            previous: format!("previous_{name}"),
            scratch: format!("scratch_{name}"),
        })
    }

    /// Returns the live tables as a comma-separated list for a statement.
    pub(super) fn table_list(&self) -> String {
        let names: Vec<String> =
            self.live.iter().map(|ModelTable { schema, name }| format!("{schema}.{name}")).collect();
        names.join(", ")
    }

    /// Creates empty tables like the live ones in `schema`. Drops the remains of an earlier attempt.
    pub(super) async fn create(
        &self,
        connection: &mut PgConnection,
        schema: &str,
    ) -> Result<(), sqlx::Error> {
        let mut sql = format!("drop schema if exists {schema} cascade; create schema {schema};\n");
        for ModelTable { schema: live, name } in &self.live {
            sql.push_str(&format!("create table {schema}.{name} (like {live}.{name} including all);\n"));
        }
        let mut transaction = sqlx::Connection::begin(connection).await?;
        execute(&mut transaction, &sql).await?;
        transaction.commit().await
    }

    /// Analyzes the tables in `schema`. Autovacuum may not do so before they are live.
    pub(super) async fn analyze(
        &self,
        connection: &mut PgConnection,
        schema: &str,
    ) -> Result<(), sqlx::Error> {
        let names: Vec<String> = self.live.iter().map(|table| format!("{schema}.{}", table.name)).collect();
        execute(connection, &format!("analyze {}", names.join(", "))).await
    }

    /// Analyzes the tables from a small sample, while they still grow.
    pub(super) async fn analyze_roughly(
        &self,
        connection: &mut PgConnection,
        schema: &str,
    ) -> Result<(), sqlx::Error> {
        execute(connection, "set default_statistics_target = 10").await?;
        self.analyze(connection, schema).await?;
        execute(connection, "reset default_statistics_target").await
    }
}

/// Drops these indexes, each given as `table (columns)`, of the tables in `schema`.
///
/// Returns the statements that create them again.
pub(super) async fn drop_indexes(
    connection: &mut PgConnection,
    schema: &str,
    indexes: &[&str],
) -> Result<Vec<String>, sqlx::Error> {
    let found: Vec<(String, String)> = sqlx::query_as(include_str!("indexes.sql"))
        .bind(schema)
        .bind(indexes)
        .fetch_all(&mut *connection)
        .await?;
    let mut definitions = Vec::with_capacity(found.len());
    for (name, definition) in found {
        execute(connection, &format!("drop index {name}")).await?;
        definitions.push(definition);
    }
    Ok(definitions)
}

pub(super) async fn create_indexes(
    connection: &mut PgConnection,
    definitions: &[String],
) -> Result<(), sqlx::Error> {
    for definition in definitions {
        execute(connection, definition).await?;
    }
    Ok(())
}

/// Makes the transaction see the tables in `schema` and no live ones, until its end.
///
/// PostgreSQL plans each batch again. A plan for an empty table would scan all of it after it has grown.
pub(super) async fn set_search_path(transaction: &mut PgConnection, schema: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "select set_config('search_path', $1, true),
                set_config('synchronous_commit', 'off', true),
                set_config('plan_cache_mode', 'force_custom_plan', true)",
    )
    .bind(format!("{schema}, public"))
    .execute(transaction)
    .await
    .map(|_| ())
}

/// Returns the statements that restore views and privileges after tables are replaced.
///
/// The caller must read them before the tables move, because both belong to the table and not to its name.
pub(super) async fn dependent_statements(
    connection: &mut PgConnection,
    tables: &[ModelTable],
) -> Result<String, sqlx::Error> {
    let names: Vec<String> = tables.iter().map(|table| format!("{}.{}", table.schema, table.name)).collect();
    // With an empty search path PostgreSQL writes every name in a view's text with its schema.
    sqlx::query("select set_config('search_path', '', true)").execute(&mut *connection).await?;
    let mut sql = String::new();
    for row in sqlx::query(include_str!("followers.sql")).bind(&names).fetch_all(connection).await? {
        sql.push_str(row.try_get("statement")?);
        sql.push('\n');
    }
    Ok(sql)
}
