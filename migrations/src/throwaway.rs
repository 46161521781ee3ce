//! A migrated database for one test, copied from a template in about 30 ms.

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};
use uuid::Uuid;

use crate::MIGRATOR;

/// Advisory lock under which one test process at a time creates the template.
const TEMPLATE_LOCK: i64 = 0x6b61_6665_6472_6101;

/// A separate database. It exists until its server is deleted.
pub struct ThrowawayDatabase {
    pub options: PgConnectOptions,
    pub url: String,
}

/// Creates a database from the template of the present migrations. Creates the template first if it is
/// missing.
///
/// # Errors
/// [`sqlx::Error::Configuration`] if `server_url` is invalid or a migration fails. Another [`sqlx::Error`] if
/// the server is unavailable.
pub async fn throwaway_database(server_url: &str) -> Result<ThrowawayDatabase, sqlx::Error> {
    let server: PgConnectOptions = server_url.parse()?;
    let mut connection = PgConnection::connect_with(&server.clone().database("postgres")).await?;
    let template = format!("kafedra_template_{}", checksum());
    sqlx::query("select pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut connection).await?;
    let made: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(&template)
        .fetch_one(&mut connection)
        .await?;
    if !made {
        make_template(&mut connection, &server, &template).await?;
    }
    sqlx::query("select pg_advisory_unlock($1)").bind(TEMPLATE_LOCK).execute(&mut connection).await?;
    #[expect(clippy::disallowed_methods, reason = "the database name must be unique")]
    let name = format!("kafedra_test_{}", Uuid::new_v4().simple());
    let copy = format!("create database {name} template {template} strategy file_copy");
    connection.execute(copy.as_str()).await?;
    // A database setting made by a migration is not copied with the template.
    connection.execute(format!("alter database {name} set search_path = app, crm, public").as_str()).await?;
    connection.close().await?;
    let options = server.database(&name);
    let url = options.to_url_lossy().to_string();
    Ok(ThrowawayDatabase { options, url })
}

/// Creates the template under another name and renames it at the end. An existing template is thus complete.
async fn make_template(
    connection: &mut PgConnection,
    server: &PgConnectOptions,
    template: &str,
) -> Result<(), sqlx::Error> {
    let unfinished = format!("{template}_unfinished");
    connection.execute(format!("drop database if exists {unfinished}").as_str()).await?;
    connection.execute(format!("create database {unfinished}").as_str()).await?;
    let mut migrating = PgConnection::connect_with(&server.clone().database(&unfinished)).await?;
    MIGRATOR.run(&mut migrating).await.map_err(|error| sqlx::Error::Configuration(error.into()))?;
    migrating.close().await?;
    connection.execute(format!("alter database {unfinished} rename to {template}").as_str()).await?;
    Ok(())
}

fn checksum() -> String {
    let all: Vec<u8> = MIGRATOR.iter().flat_map(|migration| migration.checksum.iter().copied()).collect();
    Uuid::new_v5(&Uuid::NAMESPACE_OID, &all).simple().to_string()
}
