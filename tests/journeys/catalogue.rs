//! The catalogue of teachers, open to everybody, and what is not in it.

use serde_json::json;
use tests::World;

/// D-6, D-22, D-123: teachers only, no contact data, no invented ratings.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_finds_a_teacher_and_nobody_finds_their_telephone() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let subjects = world.door().get("/dictionaries").await.is(200)["subjects"].clone();
    let subjects = subjects.as_array().expect("a list");
    let code = |n: usize| subjects[n]["code"].as_str().expect("a code").to_owned();
    let (taught, other) = (code(0), code(1));
    let told = teacher
        .patch("/me/profile", json!({ "subjects": [taught], "city": "Тверь", "formats": ["online"] }))
        .await
        .ok();
    let catalogue = |query: String| {
        let call = world.door().call("GET", &format!("/teachers?{query}"));
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
    assert_eq!(catalogue("subject=astrology".into()).await.is(200).rows().len(), 0);
    catalogue("shoe_size=44".into()).await.is_problem().is(400);
}

async fn catalogue_of(world: &World, id: &str) -> tests::Answer {
    world.door().get(&format!("/teachers/{id}")).await
}
