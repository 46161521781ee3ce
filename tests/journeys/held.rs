//! A lesson is held: started, completed once, reported and reviewed; or a participant did not come.

use serde_json::json;
use tests::{Answer, Person, Settings, World, eventually, in_hours, in_seconds};

/// Completes the lesson as soon as it has begun.
async fn completes(teacher: &Person, lesson: &Answer) -> Answer {
    eventually("the lesson begins", || async {
        let answer = teacher.does("complete", lesson, json!({})).await;
        if answer.status == 200 { Ok(answer) } else { Err(format!("{:?}", answer.refused(409, "too_early"))) }
    })
    .await
}

/// A lesson is completed after its start, and once. A held lesson cannot be cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_from_its_start_to_its_review() {
    let environment = vec![("KAFEDRA_VIDEO__ENABLED", "true".to_owned())];
    let world = World::with(Settings { environment, ..Settings::default() }).await;
    let _node = world.starts_video_node("a");
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let lesson = teacher.offers(in_seconds(6)).await;
    student.books(&lesson).await.is(201);
    eventually("a node of the video service lives", || async {
        let booked = student.looks_at(&lesson).await.is(200);
        if booked["video_available"] == true { Ok(()) } else { Err(format!("{booked:?}")) }
    })
    .await;
    student.does("review", &lesson, json!({ "rating": 5 })).await.refused(409, "lesson_not_held");
    teacher.does("report", &lesson, json!({ "text": "рано" })).await.refused(409, "lesson_not_held");
    let started = teacher.does("start", &lesson, json!({})).await.is(200);
    assert_eq!(started["status"], "started");
    let completed = completes(&teacher, &lesson).await;
    assert_eq!((&completed["status"], &completed["video_available"]), (&json!("completed"), &json!(false)));
    teacher.does("complete", &lesson, json!({})).await.refused(409, "lesson_already_completed");
    for person in [&teacher, &student] {
        person.cancels(&lesson).await.refused(409, "slot_closed");
    }

    teacher.does("report", &lesson, json!({ "text": "Прошли дроби." })).await.is(200);
    assert_eq!(student.looks_at(&lesson).await.is(200)["report"], "Прошли дроби.");
    student.does("review", &lesson, json!({ "rating": 6 })).await.refused(422, "invalid_fields");
    let review = json!({ "rating": 5, "text": "Всё понятно" });
    let reviewed = student.does("review", &lesson, review.clone()).await.is(200);
    student.does("review", &lesson, review).await.refused(409, "already_reviewed");

    let path = format!("/teachers/{}/reviews", teacher.id);
    let reviews =
        world.client().call("GET", &path).header("min-log-position", reviewed.position()).send().await;
    let reviews = reviews.is(200);
    assert_eq!((&reviews["/data/0/rating"], &reviews["/data/0/text"]), (&json!(5), &json!("Всё понятно")));
    assert_eq!(reviews["/data/0/student_name"], "Анна");
    assert!(!reviews.text().contains(&student.id) && !reviews.text().contains(&student.name), "{reviews:?}");

    student.erases_themselves().await.ok();
    let after = eventually("the review has no author any longer", || async {
        let answer = world.client().get(&path).await.is(200);
        // One read model removes the text, another one the name.
        let is_gone = !answer.text().contains("понятно") && answer["/data/0/student_name"].is_null();
        if is_gone { Ok(answer) } else { Err(format!("{answer:?}")) }
    })
    .await;
    assert_eq!(after["/data/0/rating"], 5);
    let seen = teacher.looks_at(&lesson).await.is(200);
    let name = seen["/bookings/0/student_name"].as_str().unwrap_or_default();
    assert!(name.starts_with("Удалённый пользователь") || name.starts_with("Deleted user"), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_is_neither_started_nor_completed_before_its_time() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let lesson = teacher.offers(in_hours(2)).await;
    let booked = student.books(&lesson).await.is(201);
    assert_eq!(booked["video_available"], false);
    for what in ["start", "complete", "no-show"] {
        teacher.does(what, &lesson, json!({})).await.refused(409, "too_early");
    }
    let empty = teacher.offers(in_hours(5)).await;
    teacher.does("start", &empty, json!({})).await.refused(404, "booking_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_not_come_does_not_review() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let lesson = teacher.offers(in_seconds(4)).await;
    student.books(&lesson).await.is(201);
    let recorded = eventually("the lesson begins", || async {
        let answer = teacher.does("no-show", &lesson, json!({})).await;
        if answer.status == 200 { Ok(answer) } else { Err(format!("{answer:?}")) }
    })
    .await;
    assert_eq!(recorded["/bookings/0/status"], "no_show");
    completes(&teacher, &lesson).await;
    student.does("review", &lesson, json!({ "rating": 1 })).await.refused(409, "not_attended");
}

/// A lesson without its teacher counts as not held.
#[tokio::test(flavor = "multi_thread")]
async fn a_student_says_that_the_teacher_did_not_come() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let lesson = teacher.offers(in_seconds(4)).await;
    student.books(&lesson).await.is(201);
    eventually("the lesson begins", || async {
        let answer = student.does("no-show", &lesson, json!({})).await;
        if answer.status == 200 { Ok(answer) } else { Err(format!("{answer:?}")) }
    })
    .await;
    assert_eq!(student.looks_at(&lesson).await.is(200)["teacher_absent"], true);
    teacher.does("complete", &lesson, json!({})).await.refused(409, "lesson_not_held");
}
