//! `kill -9` after every command about a lesson: every acknowledged step is kept.

use serde_json::json;
use tests::{World, eventually, id_of, in_hours, in_seconds};

/// Lessons, their completion and their reports live in the log alone.
#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_step_of_a_lesson_outlives_the_process() {
    let mut world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let slot = teacher.offers(in_hours(48)).await;
    killed(&mut world).await;
    let path = format!("/slots/{}", id_of(&slot));
    assert_eq!(student.get(&path).await.is(200)["status"], "open");

    let hold = student.call("POST", &format!("{path}/holds")).send().await.is(201);
    killed(&mut world).await;
    let seat = json!({ "hold_id": hold["id"] });
    student.post(&format!("{path}/bookings"), seat).await.is(201);
    killed(&mut world).await;
    assert_eq!(teacher.looks_at(&slot).await.is(200)["seats_taken"], 1);

    let to = in_hours(60);
    teacher.proposes(&slot, to).await.is(200);
    killed(&mut world).await;
    student.does("reschedule/accept", &slot, json!({})).await.is(200);
    killed(&mut world).await;
    assert_eq!(student.looks_at(&slot).await.is(200)["starts_at"], json!(to));

    let other = teacher.offers(in_hours(70)).await;
    let moved = student.does("reschedule", &slot, json!({ "slot_id": other["id"] })).await.is(200);
    killed(&mut world).await;
    assert_eq!(student.looks_at(&other).await.is(200)["bookings"], moved["bookings"]);
    student.cancels(&other).await.is(200);
    killed(&mut world).await;
    assert_eq!(student.looks_at(&other).await.is(200)["status"], "cancelled");
    teacher.delete(&path).await.is(204);
    killed(&mut world).await;
    student.get(&path).await.refused(404, "slot_not_found");

    let soon = teacher.offers(in_seconds(20)).await;
    student.books(&soon).await.is(201);
    teacher.does("start", &soon, json!({})).await.is(200);
    killed(&mut world).await;
    eventually("the lesson begins", || async {
        let answer = teacher.does("complete", &soon, json!({})).await;
        if answer.status == 200 { Ok(()) } else { Err(format!("{answer:?}")) }
    })
    .await;
    killed(&mut world).await;
    teacher.does("report", &soon, json!({ "text": "Прошли дроби." })).await.is(200);
    let reviewed = student.does("review", &soon, json!({ "rating": 4 })).await.is(200);
    killed(&mut world).await;
    let seen = teacher.looks_at(&soon).await.is(200);
    assert_eq!((&seen["status"], &seen["report"]), (&json!("completed"), &json!("Прошли дроби.")));
    assert_eq!(seen["/bookings/0/rating"], 4);
    let mine = student.get_at(reviewed.position(), "/lessons").await.is(200);
    let statuses: Vec<_> = mine.rows().iter().map(|lesson| lesson["status"].clone()).collect();
    assert_eq!(statuses, [json!("completed"), json!("cancelled")]);
}

async fn killed(world: &mut World) {
    world.app.starts();
    world.app.is_ready().await;
}
