//! Errors of an operator at the start, and what an operator sees in the database.

use std::collections::BTreeMap;

use sqlx::{Connection, Executor, PgConnection};
use tests::{Settings, World, kafedra};

/// Runs `kafedra projections` with changed variables; returns what it says after it has failed.
async fn fails(world: &World, changes: &[(&str, &str)]) -> String {
    command_fails(world, &["projections"], changes).await
}

async fn command_fails(world: &World, arguments: &[&str], changes: &[(&str, &str)]) -> String {
    let mut environment: BTreeMap<String, String> = world.environment().clone();
    for (name, value) in changes {
        match value.is_empty() {
            true => environment.remove(*name),
            false => environment.insert((*name).to_owned(), (*value).to_owned()),
        };
    }
    let output = kafedra(&environment, arguments).await;
    assert!(!output.status.success(), "{changes:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A missing key file is not created again for a database that has events.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_master_key_is_named_and_not_replaced() {
    let world = World::start().await;
    world.student().registers().await;
    let file = world.folder.path().join("not/mounted");
    let path = file.display().to_string();
    let changes = [("KAFEDRA_MASTER_KEY", ""), ("KAFEDRA_KEYS__MASTER_KEY_FILE", path.as_str())];
    let said = fails(&world, &changes).await;
    assert!(said.contains(&path) && said.contains("does not exist"), "{said}");
    assert!(!file.exists(), "no key was made");
}

/// The message has the cause, not only that the pool has waited.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_of_the_database_is_explained() {
    let world = World::start().await;
    let said = fails(&world, &[("DATABASE_URL", "postgres://kafedra@127.0.0.1:1/kafedra")]).await;
    assert!(said.to_lowercase().contains("refused"), "{said}");
    let said = fails(&world, &[("DATABASE_URL", "mysql://kafedra@127.0.0.1/kafedra")]).await;
    assert!(said.contains("postgres://"), "{said}");
}

/// O2: an owner without the right to create roles is told what to do; so is the operator of a restored dump.
#[tokio::test(flavor = "multi_thread")]
async fn o2_a_missing_role_is_named_with_its_remedy() {
    let world = World::with(Settings { own_servers: true, ..Settings::default() }).await;
    let admin = world.servers.admin_database_url();
    let mut admin = PgConnection::connect(admin).await.expect("a connection");
    for statement in [
        "alter role kafedra_app rename to another",
        "create role poor login password 'poor'",
        "create database poor owner poor",
    ] {
        admin.execute(statement).await.expect("a superuser");
    }
    let said = fails(&world, &[]).await;
    assert!(said.contains("create role kafedra_app nologin"), "{said}");
    let options = world.pool.connect_options();
    let url = format!("postgres://poor:poor@{}:{}/poor", options.get_host(), options.get_port());
    let said = command_fails(&world, &["migrate"], &[("DATABASE_URL", url.as_str())]).await;
    assert!(said.contains("create role kafedra_app nologin; grant kafedra_app to poor"), "{said}");
}

/// O4 and O3: what no OS process runs is idle, also the relay of an earlier stream.
#[tokio::test(flavor = "multi_thread")]
async fn o4_what_nobody_runs_is_idle() {
    let mut world = World::start().await;
    sqlx::query(
        "insert into projection.relays (stream, state, position, detail, updated_at)
         values ('earlier', 'diverged', 7, 'the stream ends at 7', now())",
    )
    .execute(&world.pool)
    .await
    .expect("the database answers");
    let states = |output: std::process::Output| -> Vec<(String, String)> {
        let status: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let rows = |list: &str, name: &str| -> Vec<(String, String)> {
            let rows = status[list].as_array().expect("a list").iter();
            rows.map(|row| (row[name].as_str().unwrap().into(), row["state"].as_str().unwrap().into()))
                .collect()
        };
        rows("listeners", "name").into_iter().chain(rows("relays", "stream")).collect()
    };
    tests::eventually("everything runs", || async {
        let found = states(world.kafedra(&["projections", "--json"]).await);
        let idle: Vec<_> = found.iter().filter(|(_, state)| state == "idle").collect();
        if idle.len() == 1 && idle[0].0 == "earlier" { Ok(()) } else { Err(format!("{found:?}")) }
    })
    .await;
    world.app.ends().await;
    let _api = world.app_with_roles("api").await;
    tests::eventually("nothing runs", || async {
        let found = states(world.kafedra(&["projections", "--json"]).await);
        let others: Vec<_> = found.iter().filter(|(_, state)| state != "idle").collect();
        if others.is_empty() { Ok(()) } else { Err(format!("{others:?}")) }
    })
    .await;
}

/// O13: an abandoned task of any kind is listed with its reason, and retried on request.
#[tokio::test(flavor = "multi_thread")]
async fn o13_abandoned_tasks_are_listed_and_retried() {
    let world = World::start().await;
    sqlx::query(
        "insert into process.tasks (id, process, kind, key, payload, due_at, recorded_at, state, last_error, cause,
           cause_position, correlation_id)
         select id, 'test', 'test', id::text, '{}', now(), now(), 'abandoned', 'no such mailbox', id, 0, id
         from (select gen_random_uuid() as id) as new",
    )
    .execute(&world.pool)
    .await
    .expect("the database answers");
    let listed = world.kafedra(&["tasks", "--kind", "test"]).await;
    let listed: Vec<serde_json::Value> = serde_json::from_slice(&listed.stdout).expect("JSON");
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["last_error"], "no such mailbox");
    let retried = world.kafedra(&["tasks", "--retry", "--kind", "test"]).await;
    let retried: Vec<serde_json::Value> = serde_json::from_slice(&retried.stdout).expect("JSON");
    assert_eq!(retried, [listed[0]["id"].clone()]);
    let waiting = world.kafedra(&["tasks", "--state", "waiting", "--kind", "test"]).await;
    let waiting: Vec<serde_json::Value> = serde_json::from_slice(&waiting.stdout).expect("JSON");
    assert_eq!(waiting.len(), 1);
}

/// O7: an address of NATS that does not answer is named once, and not at each attempt.
#[tokio::test(flavor = "multi_thread")]
async fn o7_an_address_of_nats_without_an_answer_is_named_once() {
    let mut settings = Settings::default();
    settings.environment.push(("NATS_URL", "nats://127.0.0.1:1".to_owned()));
    let world = World::with(settings).await;
    tests::eventually("the log names the address", || async {
        let log = world.app.log();
        if log.contains("nats://127.0.0.1:1") { Ok(()) } else { Err(log) }
    })
    .await;
    world.student().registers().await;
    let log = world.app.log();
    assert_eq!(log.matches("cannot connect to NATS").count(), 1, "{log}");
    assert!(!log.contains("event: client error"), "{log}");
}

/// O11: while tasks cannot be claimed, each kind says so once, and once that it is back; no span is told twice.
#[tokio::test(flavor = "multi_thread")]
async fn o11_an_outage_is_logged_once_and_so_is_its_end() {
    let world = World::start().await;
    let rename = async |from: &str, to: &str| {
        let sql = format!("alter table process.{from} rename to {to}");
        sqlx::raw_sql(&sql).execute(&world.pool).await.expect("the owner renames");
    };
    rename("tasks", "lost_tasks").await;
    tests::eventually("the outage is logged", || async {
        let log = world.app.log();
        if log.contains("cannot claim tasks") { Ok(()) } else { Err(log) }
    })
    .await;
    rename("lost_tasks", "tasks").await;
    tests::eventually("the end is logged", || async {
        let log = world.app.log();
        if log.contains("tasks are claimed again") { Ok(()) } else { Err(log) }
    })
    .await;
    let log = world.app.log();
    for line in log.lines().filter(|line| line.contains("tasks are claimed again")) {
        let kind = serde_json::from_str::<serde_json::Value>(line).expect("a line is JSON")["kind"].clone();
        let kind = format!("\"kind\":{kind}");
        let count =
            |text: &str| log.lines().filter(|line| line.contains(text) && line.contains(&kind)).count();
        let (lost, back) = (count("cannot claim tasks"), count("tasks are claimed again"));
        assert!(lost <= back + 1, "{kind}: {lost} {back}: {log}");
    }
    assert!(!log.contains("\"spans\":"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_have_a_name() {
    let world = World::start().await;
    let nameless: i64 = sqlx::query_scalar(
        "select count(*) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and application_name = 'kafedra'",
    )
    .fetch_one(&world.pool)
    .await
    .expect("the database answers");
    assert!(nameless > 0, "connections of the program are called so");
}

/// The sessions of all pools, and of the connections beside them.
#[tokio::test(flavor = "multi_thread")]
async fn no_connection_is_of_a_superuser() {
    for own_servers in [false, true] {
        let world = World::with(Settings { own_servers, ..Settings::default() }).await;
        world.student().registers().await;
        let mut sessions: Vec<(String, bool)> = sqlx::query_as(
            "select distinct rolname::text, rolsuper
             from pg_stat_activity
             join pg_roles on pg_roles.oid = usesysid
             where datname = current_database()",
        )
        .fetch_all(&world.pool)
        .await
        .expect("the database answers");
        assert_eq!(sessions.pop(), Some(("kafedra_owner".to_owned(), false)));
        assert!(sessions.is_empty(), "{sessions:?}");
    }
}
