//! The waitlist: its order, its reasons, and its deadlines.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Answer, Person, World, eventually, eventually_within, id_of, in_hours, in_seconds};

/// A lesson in two days with one seat, which is taken.
async fn full(teacher: &Person, anna: &Person) -> String {
    let slot = teacher.offers(in_hours(48)).await;
    anna.books(&slot).await.is(201);
    id_of(&slot).to_owned()
}

async fn joins(person: &Person, slot: &str) -> Answer {
    person.post(&format!("/slots/{slot}/waitlist"), json!({})).await
}

/// The person's waitlist entry for this slot, as they see it.
async fn place(person: &Person, slot: &str) -> Value {
    let all = person.get("/waitlist?status=all").await.is(200);
    all.rows().iter().find(|place| place["slot_id"] == slot).cloned().unwrap_or(Value::Null)
}

async fn becomes(person: &Person, slot: &str, status: &str) -> Value {
    eventually_within(Duration::from_secs(60), status, || async {
        let place = place(person, slot).await;
        if place["status"] == status { Ok(place) } else { Err(place.to_string()) }
    })
    .await
}

async fn cancels(person: &Person, slot: &str) {
    person.post(&format!("/lessons/{slot}/cancel"), json!({})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_seat_goes_to_the_first_in_line_and_not_to_a_passer_by() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let [anna, boris, vera, passer_by] = four(&world).await;
    let slot = full(&teacher, &anna).await;
    let first = joins(&boris, &slot).await.is(201);
    let second = joins(&vera, &slot).await.is(201);
    assert_eq!((&first["position"], &second["position"]), (&json!(1), &json!(2)));
    joins(&boris, &slot).await.refused(409, "already_waiting");
    cancels(&anna, &slot).await;
    let book = format!("/slots/{slot}/bookings");
    passer_by.post(&book, json!({})).await.refused(409, "slot_taken");
    let offered = becomes(&boris, &slot, "offered").await;
    assert_eq!(offered["reasons"][0]["code"], "seat_offered");
    passer_by.post(&book, json!({})).await.refused(409, "slot_taken");
    let (own, other) = (format!("/waitlist/{}", id_of(&first)), format!("/waitlist/{}", id_of(&second)));
    boris.post(&format!("{other}/accept"), json!({})).await.refused(404, "waitlist_entry_not_found");
    vera.post(&format!("{other}/accept"), json!({})).await.refused(409, "no_seat_offered");
    let lesson = boris.post(&format!("{own}/accept"), json!({})).await.is(201);
    assert_eq!(lesson["id"], slot.as_str());
    assert_eq!(lesson["my_role"], "student");
    boris.post(&format!("{own}/accept"), json!({})).await.is(200);
    passer_by.post(&book, json!({})).await.refused(409, "slot_taken");
    assert_eq!(becomes(&vera, &slot, "waiting").await["position"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_offer_and_a_left_place_go_to_the_next() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let [anna, boris, vera, dina] = four(&world).await;
    let slot = full(&teacher, &anna).await;
    let first = joins(&boris, &slot).await.is(201);
    let first = id_of(&first);
    joins(&vera, &slot).await.is(201);
    joins(&dina, &slot).await.is(201);
    cancels(&anna, &slot).await;
    becomes(&boris, &slot, "offered").await;
    boris.post(&format!("/waitlist/{first}/decline"), json!({})).await.is(200);
    becomes(&vera, &slot, "offered").await;
    vera.delete(&format!("/slots/{slot}/waitlist")).await.is(204);
    vera.delete(&format!("/slots/{slot}/waitlist")).await.refused(404, "waitlist_entry_not_found");
    becomes(&dina, &slot, "offered").await;
    becomes(&vera, &slot, "left").await;
    boris.post(&format!("/waitlist/{first}/accept"), json!({})).await.refused(409, "waitlist_left");
}

/// The lesson begins so soon that an offer lasts for seconds only.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_not_accepted_after_its_time() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let [anna, boris, vera, passer_by] = four(&world).await;
    let offered = teacher.offers(in_seconds(15 * 60 + 20)).await;
    anna.books(&offered).await.is(201);
    let slot = id_of(&offered).to_owned();
    let first = joins(&boris, &slot).await.is(201);
    let first = id_of(&first);
    joins(&vera, &slot).await.is(201);
    cancels(&anna, &slot).await;
    becomes(&boris, &slot, "expired").await;
    boris.post(&format!("/waitlist/{first}/accept"), json!({})).await.refused(409, "offer_expired");
    becomes(&vera, &slot, "left").await;
    let late = joins(&boris, &slot).await.refused(409, "waitlist_closed");
    assert_eq!(late["/reasons/0/code"], "waitlist_closed");
    passer_by.post(&format!("/slots/{slot}/bookings"), json!({})).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_free_seats_are_offered_to_two_and_the_last_is_told_why_they_wait() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let [anna, boris, vera, dina] = four(&world).await;
    let slot = full(&teacher, &anna).await;
    for person in [&boris, &vera, &dina] {
        joins(person, &slot).await.is(201);
    }
    let waiting = becomes(&dina, &slot, "waiting").await;
    assert_eq!((&waiting["position"], &waiting["people_ahead"]), (&json!(3), &json!(2)));
    let reason = &waiting["reasons"][0];
    assert_eq!(reason["code"], "people_ahead");
    assert_eq!(reason["facts"], json!({ "ahead": "2", "with_an_offer": "0" }));
    let slot_path = format!("/slots/{slot}");
    let version = teacher.get(&slot_path).await.is(200).header("etag").to_owned();
    let more = json!({ "capacity": 3 });
    teacher.call("PATCH", &slot_path).header("if-match", version).json(&more).send().await.ok();
    becomes(&boris, &slot, "offered").await;
    becomes(&vera, &slot, "offered").await;
    let waiting = eventually("the last in line sees both offers", || async {
        let place = place(&dina, &slot).await;
        if place["reasons"][0]["facts"]["with_an_offer"] == "2" { Ok(place) } else { Err(place.to_string()) }
    })
    .await;
    assert_eq!((&waiting["status"], &waiting["position"]), (&json!("waiting"), &json!(3)));
    assert_eq!(waiting["teacher_id"], teacher.id.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_what_is_free_and_no_teacher_waits() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let anna = world.student().registers().await;
    let offered = teacher.offers(in_hours(48)).await;
    let slot = id_of(&offered).to_owned();
    joins(&anna, &slot).await.refused(409, "seat_free");
    joins(&teacher, &slot).await.refused(403, "forbidden");
    joins(&anna, &anna.id).await.refused(404, "slot_not_found");
    anna.post(&format!("/slots/{slot}/bookings"), json!({})).await.is(201);
    joins(&anna, &slot).await.refused(409, "already_booked");
    anna.get("/waitlist?status=some").await.refused(400, "malformed_parameter");
}

/// Many students join at once: each gets a position of their own.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_forms_a_line() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let anna = world.student().registers().await;
    let slot = full(&teacher, &anna).await;
    let mut crowd = Vec::new();
    for _ in 0..6 {
        crowd.push(world.student().registers().await);
    }
    let joining = crowd.iter().map(|person| joins(person, &slot));
    let answers = futures::future::join_all(joining).await;
    let mut positions: Vec<_> =
        answers.into_iter().map(|answer| answer.is(201)["position"].as_u64().expect("a position")).collect();
    positions.sort_unstable();
    assert_eq!(positions, [1, 2, 3, 4, 5, 6]);
}

async fn four(world: &World) -> [Person; 4] {
    [
        world.student().registers().await,
        world.student().registers().await,
        world.student().registers().await,
        world.student().registers().await,
    ]
}

/// A student with another lesson at that time cannot accept; the offer stays until they are free.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_not_accepted_against_another_lesson() {
    let world = World::start().await;
    let (teacher, other) = (world.teacher().registers().await, world.teacher().registers().await);
    let [anna, boris, _, _] = four(&world).await;
    let slot = full(&teacher, &anna).await;
    let place = joins(&boris, &slot).await.is(201);
    let elsewhere = other.offers(in_hours(48)).await;
    boris.books(&elsewhere).await.is(201);
    cancels(&anna, &slot).await;
    becomes(&boris, &slot, "offered").await;
    let accept = format!("/waitlist/{}/accept", id_of(&place));
    let refused = boris.post(&accept, json!({})).await.refused(409, "time_conflict");
    assert_eq!(refused["/reasons/0/facts/person"], boris.id.as_str());
    assert_eq!(becomes(&boris, &slot, "offered").await["slot_id"], slot.as_str());
    cancels(&boris, id_of(&elsewhere)).await;
    boris.post(&accept, json!({})).await.is(201);
}
