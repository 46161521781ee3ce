//! A person's own account: contact data, password, profile, export, erasure.

use axum::body::Body;
use domain::accounts::AccountCommand;
use domain::{AccountId, Command, CommandContext, Dispatch};
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, World, bearer, person, request};

async fn sign_in(world: &World, email: &str, password: &str) -> Answer {
    world.post("/api/v1/session", &[], &json!({ "email": email, "password": password })).await
}

fn id_of(signed_in: &Value) -> AccountId {
    signed_in["account"]["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    let other = bearer(&sign_in(&world, "anna@example.org", PASSWORD).await.body);
    let auth = [("authorization", anna.as_str())];
    let change = |old: &str, new: &str| json!({ "current_password": old, "new_password": new });
    let wrong = world.post("/api/v1/me/password", &auth, &change("wrong one", "svezhiy veter 7")).await;
    wrong.refused(403, "wrong_password");
    let weak = world.post("/api/v1/me/password", &auth, &change(PASSWORD, "short")).await;
    assert_eq!(weak.refused(422, "invalid_fields").body["errors"][0]["pointer"], "/new_password");
    world.post("/api/v1/me/password", &auth, &change(PASSWORD, "svezhiy veter 7")).await.is(200);
    world.get("/api/v1/me", &auth).await.is(200);
    world.get("/api/v1/me", &[("authorization", &other)]).await.refused(401, "unauthenticated");
    sign_in(&world, "anna@example.org", PASSWORD).await.refused(401, "invalid_credentials");
    sign_in(&world, "anna@example.org", "svezhiy veter 7").await.is(200);
}

#[tokio::test]
async fn one_signs_in_with_the_new_address_and_the_old_one_is_free() {
    let world = World::new().await;
    world.student("boris").await;
    let anna = bearer(&world.student("anna").await);
    let auth = [("authorization", anna.as_str())];
    let taken = world.post("/api/v1/me/email", &auth, &json!({ "email": "boris@example.org" })).await;
    taken.refused(409, "email_taken");
    sign_in(&world, "boris@example.org", PASSWORD).await.is(200);
    world.post("/api/v1/me/email", &auth, &json!({ "email": "anna@new.example" })).await.is(200);
    sign_in(&world, "anna@example.org", PASSWORD).await.refused(401, "invalid_credentials");
    let signed_in = sign_in(&world, "anna@new.example", PASSWORD).await;
    assert_eq!(signed_in.is(200).body["account"]["name"], "anna");
    let mut heir = person("heir");
    heir["email"] = json!("anna@example.org");
    world.post("/api/v1/accounts", &[], &heir).await.is(201);
    assert_eq!(sign_in(&world, "anna@example.org", PASSWORD).await.body["account"]["name"], "heir");
}

/// The process died after it wrote the rows and before the change was appended.
#[tokio::test]
async fn a_half_done_change_of_address_lets_nobody_in_and_keeps_nobody_out() {
    let world = World::new().await;
    let anna = world.student("anna").await;
    let wanted = domain::accounts::Email::parse("wanted@example.org").unwrap();
    api::auth::credentials::add_email(world.pool(), &world.app.keys, id_of(&anna), &wanted).await.unwrap();
    sign_in(&world, "wanted@example.org", PASSWORD).await.refused(401, "invalid_credentials");
    sign_in(&world, "anna@example.org", PASSWORD).await.is(200);
    world.student("wanted").await;
    assert_eq!(sign_in(&world, "wanted@example.org", PASSWORD).await.body["account"]["name"], "wanted");
}

/// The process died after the change was appended, and another process cleaned up too early.
#[tokio::test]
async fn a_change_of_address_that_nobody_finished_is_finished_by_the_sweep() {
    let world = World::new().await;
    let anna = world.student("anna").await;
    let id = id_of(&anna);
    api::auth::credentials::mark_pending(world.pool(), id, world.app.ids.next()).await.unwrap();
    let email = domain::accounts::Email::parse("anna@new.example").unwrap();
    let cause = domain::Ids::next(&domain::RandomIds);
    let context = CommandContext::of_process("test", cause, cause, "change");
    let change = Command::Account(id, AccountCommand::ChangeEmail { email });
    world.app.bus.dispatch(change, context).await.unwrap();
    sign_in(&world, "anna@new.example", PASSWORD).await.refused(401, "invalid_credentials");
    world.age_pending_rows().await;
    api::http::cleanup::clean_up(&world.app).await.unwrap();
    sign_in(&world, "anna@new.example", PASSWORD).await.is(200);
}

#[tokio::test]
async fn after_many_changes_of_address_at_once_the_last_one_leads_to_the_account() {
    let world = World::new().await;
    world.student("taken").await;
    let anna = bearer(&world.student("anna").await);
    let auth = [("authorization", anna.as_str())];
    let changes = (0..8).map(|n| {
        let email = if n % 4 == 3 { "taken@example.org".to_owned() } else { format!("anna{n}@example.org") };
        let (world, auth) = (&world, &auth);
        async move { world.post("/api/v1/me/email", auth, &json!({ "email": email })).await }
    });
    futures::future::join_all(changes).await;
    let me = world.get("/api/v1/me", &auth).await;
    let email = me.body["email"].as_str().unwrap();
    sign_in(&world, email, PASSWORD).await.is(200);
    let keys = sqlx::query_scalar!(r#"select count(*) as "count!" from auth.email_keys"#);
    assert_eq!(keys.fetch_one(world.pool()).await.unwrap(), 2);
}

#[tokio::test]
async fn an_old_session_is_asked_for_the_password_before_the_address_changes() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    sqlx::query!("update auth.sessions set created_at = created_at - interval '1 hour'")
        .execute(world.pool())
        .await
        .unwrap();
    let auth = [("authorization", anna.as_str())];
    let change = json!({ "email": "anna@new.example" });
    world.post("/api/v1/me/email", &auth, &change).await.refused(403, "password_required");
    let change = json!({ "email": "anna@new.example", "current_password": PASSWORD });
    world.post("/api/v1/me/email", &auth, &change).await.is(200);
}

#[tokio::test]
async fn a_profile_changes_field_by_field_and_refuses_what_is_no_field_of_it() {
    let world = World::new().await;
    world.student("boris").await;
    let anna = bearer(&world.student("anna").await);
    let auth = [("authorization", anna.as_str())];
    let path = "/api/v1/me/profile";
    let before = world.get("/api/v1/me", &auth).await;
    let patch = json!({ "subjects": ["physics"], "bio": "о себе", "nickname": "anya" });
    let answer = world.call("PATCH", path, &auth, &patch).await;
    assert_eq!(answer.is(200).body["profile"], json!({ "subjects": ["physics"], "bio": "о себе" }));
    assert_eq!(answer.body["nickname"], "anya");
    assert!(
        answer.body["profile_completeness"].as_u64().unwrap()
            > before.body["profile_completeness"].as_u64().unwrap()
    );
    for (field, code) in [("rating", "unknown_field"), ("email", "unknown_field"), ("roles", "unknown_field")]
    {
        let answer = world.call("PATCH", path, &auth, &json!({ field: "5" })).await;
        assert_eq!(answer.refused(422, "invalid_fields").body["errors"][0]["code"], code, "{field}");
    }
    world.call("PATCH", path, &auth, &json!({ "nickname": "BORIS" })).await.refused(409, "nickname_taken");
    let stale = [auth[0], ("if-match", "\"v1\"")];
    world.call("PATCH", path, &stale, &json!({ "bio": null })).await.refused(412, "stale_version");
    let fresh = [auth[0], ("if-match", answer.header("etag"))];
    world.call("PATCH", path, &fresh, &json!({ "bio": null })).await.is(200);
}

#[tokio::test]
async fn an_export_has_every_event_opened_and_no_credentials() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    sign_in(&world, "anna@example.org", "wrong password").await;
    let answer = world.get("/api/v1/me/export", &[("authorization", &anna)]).await;
    let events = answer.is(200).body["events"].as_array().unwrap();
    assert_eq!(events[0]["type"], "AccountRegistered");
    assert_eq!(events[0]["payload"]["AccountRegistered"]["email"], "anna@example.org");
    assert_eq!(events[1]["type"], "SignInFailed");
    let text = String::from_utf8(answer.bytes.clone()).unwrap();
    for secret in ["$argon2", "token", "$personal", PASSWORD] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn an_erased_person_is_gone_and_their_names_are_free() {
    let world = World::new().await;
    let anna = world.student("anna").await;
    let token = bearer(&anna);
    let auth = [("authorization", token.as_str())];
    let erase = |password: &str| json!({ "password": password });
    world.call("DELETE", "/api/v1/me", &auth, &erase("wrong one")).await.refused(403, "wrong_password");
    world.call("DELETE", "/api/v1/me", &auth, &erase(PASSWORD)).await.is(204);
    world.get("/api/v1/me", &auth).await.refused(401, "unauthenticated");
    sign_in(&world, "anna@example.org", PASSWORD).await.refused(401, "invalid_credentials");
    let left = sqlx::query_scalar!(
        r#"select (select count(*) from auth.credentials) + (select count(*) from auth.sessions)
             + (select count(*) from auth.email_keys) as "count!""#
    );
    assert_eq!(left.fetch_one(world.pool()).await.unwrap(), 0);
    assert_ne!(world.student("anna").await["account"]["id"], anna["account"]["id"]);
}

/// The process died between the erasure and the cleanup.
#[tokio::test]
async fn an_interrupted_erasure_is_finished_by_the_sweep() {
    let world = World::new().await;
    let anna = world.student("anna").await;
    let id = id_of(&anna);
    api::auth::credentials::mark_pending(world.pool(), id, world.app.ids.next()).await.unwrap();
    let cause = domain::Ids::next(&domain::RandomIds);
    let erase = AccountCommand::EraseAccount { reason: "own_request".into() };
    let context = CommandContext::of_process("test", cause, cause, "erase");
    world.app.bus.dispatch(Command::Account(id, erase), context).await.unwrap();
    let me = request("GET", "/api/v1/me", &[("authorization", &bearer(&anna))], Body::empty());
    world.send(me).await.refused(401, "unauthenticated");
    world.age_pending_rows().await;
    api::http::cleanup::clean_up(&world.app).await.unwrap();
    let left = sqlx::query_scalar!(
        r#"select (select count(*) from auth.credentials) + (select count(*) from auth.sessions) as "count!""#
    );
    assert_eq!(left.fetch_one(world.pool()).await.unwrap(), 0);
}
