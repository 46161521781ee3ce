//! Sign-in and sign-out, permissions, suspension.

use api::auth::permissions::{Access, RULES};
use axum::body::Body;
use domain::accounts::AccountCommand;
use domain::{AccountId, Command, CommandContext, Dispatch, Role};
use serde_json::{Value, json};

use crate::world::{PASSWORD, World, bearer, request};

const SESSION: &str = "/api/v1/session";

fn credentials(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let world = World::new().await;
    world.student("anna").await;
    for (email, password) in
        [("anna@example.org", "wrong password"), ("nobody@example.org", PASSWORD), ("no address", PASSWORD)]
    {
        world.post(SESSION, &[], &credentials(email, password)).await.refused(401, "invalid_credentials");
    }
    let answer = world.post(SESSION, &[], &credentials(" ANNA@example.org ", PASSWORD)).await;
    answer.is(200);
    assert_eq!(answer.body["account"]["name"], "anna");
}

#[tokio::test]
async fn a_session_lasts_until_it_is_ended() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    world.get("/api/v1/me", &[("authorization", &anna)]).await.is(200);
    world.get("/api/v1/me", &[]).await.refused(401, "unauthenticated");
    world.get("/api/v1/me", &[("authorization", "Bearer nonsense")]).await.refused(401, "unauthenticated");
    let out = world.send(request("DELETE", SESSION, &[("authorization", &anna)], Body::empty())).await;
    out.is(204);
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{out:?}");
    world.get("/api/v1/me", &[("authorization", &anna)]).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn the_cookie_acts_for_pages_of_our_own_only() {
    let world = World::with(|settings| settings.allowed_origins.push("https://school.example".into())).await;
    let token = world.student("anna").await["token"].as_str().unwrap().to_owned();
    let cookie = format!("a=b; kafedra_session={token}");
    let phone = json!({ "phone": "+7 999 123-45-67" });
    world.get("/api/v1/me", &[("cookie", &cookie), ("origin", "https://evil.example")]).await.is(200);
    for foreign in ["https://evil.example", "https://school.example.evil.net", "null"] {
        let answer =
            world.post("/api/v1/me/phone", &[("cookie", &cookie), ("origin", foreign)], &phone).await;
        answer.refused(403, "origin_not_allowed");
    }
    let ours = [("cookie", cookie.as_str()), ("origin", "https://school.example")];
    world.post("/api/v1/me/phone", &ours, &phone).await.is(200);
    let same = [("cookie", cookie.as_str()), ("origin", "http://localhost:3000"), ("host", "localhost:3000")];
    world.post("/api/v1/me/phone", &same, &phone).await.is(200);
}

#[tokio::test]
async fn sessions_are_listed_and_revoked_by_their_owner_only() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    let boris = bearer(&world.student("boris").await);
    let second =
        world.post(SESSION, &[("user-agent", "phone")], &credentials("anna@example.org", PASSWORD)).await;
    let list = world.get("/api/v1/sessions", &[("authorization", &anna)]).await;
    let list = list.is(200).body["data"].as_array().unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!((&list[0]["user_agent"], &list[0]["current"]), (&json!("phone"), &json!(false)));
    assert_eq!(list[1]["current"], true);
    let path = format!("/api/v1/sessions/{}", list[0]["id"].as_str().unwrap());
    let delete = |who: String| request("DELETE", &path, &[("authorization", &who)], Body::empty());
    world.send(delete(boris)).await.refused(404, "not_found");
    world.send(delete(anna.clone())).await.is(204);
    world
        .get("/api/v1/me", &[("authorization", &bearer(&second.body))])
        .await
        .refused(401, "unauthenticated");
    let odd = request("DELETE", "/api/v1/sessions/no-id", &[("authorization", &anna)], Body::empty());
    world.send(odd).await.refused(404, "not_found");
}

#[tokio::test]
async fn guessing_a_password_is_slowed_down_and_the_right_one_waits_too() {
    let world = World::with(|settings| settings.limits.sign_in_burst = 3).await;
    world.student("anna").await;
    let right = credentials("anna@example.org", PASSWORD);
    for _ in 0..5 {
        world.post(SESSION, &[], &right).await.is(200);
    }
    let wrong = credentials("anna@example.org", "wrong password");
    let attempts = futures::future::join_all((0..8).map(|_| world.post(SESSION, &[], &wrong))).await;
    assert_eq!(attempts.iter().filter(|answer| answer.status == 401).count(), 3);
    let answer = world.post(SESSION, &[], &right).await;
    answer.refused(429, "too_many_attempts");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn a_suspended_person_is_out_at_once_and_keeps_their_data() {
    let world = World::new().await;
    let anna = world.student("anna").await;
    let token = bearer(&anna);
    let id: AccountId = anna["account"]["id"].as_str().unwrap().parse().unwrap();
    let cause = domain::Ids::next(&domain::RandomIds);
    let context = CommandContext::of_process("test", cause, cause, "suspend");
    let suspend = AccountCommand::SuspendAccount { reason: "spam".into() };
    world.app.bus.dispatch(Command::Account(id, suspend), context).await.unwrap();
    let headers = [("authorization", token.as_str())];
    world.get("/api/v1/live", &headers).await.refused(403, "account_suspended");
    world.get("/api/v1/me/export", &headers).await.is(200);
    assert_eq!(world.get("/api/v1/me", &headers).await.body["status"], "suspended");
    let again = world.post(SESSION, &[], &credentials("anna@example.org", PASSWORD)).await;
    assert_eq!(again.is(200).body["account"]["status"], "suspended");
}

#[tokio::test]
async fn every_route_asks_the_permission_table() {
    let world = World::new().await;
    for rule in RULES {
        let path = format!("/api/v1{}", fill_ids(rule.path));
        let headers = [("content-type", "application/json")];
        let answer = world.send(request(rule.method.as_str(), &path, &headers, Body::from("{}"))).await;
        match rule.who {
            Access::Anyone => assert_ne!(answer.status.as_u16(), 401, "{rule:?}"),
            Access::SignedIn | Access::EvenSuspended | Access::Roles(_) => {
                answer.refused(401, "unauthenticated");
            }
        }
        assert!(answer.status.as_u16() < 500, "{rule:?}: {answer:?}");
    }
}

/// One account of every role requests every route.
#[tokio::test]
async fn every_role_gets_what_the_table_permits_and_nothing_else() {
    let world = World::with(|settings| {
        settings.limits.address_burst = 100_000;
        settings.limits.account_burst = 100_000;
    })
    .await;
    for role in Role::ALL.iter().copied() {
        let id = world.account_with(role).await;
        for rule in RULES {
            let token = world.session_of(id).await;
            let headers = [("content-type", "application/json"), ("authorization", token.as_str())];
            let path = format!("/api/v1{}", fill_ids(rule.path));
            let answer = world.send(request(rule.method.as_str(), &path, &headers, Body::from("{}"))).await;
            let permitted = match rule.who {
                Access::Anyone | Access::SignedIn | Access::EvenSuspended => true,
                Access::Roles(roles) => roles.contains(&role),
            };
            assert_eq!(answer.body["code"] != "forbidden", permitted, "{role} {rule:?}: {answer:?}");
            assert!(answer.status.as_u16() < 500, "{role} {rule:?}: {answer:?}");
        }
    }
}

/// A path with ids instead of names.
fn fill_ids(path: &str) -> String {
    let id = "0198c0de-0000-7000-8000-000000000001";
    path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/")
}
