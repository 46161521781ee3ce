//! A server that refuses or is slow: the append waits, and other appends pay nothing for an open snapshot.

use std::sync::Arc;

use commands::Bus;
use domain::{DispatchError, Receipt};
use fixtures::{TestDatabase, eventually, system_context};
use sqlx::{Connection, Executor, PgConnection};

use crate::probe::{Probe, ProbeCommand};

async fn administer(log: &TestDatabase, statement: &str) {
    let name = log.options.get_database().unwrap();
    let mut connection = PgConnection::connect_with(&log.options.clone().database("postgres")).await.unwrap();
    connection.execute(statement.replace("{name}", name).as_str()).await.unwrap();
    connection.close().await.unwrap();
}

/// Ends every other session, so that the next ones begin with the present settings of the database.
async fn end_sessions(log: &TestDatabase) {
    let end = "select pg_terminate_backend(pid) from pg_stat_activity
               where datname = '{name}' and usename = current_user";
    administer(log, end).await;
}

fn send(bus: &Arc<Bus>) -> tokio::task::JoinHandle<Result<Receipt, DispatchError>> {
    let bus = bus.clone();
    tokio::spawn(async move { bus.execute::<Probe>("p", ProbeCommand::Add(1), &system_context()).await })
}

/// Each setting lets every append fail, although no append is at fault.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_every_append_delays_them_and_is_left_for_another_one() {
    for setting in
        ["default_transaction_read_only = on", "lock_timeout = '1ms'", "statement_timeout = '30ms'"]
    {
        let log = TestDatabase::create().await;
        let bus = log.start_bus().await;
        bus.load::<Probe>("p").await.unwrap();
        administer(&log, &format!("alter database {{name}} set {setting}")).await;
        end_sessions(&log).await;
        let mut gate = PgConnection::connect_with(&log.options).await.unwrap();
        gate.execute("set lock_timeout = 0; set statement_timeout = 0").await.unwrap();
        let mut held = gate.begin_with("begin read write").await.unwrap();
        held.execute("lock table log.append_order in exclusive mode").await.unwrap();
        let sent = send(&bus);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert!(!sent.is_finished(), "{setting}: {:?}", sent.await);
        let name = setting.split(' ').next().unwrap();
        administer(&log, &format!("alter database {{name}} reset {name}")).await;
        held.rollback().await.unwrap();
        sent.await.unwrap().unwrap_or_else(|error| panic!("{setting}: {error}"));
        assert_eq!(bus.load::<Probe>("p").await.unwrap().state.total, 1, "{setting}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn appends_leave_no_row_versions_while_a_snapshot_is_open() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let mut reader = PgConnection::connect_with(&log.options).await.unwrap();
    let mut snapshot = reader.begin().await.unwrap();
    snapshot.execute("set transaction isolation level repeatable read").await.unwrap();
    snapshot.execute("select 1 from log.events limit 1").await.unwrap();
    for _ in 0..600 {
        bus.execute::<Probe>("p", ProbeCommand::Add(1), &system_context()).await.unwrap();
    }
    // Every table of the log that does not grow by an append has the size that it had before.
    let grown: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class
         where relnamespace = 'log'::regnamespace and relkind = 'r'
           and relname not in ('events', 'commands', 'snapshots') and pg_relation_size(oid) > 8192",
    )
    .fetch_all(&log.pool)
    .await
    .unwrap();
    assert_eq!(grown, [] as [String; 0]);
    snapshot.rollback().await.unwrap();
}

/// An append whose caller is gone before it is sent is not executed half a minute later.
#[tokio::test(flavor = "multi_thread")]
async fn an_append_that_is_not_sent_yet_ends_with_its_caller() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    for stream in ["p", "q"] {
        bus.load::<Probe>(stream).await.unwrap();
    }
    let mut gate = PgConnection::connect_with(&log.options).await.unwrap();
    let mut held = gate.begin().await.unwrap();
    held.execute("lock table log.append_order in exclusive mode").await.unwrap();
    let first = send(&bus);
    eventually("the first append waits for the lock", async || {
        let waiting = "select count(*) = 1 from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock' and query like '%log.append%'";
        sqlx::query_scalar(waiting).fetch_one(&log.pool).await.unwrap()
    })
    .await;
    let asked = system_context();
    let second = bus.execute::<Probe>("q", ProbeCommand::Add(1), &asked);
    assert!(tokio::time::timeout(std::time::Duration::from_millis(200), second).await.is_err());
    held.rollback().await.unwrap();
    first.await.unwrap().unwrap();
    bus.execute::<Probe>("q", ProbeCommand::Add(10), &system_context()).await.unwrap();
    assert_eq!(bus.load::<Probe>("q").await.unwrap().state.total, 10);
}

/// Claims of time that is long past are deleted with the next claim of the same person.
#[tokio::test(flavor = "multi_thread")]
async fn claims_of_the_past_do_not_stay_for_ever() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let person = domain::AccountId(uuid::Uuid::now_v7());
    let now = jiff::Timestamp::now();
    for (stream, days) in [("old", -40), ("recent", -2), ("next", 2)] {
        let from = now + jiff::SignedDuration::from_hours(24 * days);
        let to = from + jiff::SignedDuration::from_hours(1);
        let book = ProbeCommand::Book { person, from, to };
        bus.execute::<Probe>(stream, book, &system_context()).await.unwrap();
    }
    let held: Vec<String> = sqlx::query_scalar("select owner_id from log.time_claims order by during")
        .fetch_all(&log.pool)
        .await
        .unwrap();
    assert_eq!(held, ["recent", "next"]);
}
