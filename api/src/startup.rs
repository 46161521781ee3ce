//! Checks of the database and of the master key before the services start.

use std::time::Duration;

use commands::MasterKey;
use commands::database_pool::{pool_options, session_options};
use crm_sync::CrmServerError;
use domain::LogError;
use embedded_servers::{EmbeddedError, Servers};
use migrations::MIGRATOR;
use projection_runtime::StartError;
use projections::notifications::MailerError;
use secrecy::ExposeSecret;
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;

use crate::config::{Config, MasterKeyError, VideoKeyError};
use crate::http::settings::SettingsError;

/// Failure to start the services.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    #[error("the database address cannot be parsed")]
    Address(#[source] sqlx::Error),
    #[error("the database address does not begin with postgres://")]
    NotPostgres,
    #[error(
        "the server has no role kafedra_app; a dump of one database holds no roles: an administrator of the server \
         runs `create role kafedra_app nologin; grant kafedra_app to {user}`, then `kafedra migrate`, or restores \
         the dump again"
    )]
    MissingRole { user: String },
    #[error("the database cannot be reached")]
    Database(#[source] sqlx::Error),
    #[error("the database lacks {0} migrations: run `kafedra migrate`")]
    NotMigrated(usize),
    #[error("the database could not be migrated")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error(transparent)]
    Mail(#[from] MailerError),
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    #[error(transparent)]
    VideoKey(#[from] VideoKeyError),
    #[error("the log cannot be opened")]
    Log(#[from] LogError),
    #[error(transparent)]
    Projections(#[from] StartError),
    #[error("crm.url")]
    Crm(#[from] CrmServerError),
    #[error(transparent)]
    RuntimeSettings(#[from] SettingsError),
    #[error(transparent)]
    PrivateServer(#[from] EmbeddedError),
    #[error("passwords cannot be hashed")]
    Passwords(#[from] crate::auth::password::PasswordError),
}

/// Migrates the database to the schema of this version. Several OS processes may do it at once.
///
/// # Errors
/// [`StartupError::Database`] if the database is unavailable, [`StartupError::Migration`] if a migration fails.
pub async fn migrate(database_url: &str) -> Result<(), StartupError> {
    let pool = pool_options(1, Duration::from_secs(30))
        // A migration changes the search path of the database. With it sqlx would create its migration table
        // in another schema and run all migrations again.
        .connect_with(connect_options(database_url)?.options([("search_path", "public")]))
        .await
        .map_err(StartupError::Database)?;
    require_role(&pool, true).await?;
    MIGRATOR.run(&pool).await?;
    pool.close().await;
    Ok(())
}

/// Migrates the database of these servers. The role of the program then has no right to create roles.
///
/// # Errors
/// The errors of [`migrate`]; [`StartupError::PrivateServer`] if the private Postgres is unavailable.
pub async fn migrate_on(servers: &Servers) -> Result<(), StartupError> {
    migrate(&servers.database_url).await?;
    Ok(servers.finish_setup().await?)
}

/// Returns the options of every connection to the database.
/// Queries are short, so that compiling them (JIT) costs more than it saves.
pub(crate) fn connect_options(database_url: &str) -> Result<PgConnectOptions, StartupError> {
    let is_postgres = ["postgres://", "postgresql://"].iter().any(|scheme| database_url.starts_with(scheme));
    if !is_postgres {
        return Err(StartupError::NotPostgres);
    }
    let options: PgConnectOptions = database_url.parse().map_err(StartupError::Address)?;
    Ok(session_options(options.options([("jit", "off")]).application_name("kafedra")))
}

/// Checks that all migrations are applied.
///
/// # Errors
/// [`StartupError::NotMigrated`] if migrations are missing, [`StartupError::Database`] if the database is
/// unavailable.
pub(crate) async fn require_migrated(pool: &PgPool) -> Result<(), StartupError> {
    let applied: Result<Vec<i64>, sqlx::Error> =
        sqlx::query_scalar("select version from public._sqlx_migrations where success").fetch_all(pool).await;
    let applied = match applied {
        Ok(applied) => applied,
        // 42P01: the table of migrations does not exist.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P01") => Vec::new(),
        Err(error) => return Err(StartupError::Database(error)),
    };
    match MIGRATOR.iter().filter(|migration| !applied.contains(&migration.version)).count() {
        0 => require_role(pool, false).await,
        missing => Err(StartupError::NotMigrated(missing)),
    }
}

/// Checks that the role of the appender exists, or that the migration may create it.
///
/// # Errors
/// [`StartupError::MissingRole`] if it does not, [`StartupError::Database`] if the database is unavailable.
async fn require_role(pool: &PgPool, may_be_created: bool) -> Result<(), StartupError> {
    let (exists, can_create, user): (bool, bool, String) = sqlx::query_as(
        "select exists (select from pg_catalog.pg_roles where rolname = 'kafedra_app'),
           (select rolsuper or rolcreaterole from pg_catalog.pg_roles where rolname = current_user),
           current_user::text",
    )
    .fetch_one(pool)
    .await
    .map_err(StartupError::Database)?;
    if exists || (may_be_created && can_create) { Ok(()) } else { Err(StartupError::MissingRole { user }) }
}

/// Loads the master key. A key file is created only for a database without events.
///
/// # Errors
/// [`StartupError::MasterKey`] if the key is missing or invalid, [`StartupError::Database`] if the database is
/// unavailable.
pub(crate) async fn load_master_key(config: &Config, pool: &PgPool) -> Result<MasterKey, StartupError> {
    let has_events: bool = sqlx::query_scalar("select exists (select from log.events)")
        .fetch_one(pool)
        .await
        .map_err(StartupError::Database)?;
    let key = if has_events { config.existing_master_key()? } else { config.master_key()? };
    Ok(MasterKey::new(*key.expose_secret()))
}
