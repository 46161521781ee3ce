//! The list of lessons: order, interval, role and the other person.

use domain::{Clock, SystemClock};
use jiff::SignedDuration;
use serde_json::Value;
use tests::{Answer, World, id_of, in_hours};

fn ids(list: &Answer) -> Vec<&str> {
    list.rows().iter().filter_map(|row| row["id"].as_str()).collect()
}

/// The last lesson comes first with `-starts_at`, page by page.
#[tokio::test(flavor = "multi_thread")]
async fn lessons_are_listed_backwards_and_with_one_person() {
    let world = World::start().await;
    let (teacher, other_teacher) = (world.teacher().registers().await, world.teacher().registers().await);
    let (student, other_student) = (world.student().registers().await, world.student().registers().await);
    let mut slots = Vec::new();
    for (who, hours) in [(&teacher, 30), (&other_teacher, 32), (&teacher, 34), (&teacher, 36)] {
        slots.push(who.offers(in_hours(hours)).await);
    }
    for slot in &slots[..3] {
        student.books(slot).await.is(201);
    }
    let last = other_student.books(&slots[3]).await.is(201).position();
    let all: Vec<&str> = slots.iter().map(id_of).collect();

    let list = async |path: &str| student.get_at(last, path).await.is(200);
    assert_eq!(ids(&list("/lessons").await), all[..3]);
    let backwards = list("/lessons?sort=-starts_at&limit=2").await;
    assert_eq!(ids(&backwards), [all[2], all[1]]);
    let cursor = backwards["/page/next_cursor"].as_str().expect("a second page");
    let second = list(&format!("/lessons?sort=-starts_at&limit=2&cursor={cursor}")).await;
    assert_eq!(ids(&second), [all[0]]);
    assert_eq!(second["/page/has_more"], false);
    student.get(&format!("/lessons?cursor={cursor}")).await.refused(400, "malformed_parameter");

    assert_eq!(ids(&list(&format!("/lessons?with={}", other_teacher.id)).await), [all[1]]);
    let taught = teacher.get_at(last, &format!("/lessons?with={}", student.id)).await.is(200);
    assert_eq!(ids(&taught), [all[0], all[2]]);
    assert!(ids(&list(&format!("/lessons?with={}", other_student.id)).await).is_empty());
    assert_eq!(ids(&list("/lessons?role=student").await), all[..3]);
    assert!(ids(&list("/lessons?role=teacher").await).is_empty());
    for wrong in ["sort=price", "role=admin", "with=anna"] {
        let refused = student.get(&format!("/lessons?{wrong}")).await.refused(400, "malformed_parameter");
        let name = wrong.split('=').next().unwrap_or_default();
        assert_eq!(refused["/errors/0/pointer"].as_str().map(|p| p.trim_start_matches('/')), Some(name));
    }
}

/// A lesson that has begun is in the interval that begins now.
#[tokio::test(flavor = "multi_thread")]
async fn an_interval_takes_the_lessons_that_overlap_it() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let start =
        SystemClock.now().round(jiff::Unit::Second).expect("an instant") + SignedDuration::from_hours(30);
    let slot = teacher.offers(start).await;
    let booked = student.books(&slot).await.is(201).position();
    let minutes = |minutes: i64| start + SignedDuration::from_mins(minutes);
    for (from, to, expected) in [
        (minutes(-10), minutes(0), 0),
        (minutes(-10), minutes(1), 1),
        (minutes(20), minutes(40), 1),
        (minutes(59), minutes(90), 1),
        (minutes(60), minutes(90), 0),
    ] {
        let list = student.get_at(booked, &format!("/lessons?from={from}&to={to}")).await.is(200);
        let found: &Vec<Value> = list.rows();
        assert_eq!(found.len(), expected, "{from} to {to}");
    }
}
