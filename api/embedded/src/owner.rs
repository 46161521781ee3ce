//! The role that owns the database of a private Postgres. The program connects as this role, which is no superuser.

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Executor, PgConnection};

use super::Durability;

pub(super) const OWNER: &str = "kafedra_owner";
pub(super) const DATABASE: &str = "kafedra";

/// Roles of the migrations: of the running program, and of analysts.
const GROUPS: [&str; 2] = ["kafedra_app", "kafedra_analyst"];

/// Creates the owner and the database if they are missing. Gives the owner what an earlier version of the program
/// created as `admin`.
///
/// # Errors
/// [`sqlx::Error`] if `admin` is no superuser, or the server is unavailable.
pub(super) async fn prepare(
    admin: &PgConnectOptions,
    password: &str,
    durability: Durability,
) -> Result<(), sqlx::Error> {
    let mut server = PgConnection::connect_with(&admin.clone().database("postgres")).await?;
    for role in GROUPS.into_iter().chain([OWNER]) {
        if !exists(&mut server, "select exists (select from pg_roles where rolname = $1)", role).await? {
            server.execute(format!("create role {role} nologin").as_str()).await?;
        }
    }
    for group in GROUPS {
        server.execute(format!("grant {group} to {OWNER} with admin option").as_str()).await?;
    }
    // A rebuild names the sessions that delay its switch.
    server.execute(format!("grant pg_read_all_stats to {OWNER}").as_str()).await?;
    let mut template = PgConnection::connect_with(&admin.clone().database("template1")).await?;
    template.execute(sqlx::raw_sql(include_str!("locks.sql"))).await?;
    template.close().await?;
    if exists(&mut server, "select exists (select from pg_database where datname = $1)", DATABASE).await? {
        server.execute(format!("alter database {DATABASE} owner to {OWNER}").as_str()).await?;
    } else {
        server.execute(format!("create database {DATABASE} owner {OWNER}").as_str()).await?;
    }
    let mut database = PgConnection::connect_with(&admin.clone().database(DATABASE)).await?;
    database.execute(sqlx::raw_sql(include_str!("locks.sql"))).await?;
    database.execute(sqlx::raw_sql(include_str!("owner.sql"))).await?;
    let is_migrated =
        exists(&mut database, "select exists (select from pg_namespace where nspname = $1)", "log").await?;
    database.close().await?;
    // The first migration creates roles, and so do tests.
    let roles = match durability {
        Durability::Kept if is_migrated => "nocreaterole",
        Durability::Kept | Durability::Throwaway => "createrole",
    };
    // The password has hexadecimal digits only.
    let owner = format!("alter role {OWNER} login nosuperuser createdb {roles} password '{password}'");
    server.execute(owner.as_str()).await?;
    server.close().await
}

/// Takes the right to create roles from the owner. Before PostgreSQL 16 it leads to the files of the server.
///
/// # Errors
/// [`sqlx::Error`] if the server is unavailable.
pub(super) async fn forbid_roles(admin: &PgConnectOptions) -> Result<(), sqlx::Error> {
    let mut server = PgConnection::connect_with(admin).await?;
    server.execute(format!("alter role {OWNER} nocreaterole").as_str()).await?;
    server.close().await
}

async fn exists(connection: &mut PgConnection, sql: &'static str, name: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(sql).bind(name).fetch_one(connection).await
}
