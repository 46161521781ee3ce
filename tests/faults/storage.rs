//! A database that refuses writes, or is unavailable.

use rustix::process::Signal;
use sqlx::{Connection, Executor, PgConnection};
use tests::{LogRow, Settings, World, eventually, signal};

/// A change that could not be saved is not acknowledged, and the client may send it again.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_is_not_acknowledged() {
    let mut world = World::with(Settings { own_servers: true, ..Settings::default() }).await;
    world.student().registers().await;
    read_only(&world, true).await;
    let anna = world.student();
    let register = || world.client().call("POST", "/accounts").key("anna").json(&anna.form()).send();
    eventually("the database refuses to write", || async {
        let answer = register().await;
        assert_ne!(answer.status, 201, "{answer:?}");
        if answer.status == 503 { Ok(answer.is_problem()) } else { Err(format!("{answer:?}")) }
    })
    .await;
    assert_eq!(registered(&world).await, 1);
    read_only(&world, false).await;
    eventually("it writes again", || async {
        let answer = register().await;
        if answer.status == 201 { Ok(()) } else { Err(format!("{answer:?}")) }
    })
    .await;
    assert_eq!(registered(&world).await, 2);
    assert!(world.app.is_alive());

    signal(world.servers.postgres(), Signal::KILL);
    eventually("the database is back and so are we", || async {
        let answer = anna.client.post("/session", &sign_in(&anna)).await;
        if answer.status == 200 {
            return Ok(());
        }
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(!answer.header("retry-after").is_empty(), "{answer:?}");
        Err(format!("{answer:?}"))
    })
    .await;
    assert!(world.app.is_alive());
}

async fn registered(world: &World) -> usize {
    let log = LogRow::all(&world.pool).await;
    log.iter().filter(|row| row.event_type == "AccountRegistered").count()
}

fn sign_in(anna: &tests::Newcomer) -> serde_json::Value {
    serde_json::json!({ "email": anna.email, "password": anna.password })
}

async fn read_only(world: &World, on: bool) {
    let admin = world.servers.admin_database_url();
    let mut connection = PgConnection::connect(admin).await.expect("a connection");
    connection.execute("set default_transaction_read_only = off").await.expect("a setting of the session");
    let value = if on { "on" } else { "off" };
    let setting = format!("alter system set default_transaction_read_only = {value}");
    connection.execute(setting.as_str()).await.expect("a superuser may");
    connection.execute("select pg_reload_conf()").await.expect("a superuser may");
}
