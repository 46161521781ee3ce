//! The link to the external CRM as admins see it, and their actions on it.

use serde_json::{Value, json};
use tests::{Person, World, eventually};

/// An abandoned delivery is listed, and sent on request.
#[tokio::test(flavor = "multi_thread")]
async fn abandoned_deliveries_are_listed_and_sent_when_asked_for() {
    let mut settings = tests::Settings::default();
    settings.environment.push(("KAFEDRA_CRM__MAX_ATTEMPTS", "2".into()));
    let world = World::with(settings).await;
    let admin = world.admin().await;
    world.crm.injects_faults(json!({ "status": 500 })).await;
    let (anna, _boris) = (world.student().registers().await, world.student().registers().await);
    eventually("two users and two tickets are given up", || async {
        let status = integration(&admin).await;
        if status["abandoned"] == 4 { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
    let abandoned = admin.get("/admin/crm/deliveries?status=abandoned").await.is(200);
    assert_eq!(abandoned.rows().len(), 4, "{abandoned:?}");
    assert!(!abandoned.text().contains(&anna.email) && !abandoned.text().contains(&world.crm.key));
    world.crm.clears_faults().await;

    let dry = admin
        .post("/admin/crm/deliveries/retry", json!({ "status": "abandoned", "dry_run": true }))
        .await
        .ok();
    assert!(dry.text().contains('4'), "{dry:?}");
    assert_eq!(integration(&admin).await["abandoned"], 4, "a dry run changes nothing");

    let user = abandoned.rows().iter().find(|row| row["what"] == "user").expect("a user");
    let id = user["id"].as_str().expect("an id").to_owned();
    admin.post(&format!("/admin/crm/deliveries/{id}/retry"), json!({})).await.ok();
    eventually("one user is there", || async {
        let users = world.crm.users().await.len();
        if users == 1 { Ok(()) } else { Err(format!("{users} users")) }
    })
    .await;
    admin.post("/admin/crm/deliveries/retry", json!({ "status": "abandoned", "dry_run": false })).await.ok();
    in_step(&world, &admin, 2).await;
    let status = integration(&admin).await;
    assert_eq!(
        (&status["abandoned"], &status["backlog"], &status["status"]),
        (&json!(0), &json!(0), &json!("up"))
    );
    assert!(status["last_success_at"].is_string() && status["latency_ms"]["p50"].is_number(), "{status}");
}

/// Wrong, missing and duplicate records in the CRM are found, named and repaired, without duplicates.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_there_behind_our_back_is_found_and_healed() {
    let mut settings = tests::Settings::default();
    settings.environment.push(("KAFEDRA_CRM__GRACE_MS", "0".into()));
    let world = World::with(settings).await;
    let admin = world.admin().await;
    for _ in 0..4 {
        world.student().registers().await;
    }
    in_step(&world, &admin, 4).await;
    let users = world.crm.users().await;
    let path = |user: &Value| format!("/users/{}", user["id"].as_str().expect("an id"));
    world.crm.change("DELETE", &path(&users[0]), &json!({})).await;
    world.crm.change("PUT", &path(&users[1]), &json!({ "name": "Somebody Else" })).await;

    let dry = admin.post("/admin/crm/reconcile", json!({ "dry_run": true })).await.ok();
    assert_eq!((&dry["missing"], &dry["differing"]), (&json!(1), &json!(1)), "{dry:?}");
    assert_eq!(world.crm.users().await.len(), 3, "a dry run changes nothing");
    admin.post("/admin/crm/reconcile", json!({ "heal": true })).await.ok();
    in_step(&world, &admin, 4).await;
    eventually("both sides are equal", || async {
        let users = world.crm.users().await;
        let wrong = users.iter().any(|user| user["name"] == "Somebody Else");
        if users.len() == 4 && !wrong { Ok(()) } else { Err(format!("{users:?}")) }
    })
    .await;
}

/// An empty CRM is filled from the beginning of the log, with the welcome tickets, and only once.
#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_crm_is_filled_again_from_the_log() {
    let world = World::start().await;
    let admin = world.admin().await;
    for _ in 0..5 {
        world.student().registers().await;
    }
    in_step(&world, &admin, 5).await;
    world.crm.forgets_everything().await;
    admin.post("/admin/crm/sync", json!({})).await.ok();
    in_step(&world, &admin, 5).await;
    admin.post("/admin/crm/sync", json!({})).await.ok();
    in_step(&world, &admin, 5).await;
}

/// A test of the link leaves no record behind.
#[tokio::test(flavor = "multi_thread")]
async fn a_test_of_the_link_cleans_up_after_itself() {
    let world = World::start().await;
    let admin = world.admin().await;
    let test = admin.post("/admin/crm/test", json!({})).await.ok();
    assert!(!test.text().contains(&world.crm.key), "{test:?}");
    let log = world.crm.log().await;
    assert!(!log.is_empty(), "the CRM was really called");
    assert_eq!((world.crm.users().await.len(), world.crm.tickets().await.len()), (0, 0));
}

/// C1: an older CRM serves only the lists, the creations and the statistics.
#[tokio::test(flavor = "multi_thread")]
async fn c1_a_person_with_a_profile_reaches_an_older_crm() {
    let world = World::start().await;
    let admin = world.admin().await;
    world.crm.serves_only(&["users", "tickets", "stats"]).await;
    let anna = world.student().registers().await;
    anna.patch("/me/profile", json!({ "city": "Казань" })).await.ok();
    in_step(&world, &admin, 1).await;
    let user = &world.crm.users().await[0];
    assert_eq!((&user["name"], &user["email"]), (&json!(anna.name), &json!(anna.email)));
    assert_eq!(world.crm.tickets().await[0]["createdBy"], anna.id.as_str());
    let stats = (world.crm.get("/users/stats").await, world.crm.get("/tickets/stats").await);
    assert_eq!((&stats.0["total"], &stats.1["total"]), (&json!(1), &json!(1)));
    let status = integration(&admin).await;
    assert_eq!((&status["status"], &status["circuit"]), (&json!("up"), &json!("closed")), "{status}");
    assert_eq!((&status["delivered"], &status["drifted"]), (&json!(2), &json!(0)), "{status}");

    anna.patch("/me/profile", json!({ "name": "Анна Новая" })).await.ok();
    eventually("the change is a drift", || async {
        let status = integration(&admin).await;
        let done = status["drifted"] == 1 && status["backlog"] == 0;
        if done { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
    let status = integration(&admin).await;
    assert_eq!((&status["status"], &status["abandoned"]), (&json!("up"), &json!(0)), "{status}");
    let unsupported = status["unsupported"].as_array().expect("a list");
    assert!(unsupported.iter().any(|known| known["operation"] == "update_user"), "{status}");
    let differing = admin.get("/admin/crm/deliveries?drift=true").await.is(200);
    assert_eq!(differing["/data/0/drift/differs/fields"], json!(["name"]), "{differing:?}");
    let test = admin.post("/admin/crm/test", json!({})).await.ok();
    assert_eq!((&test["ok"], &test["cleaned_up"]), (&json!(true), &json!(false)), "{test:?}");

    world.crm.serves_only(&[]).await;
    admin.post("/admin/crm/test", json!({})).await.ok();
    eventually("the change is delivered", || async {
        let status = integration(&admin).await;
        let done = status["drifted"] == 0 && status["unsupported"] == json!([]);
        if done { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
    let users = world.crm.users().await;
    assert!(users.iter().any(|user| user["name"] == "Анна Новая"), "{users:?}");
}

async fn integration(admin: &Person) -> Value {
    admin.get("/admin/crm/integration").await.is(200).body
}

/// Waits until the CRM has so many users, as many welcome tickets, and no delivery is in flight.
async fn in_step(world: &World, admin: &Person, people: usize) {
    eventually("the CRM is in step", || async {
        let (users, tickets) = (world.crm.users().await.len(), world.crm.tickets().await.len());
        let status = integration(admin).await;
        let done = (users, tickets) == (people, people) && status["backlog"] == 0;
        if done { Ok(()) } else { Err(format!("{users} users, {tickets} tickets, {status}")) }
    })
    .await;
}
