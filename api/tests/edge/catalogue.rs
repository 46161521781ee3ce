//! The public catalogue of teachers, and the list of all accounts.

use domain::Role;
use serde_json::{Value, json};

use crate::world::{World, bearer, person};

async fn teacher(world: &World, name: &str) -> Value {
    let mut teacher = person(name);
    teacher["role"] = json!("teacher");
    teacher["phone"] = json!("+79991234567");
    world.register(&teacher).await
}

#[tokio::test]
async fn the_catalogue_shows_teachers_to_everybody_and_no_contacts() {
    let world = World::with_read_models().await;
    let boris = teacher(&world, "boris").await;
    let anna = world.student("anna").await;
    let auth = bearer(&boris);
    let profile = json!({ "subjects": ["physics"], "hourly_rate": { "amount": 150_000, "currency": "RUB" } });
    world.call("PATCH", "/api/v1/me/profile", &[("authorization", &auth)], &profile).await.is(200);
    let all = world.read("/api/v1/teachers?include=total", &auth, &[]).await;
    assert_eq!(all.is(200).body["page"], json!({ "next_cursor": null, "has_more": false, "total": 1 }));
    let card = &all.body["data"][0];
    assert_eq!(card["name"], "boris");
    assert_eq!(card["hourly_rate"], json!({ "amount": 150_000, "currency": "RUB" }));
    assert_eq!((&card["min_price"], &card["next_free_slots"]), (&Value::Null, &json!([])));
    assert!(!all.text().contains("example.org") && !all.text().contains("9991234567"), "{all:?}");
    let id = boris["account"]["id"].as_str().unwrap();
    let one = world.get(&format!("/api/v1/teachers/{id}"), &[]).await;
    assert_eq!(&one.is(200).body, card);
    assert!(one.header("etag").starts_with("\"v"));
    let student = anna["account"]["id"].as_str().unwrap();
    world.get(&format!("/api/v1/teachers/{student}"), &[]).await.refused(404, "not_found");
}

#[tokio::test]
async fn filters_of_the_catalogue_count_and_unknown_ones_are_refused() {
    let world = World::with_read_models().await;
    let auth = bearer(&teacher(&world, "boris").await);
    let profile = json!({ "subjects": ["physics"], "hourly_rate": { "amount": 150_000, "currency": "RUB" } });
    world.call("PATCH", "/api/v1/me/profile", &[("authorization", &auth)], &profile).await.is(200);
    for (query, found) in [
        ("subject=physics", 1),
        ("subject=music", 0),
        ("max_price=150000", 1),
        ("max_price=149999", 0),
        ("max_price=150000&currency=EUR", 0),
        ("q=bor", 1),
        ("q=nobody", 0),
        ("duration=65535", 0),
    ] {
        let answer = world.read(&format!("/api/v1/teachers?{query}"), &auth, &[]).await;
        assert_eq!(answer.is(200).body["data"].as_array().unwrap().len(), found, "{query}");
    }
    let unknown = world.get("/api/v1/teachers?has_free_slots=true", &[]).await;
    unknown.refused(400, "unknown_parameter");
    for broken in ["sort=email", "max_price=cheap", "currency=RUB", "cursor=nonsense", "min_rating=x"] {
        world.get(&format!("/api/v1/teachers?{broken}"), &[]).await.refused(400, "malformed_parameter");
    }
}

#[tokio::test]
async fn admins_find_accounts_by_role() {
    let world = World::with_read_models().await;
    let admin = world.signed_in_as(Role::Admin).await;
    world.student("anna").await;
    let admins = world.read("/api/v1/admin/accounts?role=admin&include=total", &admin, &[]).await;
    assert_eq!(admins.is(200).body["page"]["total"], 1);
    assert_eq!(admins.body["data"][0]["email"], "admin@example.org");
    assert_eq!(admins.body["data"][0]["roles"], json!(["admin"]));
    world.read("/api/v1/admin/accounts?role=king", &admin, &[]).await.refused(400, "malformed_parameter");
    let support = world.signed_in_as(Role::Support).await;
    world.read("/api/v1/admin/accounts", &support, &[]).await.refused(403, "forbidden");
}
