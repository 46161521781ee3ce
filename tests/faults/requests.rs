//! `kill -9` during acceptances of lesson requests: the lesson is there whole, or not at all.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Clock, SystemClock};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{LogRow, Person, World, eventually, random_u64};

const ROUNDS: i64 = 8;

/// Request, slot and booking are one append. A kill between any two steps leaves no part without the others.
/// In the end there is one lesson for each request.
#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_survives_a_kill_whole_or_not_at_all() {
    let mut world = World::start().await;
    // A student has at most five open requests.
    let students = [world.student().registers().await, world.student().registers().await];
    let mut teachers = Vec::new();
    for _ in 0..3 {
        let teacher = world.teacher().registers().await;
        let told = json!({
            "subjects": ["physics"], "grades": ["11"], "goals": ["ege"], "formats": ["online"],
            "durations": [60], "takes_requests": true,
            "hourly_rate": { "amount": 200_000, "currency": "RUB" },
        });
        teacher.patch("/me/profile", told).await.ok();
        teachers.push(teacher);
    }
    let mut requests = Vec::new();
    for round in 0..ROUNDS {
        let student = if round % 2 == 0 { &students[0] } else { &students[1] };
        requests.push(requests_lesson(student, 48 + 2 * round).await);
    }
    for request in &requests {
        let tries = teachers.iter().map(|teacher| accepts(teacher, request));
        let pause = Duration::from_micros(random_u64() % 12_000);
        let killer = async {
            tokio::time::sleep(pause).await;
            world.app.starts();
        };
        tokio::join!(join_all(tries), killer);
        world.app.is_ready_again().await;
        whole_or_not_at_all(&LogRow::all(&world.pool).await);
    }
    for request in &requests {
        let answers = join_all(teachers.iter().map(|teacher| accepts(teacher, request))).await;
        let statuses: Vec<_> = answers.iter().flatten().copied().collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [200, 409].contains(status)), "{statuses:?}");
    }
    let log = LogRow::all(&world.pool).await;
    whole_or_not_at_all(&log);
    assert_eq!(log.iter().filter(|row| row.event_type == "SeatBooked").count(), requests.len());
}

async fn requests_lesson(student: &Person, hours: i64) -> String {
    let then = SystemClock.now() + SignedDuration::from_hours(hours);
    let request = json!({
        "grade": "11", "subject": "physics", "goals": ["ege"], "duration_minutes": 60, "format": "online",
        "starts_at": then.to_string(),
    });
    let made = student.post("/lesson-requests", request).await.is(201);
    let id = made["id"].as_str().expect("an id").to_owned();
    let path = format!("/lesson-requests/{id}");
    eventually("all three are asked", || async {
        let seen = student.get(&path).await;
        if seen["/search/asked"] == 3 { Ok(()) } else { Err(format!("{seen:?}")) }
    })
    .await;
    id
}

/// The status, unless the process died before its answer.
async fn accepts(teacher: &Person, request: &str) -> Option<u16> {
    let path = format!("/lesson-requests/{request}/accept");
    let call = teacher.call("POST", &path).json(&json!({})).timeout(Duration::from_secs(20));
    call.attempt().await.ok().map(|answer| answer.status)
}

/// Each acceptance is followed by its slot and its booking, and no lesson is without an acceptance.
fn whole_or_not_at_all(log: &[LogRow]) {
    let mut accepted: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, row) in log.iter().enumerate() {
        if row.event_type != "RequestAccepted" {
            continue;
        }
        *accepted.entry(&row.aggregate_id).or_default() += 1;
        let payload: Value = serde_json::from_str(&row.payload).expect("payloads are JSON");
        let slot = payload["RequestAccepted"]["slot_id"].as_str().expect("the event names the lesson");
        let near = &log[index.saturating_sub(2)..log.len().min(index + 3)];
        for event in ["SlotOpened", "SeatBooked"] {
            let there = near.iter().any(|other| other.event_type == event && other.aggregate_id == slot);
            assert!(there, "no {event} beside {row:?}");
        }
    }
    assert!(accepted.values().all(|times| *times == 1), "{accepted:?}");
    for event in ["SlotOpened", "SeatBooked"] {
        assert_eq!(log.iter().filter(|row| row.event_type == event).count(), accepted.len(), "{event}");
    }
}
