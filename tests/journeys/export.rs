//! Export of all data of a person, for that person.

use tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_all_of_ones_own_and_nothing_of_others() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    anna.patch("/me/profile", serde_json::json!({ "school": "School 1543" })).await.ok();
    let export = anna.get("/me/export").await.is(200);
    let text = export.text();
    for own in [&anna.id, &anna.email, &anna.name, &anna.phone, &"School 1543".to_owned()] {
        assert!(text.contains(own.as_str()), "{own}: {text}");
    }
    for foreign in [&boris.id, &boris.email, &anna.password, &anna.token] {
        assert!(!text.contains(foreign.as_str()), "{foreign}: {text}");
    }
    for event in ["AccountRegistered", "ProfileUpdated"] {
        assert!(text.contains(event), "{event}: {text}");
    }
}
