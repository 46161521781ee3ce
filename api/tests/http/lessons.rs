//! Lessons in the HTTP layer: shapes, pages, texts, and refusals before any rule.

use domain::{Clock, SystemClock};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::world::{Answer, World, bearer, person};

struct Fixture {
    world: World,
    teacher: String,
    teacher_id: String,
    student: String,
}

async fn fixture() -> Fixture {
    let world = World::with_read_models().await;
    let mut boris = person("boris");
    boris["role"] = json!("teacher");
    let boris = world.register(&boris).await;
    let anna = world.student("anna").await;
    let teacher_id = boris["account"]["id"].as_str().unwrap().to_owned();
    Fixture { world, teacher: bearer(&boris), teacher_id, student: bearer(&anna) }
}

fn offer(hours: i64) -> Value {
    json!({
        "starts_at": SystemClock.now() + SignedDuration::from_hours(hours), "duration_minutes": 60,
        "subject": "mathematics", "lesson_type": "regular", "format": "online",
        "price": { "amount": 150_000, "currency": "RUB" },
    })
}

impl Fixture {
    async fn post(&self, who: &str, path: &str, body: &Value) -> Answer {
        self.world.post(&format!("/api/v1{path}"), &[("authorization", who)], body).await
    }

    /// Offers a slot that begins in so many hours; returns its id.
    async fn open_slot(&self, hours: i64) -> String {
        let slot = self.post(&self.teacher, "/slots", &offer(hours)).await;
        slot.is(201).body["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_slot_has_the_shape_of_the_contract() {
    let fixture = fixture().await;
    let slot = fixture.post(&fixture.teacher, "/slots", &offer(24)).await;
    assert_eq!((slot.is(201).header("etag"), &slot.body["version"]), ("\"v1\"", &json!(1)));
    assert!(slot.header("x-log-position").parse::<u64>().is_ok());
    for (field, value) in [
        ("teacher_id", json!(fixture.teacher_id)),
        ("duration_minutes", json!(60)),
        ("capacity", json!(1)),
        ("seats_taken", json!(0)),
        ("status", json!("open")),
        ("time_zone", json!("Europe/Moscow")),
        ("price", json!({ "amount": 150_000, "currency": "RUB" })),
    ] {
        assert_eq!(slot.body[field], value, "{field}");
    }
    let path = format!("/api/v1/slots/{}", slot.body["id"].as_str().unwrap());
    let seen = fixture.world.get(&path, &[("authorization", &fixture.student)]).await;
    assert_eq!(seen.is(200).body, slot.body);
}

#[tokio::test]
async fn own_slots_and_lessons_are_paged_in_order_of_time() {
    let fixture = fixture().await;
    let mut ids = Vec::new();
    for hours in [60, 30, 50, 40] {
        let id = fixture.open_slot(hours).await;
        fixture.post(&fixture.student, &format!("/slots/{id}/bookings"), &json!({})).await.is(201);
        ids.push((hours, id));
    }
    ids.sort();
    let expected: Vec<Value> = ids.into_iter().map(|(_, id)| json!(id)).collect();
    for (who, path) in
        [(&fixture.teacher, "/slots"), (&fixture.teacher, "/lessons"), (&fixture.student, "/lessons")]
    {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = fixture.world.read(&format!("/api/v1{path}?limit=3{cursor}"), who, &[]).await;
            seen.extend(page.is(200).body["data"].as_array().unwrap().iter().map(|row| row["id"].clone()));
            match page.body["page"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, expected, "{path}");
        for broken in ["status=sold", "from=yesterday", "cursor=x"] {
            let refused = fixture.world.read(&format!("/api/v1{path}?{broken}"), who, &[]).await;
            refused.refused(400, "malformed_parameter");
        }
        let none = fixture.world.read(&format!("/api/v1{path}?status=completed"), who, &[]).await;
        assert_eq!(none.is(200).body["data"], json!([]));
    }
}

/// The answer names missing and invalid fields, and no request fails with a 500.
#[tokio::test]
async fn bodies_that_make_no_sense_are_refused_by_field() {
    let fixture = fixture().await;
    let id = fixture.open_slot(24).await;
    let (teacher, student) = (&fixture.teacher, &fixture.student);
    let book = format!("/slots/{id}/bookings");
    fixture.post(student, &book, &json!({})).await.is(201);
    let long = "я".repeat(10_001);
    for (who, path, body, pointer) in [
        (teacher, book.as_str(), json!({}), "/student_id"),
        (student, &book, json!({ "student_id": fixture.teacher_id }), "/student_id"),
        (teacher, "/slots", json!({ "starts_at": "tomorrow" }), "/starts_at"),
        (teacher, &format!("/lessons/{id}/report"), json!({}), "/text"),
        (student, &format!("/lessons/{id}/review"), json!({ "rating": "five" }), "/rating"),
        (student, &format!("/lessons/{id}/cancel"), json!({ "reason": long }), "/reason"),
        (student, &format!("/lessons/{id}/reschedule"), json!({}), "/starts_at"),
        (student, &format!("/lessons/{id}/reschedule"), json!({ "slot_id": id }), "/slot_id"),
        (
            teacher,
            &format!("/lessons/{id}/reschedule"),
            json!({ "slot_id": id.replace('0', "1") }),
            "/slot_id",
        ),
    ] {
        let answer = fixture.post(who, path, &body).await;
        let refused = answer.refused(422, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["pointer"], pointer, "{path}");
    }
    let far = json!({ "starts_at": "9999-12-30T00:00:00Z" });
    fixture.post(student, &format!("/lessons/{id}/reschedule"), &far).await.refused(422, "invalid_fields");
    fixture.post(student, "/lessons/nonsense/cancel", &json!({})).await.refused(404, "not_found");
}

#[tokio::test]
async fn refusals_are_told_in_the_readers_language_and_with_their_reasons() {
    let fixture = fixture().await;
    let id = fixture.open_slot(24).await;
    let book = format!("/api/v1/slots/{id}/bookings");
    fixture.world.post(&book, &[("authorization", &fixture.student)], &json!({})).await.is(201);
    for (language, title) in [("ru", "Уже записан"), ("en", "Booked already")] {
        let headers = [("authorization", fixture.student.as_str()), ("accept-language", language)];
        let refused = fixture.world.post(&book, &headers, &json!({})).await;
        assert_eq!(refused.refused(409, "already_booked").body["title"], title);
        assert_eq!(refused.body["reasons"][0]["code"], "already_booked");
    }
}

/// A slot of an erased teacher cannot be booked.
#[tokio::test]
async fn who_was_erased_is_not_booked() {
    let fixture = fixture().await;
    let id = fixture.open_slot(24).await;
    let password = json!({ "password": crate::world::PASSWORD });
    fixture
        .world
        .call("DELETE", "/api/v1/me", &[("authorization", &fixture.teacher)], &password)
        .await
        .is(204);
    let book = fixture.post(&fixture.student, &format!("/slots/{id}/bookings"), &json!({})).await;
    book.refused(404, "slot_not_found");
    fixture
        .post(&fixture.student, &format!("/slots/{id}/holds"), &json!({}))
        .await
        .refused(404, "slot_not_found");
}

/// A teacher opens slots for their own classes, as long as the class is open.
#[tokio::test]
async fn a_slot_is_opened_for_an_open_class_of_ones_own() {
    let fixture = fixture().await;
    let mut vera = person("vera");
    vera["role"] = json!("teacher");
    let vera = bearer(&fixture.world.register(&vera).await);
    let algebra = json!({
        "name": "Алгебра", "subject": "algebra", "grade": "9", "colour": "#3366cc", "capacity": 5,
    });
    let class = fixture.post(&fixture.teacher, "/classes", &algebra).await;
    let class_id = class.is(201).body["id"].clone();
    let offer_for = |hours: i64, class_id: &Value| {
        let mut offer = offer(hours);
        offer["class_id"] = class_id.clone();
        offer
    };
    let own = fixture.post(&fixture.teacher, "/slots", &offer_for(24, &class_id)).await;
    assert_eq!((&own.is(201).body["class_id"], &own.body["capacity"]), (&class_id, &json!(5)));
    fixture.post(&vera, "/slots", &offer_for(24, &class_id)).await.refused(404, "class_not_found");
    let nobodys = json!("0198c0de-0000-7000-8000-00000000ffff");
    fixture.post(&fixture.teacher, "/slots", &offer_for(48, &nobodys)).await.refused(404, "class_not_found");
    fixture
        .post(&fixture.teacher, "/slots", &offer_for(48, &json!("7")))
        .await
        .refused(422, "invalid_fields");
    let path = format!("/api/v1/classes/{}", class_id.as_str().unwrap());
    let closed =
        fixture.world.call("DELETE", &path, &[("authorization", &fixture.teacher)], &json!({})).await;
    closed.is(204);
    fixture.post(&fixture.teacher, "/slots", &offer_for(48, &class_id)).await.refused(409, "class_closed");
}
