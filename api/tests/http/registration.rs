//! Registration: once, whatever fails on the way.

use domain::accounts::Account;
use serde_json::json;

use crate::world::{World, person};

#[tokio::test]
async fn a_person_registers_and_is_signed_in() {
    let world = World::new().await;
    let answer = world.post("/api/v1/accounts", &[], &person("anna")).await;
    answer.is(201);
    assert_eq!(answer.body["account"]["email"], "anna@example.org");
    assert_eq!(answer.body["account"]["roles"], json!(["student"]));
    assert_eq!(answer.body["account"]["status"], "active");
    assert_eq!(answer.header("x-log-position"), "1");
    assert_eq!(answer.header("etag"), "\"v1\"");
    let cookie = answer.header("set-cookie");
    let token = answer.body["token"].as_str().unwrap();
    assert!(cookie.starts_with(&format!("kafedra_session={token};")), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
}

#[tokio::test]
async fn a_taken_email_or_nickname_is_refused_and_leaves_no_credentials() {
    let world = World::new().await;
    world.student("anna").await;
    let mut second = person("anna");
    second["nickname"] = json!("other");
    second["email"] = json!("ANNA@Example.org");
    world.post("/api/v1/accounts", &[], &second).await.refused(409, "email_taken");
    let mut third = person("third");
    third["nickname"] = json!("Anna");
    world.post("/api/v1/accounts", &[], &third).await.refused(409, "nickname_taken");
    let rows = sqlx::query_scalar!(r#"select count(*) as "count!" from auth.credentials"#);
    assert_eq!(rows.fetch_one(world.pool()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_registration_replayed_with_its_key_is_the_same_account_with_a_working_token() {
    let world = World::new().await;
    let key = [("idempotency-key", "k1")];
    let first = world.post("/api/v1/accounts", &key, &person("anna")).await;
    let second = world.post("/api/v1/accounts", &key, &person("anna")).await;
    first.is(201);
    second.is(201);
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(first.body["account"]["id"], second.body["account"]["id"]);
    assert_ne!(first.body["token"], second.body["token"]);
    let other = world.post("/api/v1/accounts", &key, &person("boris")).await;
    // The keys of people without a session are not shared: this is another person.
    other.is(201);
    assert_ne!(other.body["account"]["id"], first.body["account"]["id"]);
}

/// The process died between the commit and the answer.
#[tokio::test]
async fn a_registration_is_found_again_after_a_crash_before_the_answer() {
    let world = World::new().await;
    let key = [("idempotency-key", "k1")];
    let first = world.post("/api/v1/accounts", &key, &person("anna")).await;
    sqlx::query!("truncate http.idempotency").execute(world.pool()).await.unwrap();
    let second = world.post("/api/v1/accounts", &key, &person("anna")).await;
    second.is(201);
    assert_eq!(first.body["account"]["id"], second.body["account"]["id"]);
    let rows = sqlx::query_scalar!(r#"select count(*) as "count!" from auth.credentials"#);
    assert_eq!(rows.fetch_one(world.pool()).await.unwrap(), 1);
}

#[tokio::test]
async fn of_many_registrations_at_once_one_gets_the_email() {
    let world = World::new().await;
    let attempts = (0..8).map(|n| {
        let mut new = person("anna");
        new["nickname"] = json!(format!("anna{n}"));
        let world = &world;
        async move { world.post("/api/v1/accounts", &[], &new).await }
    });
    let answers = futures::future::join_all(attempts).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "email_taken");
    }
    let rows = sqlx::query_scalar!(r#"select count(*) as "count!" from auth.credentials"#);
    assert_eq!(rows.fetch_one(world.pool()).await.unwrap(), 1);
}

#[tokio::test]
async fn nobody_registers_as_staff() {
    let world = World::new().await;
    let mut new = person("mallory");
    new["role"] = json!("admin");
    let answer = world.post("/api/v1/accounts", &[], &new).await;
    answer.refused(422, "role_not_self_service");
    assert_eq!(answer.body["errors"][0]["pointer"], "/role");
}

#[tokio::test]
async fn every_unacceptable_field_is_named_in_the_language_of_the_request() {
    let world = World::new().await;
    let new = json!({
        "email": "no address", "password": "short", "name": "", "nickname": "a", "role": "king",
        "time_zone": "Mars/Olympus",
    });
    let answer = world.post("/api/v1/accounts", &[("accept-language", "en")], &new).await;
    answer.refused(422, "invalid_fields");
    let mut pointers: Vec<_> =
        answer.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/email", "/name", "/nickname", "/password", "/role", "/time_zone"]);
    assert_eq!(answer.body["title"], "Unacceptable fields");
    let answer = world.post("/api/v1/accounts", &[("accept-language", "ru")], &new).await;
    assert_eq!(answer.body["title"], "Недопустимые поля");
}

/// The process died after it wrote the rows and before the append.
#[tokio::test]
async fn credentials_without_an_account_neither_block_the_email_nor_stay() {
    let world = World::new().await;
    let ghost = domain::AccountId(domain::Ids::next(&domain::RandomIds));
    let email = domain::accounts::Email::parse("anna@example.org").unwrap();
    let mark = world.app.ids.next();
    api::auth::credentials::insert_pending(world.pool(), &world.app.keys, ghost, &email, "no hash", mark)
        .await
        .unwrap();
    world.student("anna").await;
    world.age_pending_rows().await;
    api::http::cleanup::clean_up(&world.app).await.unwrap();
    let left = sqlx::query_scalar!("select account_id from auth.credentials").fetch_all(world.pool()).await;
    let left = left.unwrap();
    assert_eq!(left.len(), 1);
    assert_ne!(left[0], ghost.uuid());
    let ghost = world.app.bus.load::<Account>(ghost).await.unwrap();
    assert_eq!(*ghost.state, Account::Unregistered);
}
