//! Where sessions begin: only for the password that is valid now, and not without number.

use axum::body::Body;
use domain::accounts::AccountCommand;
use domain::{AccountId, Command, CommandContext, Dispatch};
use fixtures::eventually;
use serde_json::{Value, json};

use crate::world::{PASSWORD, World, bearer, person, request};

const SESSION: &str = "/api/v1/session";

fn credentials() -> Value {
    json!({ "email": "anna@example.org", "password": PASSWORD })
}

async fn suspend(world: &World, account: &Value) {
    let id: AccountId = account["account"]["id"].as_str().unwrap().parse().unwrap();
    let cause = domain::Ids::next(&domain::RandomIds);
    let context = CommandContext::of_process("test", cause, cause, "suspend");
    let suspend = AccountCommand::SuspendAccount { reason: "spam".into() };
    world.app.bus.dispatch(Command::Account(id, suspend), context).await.unwrap();
}

/// The password changes between its verification and the start of the session.
#[tokio::test]
async fn no_session_begins_with_a_password_that_was_just_changed() {
    let world = World::new().await;
    world.student("anna").await;
    let mut change = world.pool().begin().await.unwrap();
    sqlx::query("update auth.credentials set password_hash = 'changed'").execute(&mut *change).await.unwrap();
    let credentials = credentials();
    let attempt = world.post(SESSION, &[], &credentials);
    tokio::pin!(attempt);
    let waits = eventually("the attempt waits for the change", async || {
        let waiting: bool = sqlx::query_scalar(
            "select exists (select from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock')",
        )
        .fetch_one(world.pool())
        .await
        .unwrap();
        waiting
    });
    tokio::select! {
        answer = &mut attempt => panic!("a session began: {answer:?}"),
        () = waits => {}
    }
    change.commit().await.unwrap();
    attempt.await.refused(401, "invalid_credentials");
}

#[tokio::test]
async fn a_suspended_person_signs_in_to_read_and_to_leave() {
    let world = World::new().await;
    let key = [("idempotency-key", "k1")];
    let anna = world.post("/api/v1/accounts", &key, &person("anna")).await;
    suspend(&world, &anna.is(201).body).await;
    let again = world.post("/api/v1/accounts", &key, &person("anna")).await;
    let signed_in = world.post(SESSION, &[], &credentials()).await;
    for begun in [again.is(201), signed_in.is(200)] {
        let token = bearer(&begun.body);
        let headers = [("authorization", token.as_str())];
        world.get("/api/v1/me", &headers).await.is(200);
        world.get("/api/v1/me/export", &headers).await.is(200);
        world.get("/api/v1/sessions", &headers).await.is(200);
        let phone = json!({ "phone": "+7 999 123-45-67" });
        world.post("/api/v1/me/phone", &headers, &phone).await.refused(403, "account_suspended");
    }
    let token = bearer(&signed_in.body);
    let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
    let body = json!({ "password": PASSWORD }).to_string();
    world.send(request("DELETE", "/api/v1/me", &headers, Body::from(body))).await.is(204);
}

#[tokio::test]
async fn an_account_has_a_bounded_number_of_sessions_and_each_can_be_revoked() {
    let world = World::new().await;
    let anna = world.student("anna").await;
    let token = bearer(&anna);
    let id: AccountId = anna["account"]["id"].as_str().unwrap().parse().unwrap();
    for _ in 0..230 {
        world.session_of(id).await;
    }
    world.post(SESSION, &[], &credentials()).await.is(200);
    let count: i64 = sqlx::query_scalar("select count(*) from auth.sessions where account_id = $1")
        .bind(id.uuid())
        .fetch_one(world.pool())
        .await
        .unwrap();
    assert!(count <= 100, "{count} sessions");
    world.get("/api/v1/me", &[("authorization", &token)]).await.refused(401, "unauthenticated");
}
