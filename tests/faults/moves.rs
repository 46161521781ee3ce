//! `kill -9` during moves from one lesson to another: all or nothing.

use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::json;
use tests::{World, id_of, in_hours};

use crate::insistent::insists;

const STUDENTS: usize = 8;
const MOVES: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_in_one_lesson_whenever_a_process_dies() {
    let mut world = World::start().await;
    let mut second = world.another_app().await;
    let clients = [world.client().clone(), second.client.clone()];
    let teacher = world.teacher().registers().await;
    let slots = [teacher.offers_seats(in_hours(48), 8).await, teacher.offers_seats(in_hours(50), 8).await];
    let mut students = Vec::new();
    for _ in 0..STUDENTS {
        let student = world.student().registers().await;
        let lesson = student.books(&slots[0]).await.is(201);
        let bookings = lesson["bookings"].as_array().expect("bookings").clone();
        let own = bookings.into_iter().find(|booking| booking["student_id"] == student.id.as_str());
        students.push((student, own.expect("their own booking")["booking_id"].clone()));
    }

    // All students move to and fro through both processes, which die in turn.
    let ids = slots.each_ref().map(|slot| id_of(slot).to_owned());
    let wandering = join_all(students.iter().enumerate().map(async |(n, (student, _))| {
        for step in 0..MOVES {
            let (from, to) = (&ids[step % 2], &ids[(step + 1) % 2]);
            let key = format!("{n}-{step}-{from}");
            let path = format!("/lessons/{from}/reschedule");
            let client = &clients[(n + step) % 2];
            let through = student.through(client);
            let definite =
                insists(|| through.call("POST", &path).key(&key).json(&json!({ "slot_id": to }))).await;
            assert_eq!(definite.answer.status, 200, "{:?}", definite.answer);
        }
    }));
    tokio::pin!(wandering);
    let mut deaths = 0;
    loop {
        let begun = Instant::now();
        if tokio::time::timeout(Duration::from_millis(700), &mut wandering).await.is_ok() {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60));
        if deaths % 2 == 0 {
            world.app.starts()
        } else {
            second.starts()
        }
        deaths += 1;
        world.app.is_kept_alive();
        second.is_kept_alive();
        if deaths == 6 {
            world.app.is_ready_again().await;
            second.is_ready_again().await;
            wandering.await;
            break;
        }
    }
    world.app.is_ready_again().await;
    second.is_ready_again().await;

    // After twelve moves every student is where they began, in one lesson, under one id.
    let here = teacher.looks_at(&slots[0]).await.is(200);
    let mut booked: Vec<_> = here["bookings"].as_array().expect("bookings").clone();
    booked.retain(|booking| booking["status"] == "booked");
    assert_eq!(booked.len(), STUDENTS, "{here:?}");
    for (student, booking_id) in &students {
        let own = booked.iter().find(|booking| booking["student_id"] == student.id.as_str());
        assert_eq!(own.map(|booking| &booking["booking_id"]), Some(booking_id));
    }
    let (out, into): (i64, i64) = sqlx::query_as(
        "select count(*) filter (where event_type = 'BookingMovedOut'),
                count(*) filter (where event_type = 'BookingMovedIn')
         from log.events",
    )
    .fetch_one(&world.pool)
    .await
    .expect("the log is read");
    let moves = i64::try_from(STUDENTS * MOVES).expect("a small number");
    assert_eq!((out, into), (moves, moves));
}
