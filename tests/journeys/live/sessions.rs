//! A socket ends with its session, on every process.

use std::time::Duration;

use serde_json::json;
use tests::{Person, Settings, Socket, SocketRequest, World};

/// Only events may end sockets here: sessions are checked once an hour.
fn by_the_log_alone() -> Settings {
    let mut settings = Settings::default();
    settings.environment.push(("KAFEDRA_LIVE__SESSION_CHECK_MS", "3600000".into()));
    settings
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_session_ends_its_sockets_on_every_process() {
    let world = World::with(by_the_log_alone()).await;
    let second = world.another_app().await;
    let admin = world.admin().await;
    let everywhere = async |person: &Person| -> Vec<Socket> {
        vec![person.opens_socket().await, person.through(&second.client).opens_socket().await]
    };
    let desk = world.student().registers().await;
    let (phone, tablet) = (desk.signs_in().await, desk.signs_in().await);
    let mut stays = everywhere(&desk).await;

    let mut sockets = everywhere(&phone).await;
    phone.delete("/session").await.ok();
    all_end_with(&mut sockets, 4401).await;

    let mut sockets = everywhere(&tablet).await;
    let sessions = desk.get("/sessions").await.is(200);
    let others = sessions.rows().iter().filter(|session| session["current"] == false);
    for session in others {
        desk.delete(&format!("/sessions/{}", session["id"].as_str().expect("an id"))).await.ok();
    }
    all_end_with(&mut sockets, 4401).await;
    assert_eq!(tablet.requests_socket(SocketRequest::default()).await.err(), Some(401));

    // The session that revoked the others stays.
    desk.patch("/me/profile", json!({ "city": "Тверь" })).await.ok();
    for socket in &mut stays {
        socket.next_of("profile_updated").await;
    }
    let other = desk.signs_in().await;
    let mut sockets = everywhere(&other).await;
    let change = json!({ "current_password": desk.password, "new_password": "quite another 42" });
    desk.post("/me/password", change).await.ok();
    all_end_with(&mut sockets, 4401).await;

    admin.post(&format!("/crm/users/{}/suspend", desk.id), json!({ "reason": "test" })).await.ok();
    all_end_with(&mut stays, 4401).await;

    let gone = world.teacher().registers().await;
    let mut sockets = everywhere(&gone).await;
    gone.erases_themselves().await.ok();
    all_end_with(&mut sockets, 4401).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_expires_ends_its_socket() {
    let mut settings = Settings::default();
    settings.environment.push(("KAFEDRA_LIVE__SESSION_CHECK_MS", "200".into()));
    let world = World::with(settings).await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let (mut a, mut b) = (anna.opens_socket().await, boris.opens_socket().await);
    sqlx::query("update auth.sessions set expires_at = now() where account_id = $1::uuid")
        .bind(&anna.id)
        .execute(&world.pool)
        .await
        .expect("the sessions can be written");
    assert_eq!(a.ends().await, 4401);
    boris.patch("/me/profile", json!({ "city": "Тверь" })).await.ok();
    b.next_of("profile_updated").await;
}

/// A process that stops sends its clients to other processes, and does not wait for them.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_stops_closes_its_sockets_in_order() {
    let world = World::start().await;
    let mut second = world.another_app().await;
    let anna = world.student().registers().await;
    let mut sockets = Vec::new();
    for _ in 0..5 {
        sockets.push(anna.through(&second.client).opens_socket().await);
    }
    let ending = tokio::time::timeout(Duration::from_secs(9), second.ends());
    let (ended, ()) = futures::join!(ending, all_end_with(&mut sockets, 1001));
    assert!(ended.is_ok(), "the process waits for its sockets");
}

async fn all_end_with(sockets: &mut [Socket], code: u16) {
    for socket in sockets {
        assert_eq!(socket.ends().await, code);
    }
}
