//! The public catalogue of teachers, and what it must not contain.

use serde_json::json;
use tests::{World, eventually, in_hours, in_seconds};

/// The catalogue lists only teachers, without contact data and without invented ratings.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_finds_a_teacher_and_nobody_finds_their_telephone() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let subjects = world.client().get("/dictionaries").await.is(200)["subjects"].clone();
    let subjects = subjects.as_array().expect("a list");
    let code = |n: usize| subjects[n]["code"].as_str().expect("a code").to_owned();
    let (taught, other) = (code(0), code(1));
    let told = teacher
        .patch("/me/profile", json!({ "subjects": [taught], "city": "Тверь", "formats": ["online"] }))
        .await
        .ok();
    let catalogue = |query: String| {
        let call = world.client().call("GET", &format!("/teachers?{query}"));
        call.header("min-log-position", told.position()).send()
    };
    let found = catalogue(format!("subject={taught}")).await.is(200);
    assert_eq!(found.rows().len(), 1, "{found:?}");
    let card = &found.rows()[0];
    assert_eq!((&card["id"], &card["name"]), (&json!(teacher.id), &json!(teacher.name)));
    assert_eq!((&card["rating"], &card["reviews_count"]), (&json!(null), &json!(0)), "{card}");
    assert_eq!(catalogue(format!("subject={other}")).await.is(200).rows().len(), 0);
    assert_eq!(catalogue(String::new()).await.is(200).rows().len(), 1);
    let detail = catalogue_of(&world, &teacher.id).await.is(200);
    for text in [found.text(), detail.text()] {
        assert!(!text.contains(&teacher.email) && !text.contains(&teacher.phone), "{text}");
        assert!(!text.contains(&student.id), "{text}");
    }
    catalogue_of(&world, &student.id).await.is_problem().is(404);
    catalogue("subject=astrology".into()).await.is_problem().is(400);
    catalogue("shoe_size=44".into()).await.is_problem().is(400);
}

async fn catalogue_of(world: &World, id: &str) -> tests::Answer {
    world.client().get(&format!("/teachers/{id}")).await
}

/// Filters match only slots that can be booked, from the first page on.
#[tokio::test(flavor = "multi_thread")]
async fn a_free_slot_is_found_until_somebody_books_it() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let cheap = json!({ "price": { "amount": 90_000, "currency": "RUB" }, "subject": "physics" });
    let dear = teacher.offers(in_hours(30)).await;
    let cheap = teacher.tries_to_offer(in_hours(50), cheap).await.is(201);
    let at = |position: u64, query: &'static str| {
        world.client().call("GET", &format!("/teachers?{query}")).header("min-log-position", position).send()
    };
    let found = at(cheap.position(), "subject=physics&has_free_slots=true&max_price=90000").await.is(200);
    let card = &found.rows()[0];
    assert_eq!((&card["id"], &card["min_price"]["amount"]), (&json!(teacher.id), &json!(90_000)));
    let next: Vec<_> = card["next_free_slots"].as_array().expect("a list").iter().collect();
    assert_eq!((&next[0]["id"], &next[1]["id"]), (&dear["id"], &cheap["id"]), "in order of time");

    // The ETag of a card covers everything that it shows, not only the teacher's profile.
    let tag = async |position: u64| {
        let path = format!("/teachers/{}", teacher.id);
        let card =
            world.client().call("GET", &path).header("min-log-position", position).send().await.is(200);
        card.header("etag").to_owned()
    };
    let before = tag(cheap.position()).await;
    assert_eq!(tag(cheap.position()).await, before);

    let booked = student.books(&cheap).await.is(201);
    assert_ne!(tag(booked.position()).await, before, "a slot is gone");
    let found = at(booked.position(), "subject=physics&has_free_slots=true").await.is(200);
    assert_eq!(found.rows().len(), 0, "{found:?}");
    let found = at(booked.position(), "has_free_slots=true&sort=min_price").await.is(200);
    assert_eq!(found.rows()[0]["min_price"]["amount"], 150_000);

    let cancelled = student.cancels(&cheap).await.is(200);
    let found = at(cancelled.position(), "max_price=90000").await.is(200);
    assert_eq!(found.rows().len(), 1, "free again: {found:?}");
}

/// A held lesson counts for its teacher and its student, and both timelines show it.
#[tokio::test(flavor = "multi_thread")]
async fn a_held_lesson_shows_on_the_card_in_the_crm_and_in_both_timelines() {
    let world = World::start().await;
    let (teacher, other) = (world.teacher().registers().await, world.teacher().registers().await);
    let student = world.student().registers().await;
    let support = world.support(&world.admin().await).await;
    let lesson = teacher.offers(in_seconds(3)).await;
    student.books(&lesson).await.is(201);
    eventually("the lesson can be completed", || async {
        let answer = teacher.does("complete", &lesson, json!({})).await;
        if answer.status == 200 { Ok(()) } else { Err(format!("{answer:?}")) }
    })
    .await;
    let reviewed = student.does("review", &lesson, json!({ "rating": 4 })).await.is(200);
    let position = reviewed.position();
    let card = async |id: &str| {
        let call = world.client().call("GET", &format!("/teachers/{id}"));
        call.header("min-log-position", position).send().await.is(200)
    };
    let shown = card(&teacher.id).await;
    assert_eq!((&shown["lessons_count"], &shown["students_count"]), (&json!(1), &json!(1)), "{shown:?}");
    assert_eq!((&shown["rating"], &shown["reviews_count"]), (&json!(4.0), &json!(1)));
    let unmoved = card(&other.id).await;
    assert_eq!((&unmoved["lessons_count"], &unmoved["rating"]), (&json!(0), &json!(null)));

    for person in [&teacher, &student] {
        let row = support.get_at(position, &format!("/crm/users/{}", person.id)).await.is(200);
        assert_eq!(row["lessons_completed"], 1, "{row:?}");
        let timeline = support.get_at(position, &format!("/crm/users/{}/timeline", person.id)).await.is(200);
        let told = ["LessonReviewed", "LessonCompleted", "SeatBooked"];
        let mut types: Vec<_> = timeline.rows().iter().filter_map(|row| row["type"].as_str()).collect();
        types.retain(|known| told.contains(known));
        assert_eq!(types, told, "{timeline:?}");
    }
}
