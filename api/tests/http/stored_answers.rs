//! Stored answers: what they say about people ends with these people, and they take a bounded space.

use axum::body::Body;
use serde_json::json;

use crate::world::{PASSWORD, World, bearer, person, request};

/// A text of a student in the answer to another person.
#[tokio::test]
async fn an_answer_to_somebody_else_cannot_be_read_after_an_erasure() {
    let world = World::new().await;
    let student = world.student("zyxname").await;
    let support = world.signed_in_as(domain::Role::Support).await;
    let headers = [("authorization", support.as_str()), ("idempotency-key", "k1")];
    let ticket = json!({
        "requester_id": student["account"]["id"], "title": "Zyxname cannot sign in",
        "description": "Reach me at zyxname@example.org", "category": "Техническая поддержка",
    });
    let first = world.post("/api/v1/crm/tickets", &headers, &ticket).await;
    assert!(first.is(201).text().contains("zyxname@example.org"), "the answer has the text: {first:?}");
    let again = world.post("/api/v1/crm/tickets", &headers, &ticket).await;
    assert_eq!((again.is(201).text(), again.header("idempotency-replayed")), (first.text(), "true"));

    let token = bearer(&student);
    let own = [("authorization", token.as_str()), ("content-type", "application/json")];
    let password = Body::from(json!({ "password": PASSWORD }).to_string());
    world.send(request("DELETE", "/api/v1/me", &own, password)).await.is(204);
    let replayed = world.post("/api/v1/crm/tickets", &headers, &ticket).await;
    assert!(!replayed.text().to_lowercase().contains("zyxname"), "{replayed:?}");
    let rows: Vec<String> =
        sqlx::query_scalar("select i::text || encode(coalesce(body, ''), 'escape') from http.idempotency i")
            .fetch_all(world.pool())
            .await
            .unwrap();
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].to_lowercase().contains("zyxname"), "{rows:?}");
    assert!(!rows[0].contains(&hex::encode("yxname")), "{rows:?}");
}

#[tokio::test]
async fn an_account_has_a_bounded_number_of_keys_in_a_day() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    let phone = json!({ "phone": "+7 999 123-45-67" });
    let first = [("authorization", anna.as_str()), ("idempotency-key", "first")];
    world.post("/api/v1/me/phone", &first, &phone).await.is(200);
    sqlx::query("update http.idempotency_use set keys = 20000").execute(world.pool()).await.unwrap();
    let second = [first[0], ("idempotency-key", "second")];
    world.post("/api/v1/me/phone", &second, &phone).await.refused(429, "too_many_keys");
    world.post("/api/v1/me/phone", &first, &phone).await.is(200);
    world.post("/api/v1/me/phone", &first[..1], &phone).await.is(200);
}

/// An answer beyond the share is not stored. Its repetition is answered from the log, and happens once too.
#[tokio::test]
async fn an_account_has_a_bounded_number_of_stored_bytes_in_a_day() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    let ticket = json!({ "title": "Не работает", "description": "Не открывается урок", "category": "Уроки" });
    let headers = |key| [("authorization", anna.as_str()), ("idempotency-key", key)];
    let stored = async || -> i64 {
        let sql = "select count(*) from http.idempotency where body is not null";
        sqlx::query_scalar(sql).fetch_one(world.pool()).await.unwrap()
    };
    world.post("/api/v1/tickets", &headers("first"), &ticket).await.is(201);
    assert_eq!(stored().await, 1);
    sqlx::query("update http.idempotency_use set bytes = 32 * 1024 * 1024")
        .execute(world.pool())
        .await
        .unwrap();
    let second = world.post("/api/v1/tickets", &headers("second"), &ticket).await;
    let again = world.post("/api/v1/tickets", &headers("second"), &ticket).await;
    assert_eq!(again.is(201).body["id"], second.is(201).body["id"]);
    assert_eq!(stored().await, 1);
}

/// A preview is large and changes nothing.
#[tokio::test]
async fn the_preview_of_a_series_is_not_stored() {
    let world = World::new().await;
    let mut teacher = person("tamara");
    teacher["role"] = json!("teacher");
    teacher["phone"] = json!("+79991234567");
    let teacher = bearer(&world.register(&teacher).await);
    let tomorrow = domain::Clock::now(&domain::SystemClock).to_zoned(jiff::tz::TimeZone::UTC).date();
    let series = json!({
        "rrule": "FREQ=DAILY", "local_start": format!("{}T12:00", tomorrow.tomorrow().unwrap()),
        "time_zone": "Europe/Moscow", "duration_minutes": 60, "subject": "mathematics", "lesson_type": "regular",
        "format": "online", "price": { "amount": 200_000, "currency": "RUB" },
    });
    let headers = [("authorization", teacher.as_str()), ("idempotency-key", "k")];
    world.post("/api/v1/series/preview", &headers, &series).await.is(200);
    world.post("/api/v1/series/preview", &headers, &series).await.is(200);
    let bodies: Vec<Option<Vec<u8>>> =
        sqlx::query_scalar("select body from http.idempotency").fetch_all(world.pool()).await.unwrap();
    assert_eq!(bodies, [None]);
}

/// Files that were sent count too.
#[tokio::test]
async fn the_files_of_an_account_take_a_bounded_space() {
    let world = World::new().await;
    let anna = world.student("anna").await;
    let token = bearer(&anna);
    let headers = [("authorization", token.as_str()), ("content-type", "text/plain")];
    let upload = async || {
        world.send(request("POST", "/api/v1/attachments?name=a.txt", &headers, Body::from("text"))).await
    };
    upload().await.is(201);
    let owner: uuid::Uuid = anna["account"]["id"].as_str().unwrap().parse().unwrap();
    sqlx::query(
        "insert into objects.attachments (id, owner, name, media_type, bytes, message_id)
         select gen_random_uuid(), $1, 'a.txt', 'text/plain', bytes, gen_random_uuid()
         from generate_series(1, 20), (select decode(repeat('00', 10 * 1024 * 1024), 'hex') as bytes) as file",
    )
    .bind(owner)
    .execute(world.pool())
    .await
    .unwrap();
    upload().await.refused(429, "storage_used_up");
    sqlx::query("update objects.attachments set created_at = now() - interval '2 days'")
        .execute(world.pool())
        .await
        .unwrap();
    upload().await.is(201);
}
