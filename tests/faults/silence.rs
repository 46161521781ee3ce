//! Connections that fall silent without closing: nothing waits for them for long.

use serde_json::json;
use tests::{Settings, World, eventually};

/// Every open connection to Postgres is silent, and new ones are not: a route that changed, a firewall that forgot.
#[tokio::test(flavor = "multi_thread")]
async fn silent_connections_to_postgres_are_replaced() {
    let mut world = World::with(Settings { own_servers: true, ..Settings::default() }).await;
    let anna = world.student().registers().await;
    for round in 0..2 {
        world.proxies.as_ref().expect("this world has proxies").postgres.silence();
        eventually("people are served again", || async {
            let read = anna.call("GET", "/me").attempt().await.map_err(|error| format!("{error:?}"))?;
            if read.status == 200 { Ok(()) } else { Err(format!("{read:?}")) }
        })
        .await;
        let body = json!({ "city": format!("City {round}") });
        eventually("what they send is written again", || async {
            let sent = anna.call("PATCH", "/me/profile").json(&body).attempt().await;
            let sent = sent.map_err(|error| format!("{error:?}"))?;
            if sent.status == 200 { Ok(()) } else { Err(format!("{sent:?}")) }
        })
        .await;
        let new = world.student();
        eventually("read models follow again", || async {
            let answer = new.client.call("POST", "/accounts").key("new").json(&new.form()).attempt().await;
            let answer = answer.map_err(|error| format!("{error:?}"))?;
            if answer.status == 201 { Ok(()) } else { Err(format!("{answer:?}")) }
        })
        .await;
    }
    assert!(world.app.is_alive());
}
