//! A lesson moves when both parties agree, or a booking moves into another slot at once.

use jiff::SignedDuration;
use serde_json::json;
use tests::{Answer, Person, World, id_of, in_hours};

struct Pair {
    world: World,
    teacher: Person,
    student: Person,
    lesson: Answer,
}

/// A teacher, a student, and a lesson in two days.
async fn pair() -> Pair {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let lesson = teacher.offers(in_hours(48)).await;
    student.books(&lesson).await.is(201);
    Pair { world, teacher, student, lesson }
}

/// One party proposes and the other accepts; the lesson keeps its id and can be cancelled under it.
#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_moves_when_the_other_side_agrees() {
    let Pair { world: _world, teacher, student, lesson } = pair().await;
    for (proposer, other, hours) in [(&teacher, &student, 60), (&student, &teacher, 72)] {
        let to = in_hours(hours);
        let proposed = proposer.proposes(&lesson, to).await.is(200);
        assert_eq!(proposed["/proposal/starts_at"], json!(to), "{proposed:?}");
        assert_ne!(proposed["starts_at"], json!(to), "nothing has moved yet");
        proposer.proposes(&lesson, in_hours(90)).await.refused(409, "already_proposed");
        proposer.does("reschedule/accept", &lesson, json!({})).await.refused(409, "own_proposal");
        let moved = other.does("reschedule/accept", &lesson, json!({})).await.is(200);
        assert_eq!((&moved["starts_at"], &moved["proposal"]), (&json!(to), &json!(null)));
        assert_eq!(moved["id"], lesson["id"]);
        let mine = student.get_at(moved.position(), &format!("/lessons?from={to}")).await.is(200);
        assert_eq!(mine.rows().len(), 1, "{mine:?}");
    }
    assert_eq!(student.cancels(&lesson).await.is(200)["status"], "cancelled");
    // The earlier times are free again for both, the last one for the student.
    for hours in [48, 60] {
        let slot = teacher.offers(in_hours(hours)).await;
        student.books(&slot).await.is(201);
    }
    student.books(&lesson).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_proposal_changes_nothing() {
    let Pair { world: _world, teacher, student, lesson } = pair().await;
    teacher.proposes(&lesson, in_hours(60)).await.is(200);
    let declined = student.does("reschedule/decline", &lesson, json!({})).await.is(200);
    assert_eq!((&declined["starts_at"], &declined["proposal"]), (&lesson["starts_at"], &json!(null)));
    student.does("reschedule/accept", &lesson, json!({})).await.refused(409, "proposal_not_found");
    teacher.proposes(&lesson, in_hours(60)).await.is(200);
}

/// The new time is checked again at the acceptance.
#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_was_taken_meanwhile_is_refused_at_the_acceptance() {
    let Pair { world, teacher, student, lesson } = pair().await;
    let to = in_hours(60);
    teacher.proposes(&lesson, to).await.is(200);
    let colleague = world.teacher().registers().await;
    let elsewhere = colleague.offers(to + SignedDuration::from_mins(30)).await;
    student.books(&elsewhere).await.is(201);
    let refused = student.does("reschedule/accept", &lesson, json!({})).await.refused(409, "time_conflict");
    assert_eq!(refused["/reasons/0/facts/person"], student.id.as_str(), "{refused:?}");
    assert_eq!(student.looks_at(&lesson).await.is(200)["starts_at"], lesson["starts_at"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_moves_only_when_everybody_agrees() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let lesson = teacher.offers_seats(in_hours(48), 2).await;
    anna.books(&lesson).await.is(201);
    boris.books(&lesson).await.is(201);
    anna.proposes(&lesson, in_hours(60)).await.refused(409, "not_alone");
    let to = in_hours(60);
    teacher.proposes(&lesson, to).await.is(200);
    let waiting = anna.does("reschedule/accept", &lesson, json!({})).await.is(200);
    assert_eq!(waiting["starts_at"], lesson["starts_at"]);
    let moved = boris.does("reschedule/accept", &lesson, json!({})).await.is(200);
    assert_eq!(moved["starts_at"], json!(to));
}

/// The booking leaves one slot and enters the other at once; it keeps its id, and the first seat is free.
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_moves_into_another_slot() {
    let Pair { world, teacher, student, lesson } = pair().await;
    let other = teacher.offers(in_hours(60)).await;
    let booking = student.looks_at(&lesson).await.is(200)["/bookings/0/booking_id"].clone();
    let moved = student.does("reschedule", &lesson, json!({ "slot_id": other["id"] })).await.is(200);
    assert_eq!((&moved["id"], &moved["/bookings/0/booking_id"]), (&other["id"], &booking));
    student.looks_at(&lesson).await.refused(404, "slot_not_found");
    let somebody = world.student().registers().await;
    somebody.books(&other).await.refused(409, "slot_taken");
    somebody.books(&lesson).await.is(201);
    let back = student.does("reschedule", &other, json!({ "slot_id": lesson["id"] })).await;
    back.refused(409, "slot_taken");
    assert_eq!(
        student.looks_at(&other).await.is(200)["status"],
        "scheduled",
        "a refused move leaves all as it was"
    );

    let elsewhere = world.teacher().registers().await.offers(in_hours(80)).await;
    let to = json!({ "slot_id": elsewhere["id"] });
    student.does("reschedule", &other, to).await.refused(409, "another_teacher");
    let soon = teacher.offers(in_hours(3)).await;
    let late = world.student().registers().await;
    late.books(&soon).await.is(201);
    let free = teacher.offers(in_hours(90)).await;
    let refused = late.does("reschedule", &soon, json!({ "slot_id": free["id"] })).await;
    let refused = refused.refused(409, "late_move");
    assert_eq!(refused["/reasons/0/facts/window_hours"], "12");
    for body in [json!({}), json!({ "starts_at": in_hours(5), "slot_id": id_of(&free) })] {
        student.does("reschedule", &other, body).await.refused(422, "invalid_fields");
    }
}
