//! SQL access of analysts: documented views, masked contacts, and nothing else.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{AccountId, Role};
use projection_runtime::rebuild;
use projections::crm::{mask_email, mask_phone};
use projections::read_models;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Executor, PgConnection, PgPool};
use uuid::Uuid;

use crate::history::History;
use crate::kept_log::KeptLog;
use crate::school::{Offer, School};
use crate::tables::Tables;

const DOCUMENT: &str = include_str!("../../../migrations/ANALYSTS.md");

/// A login with the granted role, as the document describes.
async fn analyst(pool: &PgPool) -> PgConnection {
    #[expect(
        clippy::disallowed_methods,
        reason = "roles belong to the whole server: each test needs its own name"
    )]
    let name = format!("analyst_{}", Uuid::new_v4().simple());
    let login = format!("create role {name} login password '{name}' in role kafedra_analyst");
    pool.execute(login.as_str()).await.unwrap();
    let options: PgConnectOptions = (*pool.connect_options()).clone();
    PgConnection::connect_with(&options.username(&name).password(&name)).await.unwrap()
}

/// Code of Postgres if it refuses, otherwise `None`.
async fn refused(analyst: &mut PgConnection, sql: &str) -> Option<String> {
    let error = analyst.execute(sql).await.err()?;
    Some(error.into_database_error().unwrap().code().unwrap().into_owned())
}

fn school() -> (School, AccountId) {
    let mut school = School::new(3);
    let (vera, anna) = (school.teacher("vera"), school.student("anna"));
    let slot = school.offers(vera, &Offer::at("2026-06-01T10:00:00Z"));
    let booking = school.books(slot, anna);
    school.completes(slot, vera);
    school.reviews(slot, booking, (anna, vera), 5);
    school.history.opens_welcome_ticket(anna);
    (school, anna)
}

/// The queries of the document, in its order.
fn queries() -> Vec<&'static str> {
    let blocks = DOCUMENT.split("```sql\n").skip(1);
    blocks.map(|block| block.split_once("\n```").unwrap().0.trim_end_matches(';')).collect()
}

#[tokio::test]
async fn the_queries_of_the_document_run_as_an_analyst() {
    let (school, _) = school();
    let pool = Tables::of(&school.history.events).await.pool;
    let mut analyst = analyst(&pool).await;
    assert_eq!(queries().len(), 6);
    for (number, query) in queries().into_iter().enumerate() {
        let rows = sqlx::query(query).fetch_all(&mut analyst).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}:\n{query}"));
        // The other queries ask about the last months, and the fixed dates of the test grow older.
        assert!(number > 1 || !rows.is_empty(), "{query}");
    }
}

/// A12 and A20: the views say which lessons were held, and to which a student came.
#[tokio::test]
async fn a12_the_views_say_what_was_held_and_attended() {
    let mut school = School::new(3);
    let (vera, anna, boris) = (school.teacher("vera"), school.student("anna"), school.student("boris"));
    for (student, starts_at, comes) in
        [(anna, "2026-06-01T10:00:00Z", true), (boris, "2026-06-01T12:00:00Z", false)]
    {
        let slot = school.offers(vera, &Offer::at(starts_at));
        let booking = school.books(slot, student);
        school.completes(slot, vera);
        if !comes {
            school.misses(slot, booking, student);
        }
    }
    let open = school.offers(vera, &Offer::at("2026-06-02T10:00:00Z"));
    school.books(open, anna);
    let pool = Tables::of(&school.history.events).await.pool;
    let mut analyst = analyst(&pool).await;
    let lessons: Vec<(String, bool)> =
        sqlx::query_as("select status, held from crm.lessons order by starts_at")
            .fetch_all(&mut analyst)
            .await
            .unwrap();
    let expected = [("completed", true), ("completed", false), ("offered", false)];
    assert_eq!(lessons, expected.map(|(status, held)| (status.to_owned(), held)));
    let attended: Vec<bool> = sqlx::query_scalar(
        "select attended from crm.seats join crm.lessons using (lesson_id) order by lessons.starts_at",
    )
    .fetch_all(&mut analyst)
    .await
    .unwrap();
    assert_eq!(attended, [true, false, false]);
}

#[tokio::test]
async fn an_analyst_sees_contacts_masked_as_in_the_crm() {
    let (school, anna) = school();
    let pool = Tables::of(&school.history.events).await.pool;
    let mut analyst = analyst(&pool).await;
    let (email, phone): (String, String) =
        sqlx::query_as("select email, phone from crm.people where account_id = $1")
            .bind(anna.uuid())
            .fetch_one(&mut analyst)
            .await
            .unwrap();
    let (full_email, full_phone): (String, String) =
        sqlx::query_as("select email, phone from crm.users where account_id = $1")
            .bind(anna.uuid())
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!((email.as_str(), phone.as_str()), (&*mask_email(&full_email), &*mask_phone(&full_phone)));
    assert!(email.contains('•') && phone.contains('•'));
    for odd in
        ["", "@", "broken", "a@b", "я@почта.рф", "\"a@b\"@c.d.e", "+123", "+7 (999) 123-45-67", "123456"]
    {
        let (email, phone): (String, String) =
            sqlx::query_as("select crm.masked_email($1), crm.masked_phone($1)")
                .bind(odd)
                .fetch_one(&mut analyst)
                .await
                .unwrap();
        assert_eq!((email, phone), (mask_email(odd), mask_phone(odd)), "{odd}");
    }
}

#[tokio::test]
async fn an_analyst_reads_no_table_and_writes_nothing() {
    let (school, _) = school();
    let pool = Tables::of(&school.history.events).await.pool;
    let mut analyst = analyst(&pool).await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', schemaname, tablename) from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let schemas: BTreeSet<&str> = tables.iter().filter_map(|table| table.split('.').next()).collect();
    for schema in ["app", "auth", "crm", "log"] {
        assert!(schemas.contains(schema), "{schema}");
    }
    for table in &tables {
        let code = refused(&mut analyst, &format!("select from {table}")).await;
        assert_eq!(code.as_deref(), Some("42501"), "{table} is read");
    }
    for statement in [
        "update crm.people set name = 'x'",
        "delete from crm.people",
        "insert into crm.person_events values (1, null, now(), 'x')",
        "truncate crm.users",
        "create table crm.mine (id int)",
        "create view crm.mine as select 1",
        "create table public.mine (id int)",
        "create schema mine",
        "drop view crm.people",
        "set role postgres",
        "select log.append('[]')",
    ] {
        let code = refused(&mut analyst, statement).await;
        assert!(code.is_some_and(|code| ["42501", "42883", "22023"].contains(&&*code)), "{statement} goes");
    }
    let seen: i64 =
        sqlx::query_scalar("select count(*) from crm.people").fetch_one(&mut analyst).await.unwrap();
    assert_eq!(seen, 2);
}

#[tokio::test]
async fn every_view_and_column_says_what_it_means() {
    let pool = Tables::empty().await.pool;
    let silent: Vec<String> = sqlx::query_scalar(
        "select format('%s.%s', class.relname, attname)
         from pg_class as class
         join pg_namespace on pg_namespace.oid = relnamespace and nspname = 'crm'
         join pg_attribute on attrelid = class.oid and attnum > 0
         where relkind = 'v'
           and (col_description(class.oid, attnum) is null or obj_description(class.oid) is null)",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(silent, Vec::<String>::new());
    let views: Vec<String> = sqlx::query_scalar("select viewname from pg_views where schemaname = 'crm'")
        .fetch_all(&pool)
        .await
        .unwrap();
    for view in &views {
        assert!(DOCUMENT.contains(&format!("| `crm.{view}` |")), "{view} is not in the document");
        let grants = DOCUMENT.split_once("grant select on").unwrap().1;
        assert!(grants.split_once(';').unwrap().0.contains(&format!("crm.{view}")), "{view}");
    }
    assert!(views.len() > 5);
}

/// A rebuild replaces the tables on which the views were created.
#[tokio::test]
async fn the_views_show_the_rows_of_rebuilt_models() {
    let (mut school, anna) = school();
    let tables = Tables::of(&school.history.events).await;
    let mut analyst = analyst(&tables.pool).await;
    let log = Arc::new(KeptLog(school.history.events.clone()));
    for model in read_models() {
        rebuild(&tables.pool, log.clone(), model, Box::new(|_| {})).await.unwrap();
    }
    let seen = school.history.events.len();
    register(&mut school.history, "boris");
    school.history.erases(anna);
    tables.apply(&school.history.events[seen..]).await;
    let people: Vec<(Option<String>, String)> =
        sqlx::query_as("select name, status from crm.people order by registered_at, name")
            .fetch_all(&mut analyst)
            .await
            .unwrap();
    assert_eq!(people.len(), 3);
    assert!(people.contains(&(None, "erased".to_owned())));
    assert!(people.contains(&(Some("boris".to_owned()), "active".to_owned())));
    for view in ["person_events", "support_tickets", "lessons", "seats", "figures", "figures_by_day"] {
        let sql = format!("select count(*) from crm.{view}");
        let rows: i64 = sqlx::query_scalar(&sql).fetch_one(&mut analyst).await.unwrap();
        assert!(rows > 0, "{view}");
    }
}

fn register(history: &mut History, name: &str) {
    history.registers(Role::Student, name, name);
}
