//! The role of the program in a private Postgres: it owns the database and is no superuser.

use migrations::MIGRATOR;
use sqlx::{Connection, Executor, PgConnection};

use super::{folder, start};

async fn migrate(url: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute("set search_path = public").await.unwrap();
    MIGRATOR.run(&mut connection).await.unwrap();
}

async fn yes(connection: &mut PgConnection, sql: &str) -> bool {
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
}

/// Asserts that the connection is of an owner without further rights, and that advisory locks are the owner's.
async fn is_owner_only(url: &str) {
    let mut program = PgConnection::connect(url).await.unwrap();
    let rights = "select rolsuper or rolcreaterole or rolreplication or rolbypassrls from pg_roles
                  where rolname = current_user";
    assert!(!yes(&mut program, rights).await);
    let is_owner = "select pg_get_userbyid(datdba) = current_user from pg_database
                    where datname = current_database()";
    assert!(yes(&mut program, is_owner).await);
    let others_lock =
        "select has_function_privilege('kafedra_analyst', 'pg_advisory_lock(bigint)', 'execute')";
    assert!(!yes(&mut program, others_lock).await);
    for refused in ["copy (select 1) to program 'true'", "create role another", "alter system set jit = off"]
    {
        let error = program.execute(refused).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("42501"), "{refused}");
    }
}

#[tokio::test]
async fn the_program_owns_its_database_and_is_no_superuser() {
    let folder = folder();
    let servers = start(folder.path()).await.unwrap();
    migrate(&servers.database_url).await;
    servers.finish_setup().await.unwrap();
    is_owner_only(&servers.database_url).await;
    servers.stop().await;
}

/// Earlier versions connected as the superuser, who then owned all tables.
#[tokio::test]
async fn data_of_an_earlier_version_changes_its_owner() {
    let folder = folder();
    let servers = start(folder.path()).await.unwrap();
    let admin_url = servers.admin_database_url().unwrap().to_owned();
    let mut admin = PgConnection::connect(&admin_url).await.unwrap();
    admin.execute("alter database kafedra owner to kafedra").await.unwrap();
    migrate(&admin_url).await;
    let copy = "create schema previous_test; create table previous_test.kept (n serial primary key);
                insert into previous_test.kept default values";
    admin.execute(sqlx::raw_sql(copy)).await.unwrap();
    admin.close().await.unwrap();
    servers.stop().await;

    let servers = start(folder.path()).await.unwrap();
    is_owner_only(&servers.database_url).await;
    let mut program = PgConnection::connect(&servers.database_url).await.unwrap();
    let left: Vec<String> = sqlx::query_scalar(
        "select pg_describe_object(classid, objid, 0)
         from (select 'pg_class'::regclass, oid, relowner, relnamespace from pg_class
               union all select 'pg_proc'::regclass, oid, proowner, pronamespace from pg_proc
               union all select 'pg_type'::regclass, oid, typowner, typnamespace from pg_type where typelem = 0
               union all select 'pg_namespace'::regclass, oid, nspowner, oid from pg_namespace
              ) as object (classid, objid, owner, namespace)
         where owner <> current_user::regrole
           and namespace in (select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')
           and objid <> 'public'::regnamespace
           and not exists (
               select from pg_depend
               where pg_depend.classid = object.classid and pg_depend.objid = object.objid and deptype = 'e')",
    )
    .fetch_all(&mut program)
    .await
    .unwrap();
    assert_eq!(left, Vec::<String>::new());
    for statement in [
        "insert into previous_test.kept default values",
        "drop schema previous_test cascade",
        "alter table process.tasks add column probe integer",
        "set role kafedra_app",
        "select from log.events",
    ] {
        program.execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    migrate(&servers.database_url).await;
    servers.stop().await;
}
