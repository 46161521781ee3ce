//! Lessons in people's own calendars: a feed under a secret address, and single files.
#![expect(clippy::unwrap_used, reason = "a test that cannot continue has failed")]

use domain::{Clock, SystemClock};
use jiff::SignedDuration;
use serde_json::json;
use tests::{Answer, Person, World, eventually};

/// Public address by the settings: addresses that are handed out do not follow the `Host` of a request.
const PUBLIC_URL: &str = "http://localhost:3000";

/// Creates the feed and returns its path.
async fn feed(person: &Person) -> String {
    let answer = person.post("/calendar-feed", json!({})).await.is(200);
    let url = answer["url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(PUBLIC_URL).unwrap_or_else(|| panic!("not at our address: {url}"));
    assert!(path.starts_with("/api/v1/calendar/") && path.ends_with(".ics"), "{path}");
    path.to_owned()
}

/// Value of a property of the first event.
fn property(calendar: &Answer, name: &str) -> String {
    let text = calendar.text().replace("\r\n ", "");
    let event = text.split_once("BEGIN:VEVENT").unwrap_or_else(|| panic!("no event: {text}")).1;
    let line = event.lines().find_map(|line| line.strip_prefix(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("no {name}: {text}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_opened_by_its_newest_address_only_and_by_no_session() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let first = feed(&teacher).await;
    let calendar = world.client().get(&first).await.is(200);
    assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
    assert!(calendar.text().starts_with("BEGIN:VCALENDAR\r\n") && !calendar.text().contains("VEVENT"));
    let second = feed(&teacher).await;
    assert_ne!(first, second);
    world.client().get(&first).await.refused(404, "not_found");
    world.client().get(&second).await.is(200);
    world.client().get(second.strip_suffix(".ics").unwrap()).await.refused(404, "not_found");
    world.client().get("/calendar/nonsense.ics").await.refused(404, "not_found");
    let kept: Vec<Vec<u8>> = sqlx::query_scalar("select token_hash from auth.calendar_feeds")
        .fetch_all(&world.pool)
        .await
        .unwrap();
    assert_eq!(kept.len(), 1);
    assert!(!String::from_utf8_lossy(&kept[0]).contains(&second[17..30]), "only a hash is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_the_calendar_of_who_is_suspended_or_erased() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (suspended, erased) = (world.teacher().registers().await, world.student().registers().await);
    let (first, second) = (feed(&suspended).await, feed(&erased).await);
    let path = format!("/crm/users/{}/suspend", suspended.id);
    admin.post(&path, json!({ "reason": "a look into it" })).await.is(200);
    world.client().get(&first).await.refused(404, "not_found");
    let path = format!("/crm/users/{}/reinstate", suspended.id);
    admin.post(&path, json!({ "reason": "all is well" })).await.is(200);
    world.client().get(&first).await.refused(404, "not_found");
    erased.erases_themselves().await.is(204);
    world.client().get(&second).await.refused(404, "not_found");
    let left: i64 =
        sqlx::query_scalar("select count(*) from auth.calendar_feeds").fetch_one(&world.pool).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_stands_in_both_calendars_and_stays_there_when_it_is_cancelled() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let stranger = world.student().registers().await;
    let starts_at = SystemClock.now() + SignedDuration::from_hours(72);
    let slot = json!({ "starts_at": starts_at.to_string(), "duration_minutes": 60, "subject": "mathematics",
        "lesson_type": "regular", "format": "online", "price": { "amount": 200_000, "currency": "RUB" } });
    let slot = teacher.post("/slots", slot).await.is(201);
    let id = slot["id"].as_str().unwrap();
    student.post(&format!("/slots/{id}/bookings"), json!({})).await.is(201);
    let (of_teacher, of_student) = (feed(&teacher).await, feed(&student).await);
    let file = format!("/lessons/{id}.ics");
    let shows = async |path: &str, status: &str| {
        eventually("the calendar shows the lesson", || async {
            let calendar = world.client().get(path).await.is(200);
            let text = calendar.text();
            if text.contains(&format!("STATUS:{status}\r\n")) { Ok(calendar) } else { Err(text) }
        })
        .await
    };
    let confirmed = shows(&of_student, "CONFIRMED").await;
    assert_eq!(property(&confirmed, "UID"), format!("{id}@lessons.kafedra"));
    assert_eq!(property(&confirmed, "DTSTART"), starts_at.strftime("%Y%m%dT%H%M%SZ").to_string());
    assert_eq!(property(&confirmed, "SUMMARY"), format!("Математика: {}", teacher.name));
    assert_eq!(
        property(&shows(&of_teacher, "CONFIRMED").await, "SUMMARY"),
        format!("Математика: {}", student.name)
    );
    let own = student.get(&file).await.is(200);
    assert_eq!(own.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(property(&own, "UID"), property(&confirmed, "UID"));
    stranger.get(&file).await.refused(404, "not_found");
    world.client().get(&file).await.refused(401, "unauthenticated");

    teacher.post(&format!("/lessons/{id}/cancel"), json!({ "reason": "a cold" })).await.is(200);
    for path in [&of_student, &of_teacher] {
        let cancelled = shows(path, "CANCELLED").await;
        let sequence = |calendar: &Answer| property(calendar, "SEQUENCE").parse::<u32>().unwrap();
        assert!(sequence(&cancelled) > sequence(&confirmed), "{}", cancelled.text());
        for secret in [&student.email, &teacher.email, &student.phone, "a cold"] {
            assert!(!cancelled.text().contains(secret), "{secret}");
        }
    }
}
