//! `kill -9` after every command: every acknowledged command is kept.

use serde_json::{Value, json};
use tests::{Person, World, eventually};

/// No state lives in memory only.
#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_command_outlives_the_process() {
    let mut world = World::start().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    killed(&mut world).await;
    let mut anna = world.student().registers().await;
    killed(&mut world).await;
    is_so(&anna, "/id", json!(anna.id)).await;

    anna.patch("/me/profile", json!({ "city": "Тверь", "goals": [] })).await.ok();
    killed(&mut world).await;
    is_so(&anna, "/profile/city", json!("Тверь")).await;

    anna.post("/me/phone", json!({ "phone": "+74951234567" })).await.ok();
    killed(&mut world).await;
    is_so(&anna, "/phone", json!("+74951234567")).await;

    let email = format!("new.{}", anna.email);
    anna.post("/me/email", json!({ "email": email })).await.ok();
    anna.email = email;
    killed(&mut world).await;
    is_so(&anna, "/email", json!(anna.email)).await;

    let change = json!({ "current_password": anna.password, "new_password": "another password 42" });
    anna.post("/me/password", change).await.ok();
    anna.password = "another password 42".into();
    killed(&mut world).await;
    anna = anna.signs_in().await;
    killed(&mut world).await;
    is_so(&anna, "/status", json!("active")).await;

    let roles = format!("/admin/accounts/{}/roles", anna.id);
    admin.post(&roles, json!({ "action": "grant", "role": "teacher", "reason": "teaches too" })).await.ok();
    killed(&mut world).await;
    is_so(&anna, "/roles", json!(["student", "teacher"])).await;

    support.post(&format!("/crm/users/{}/suspend", anna.id), json!({ "reason": "test" })).await.ok();
    killed(&mut world).await;
    anna.patch("/me/profile", json!({ "city": "Псков" })).await.is_problem();
    support.post(&format!("/crm/users/{}/reinstate", anna.id), json!({ "reason": "test" })).await.ok();
    killed(&mut world).await;
    anna = anna.signs_in().await;
    anna.patch("/me/profile", json!({ "city": "Псков" })).await.ok();

    let elsewhere = anna.signs_in().await;
    elsewhere.delete("/session").await.ok();
    killed(&mut world).await;
    elsewhere.get("/me").await.is_problem().is(401);
    is_so(&anna, "/profile/city", json!("Псков")).await;

    anna.erases_themselves().await.ok();
    killed(&mut world).await;
    anna.get("/me").await.is_problem().is(401);
    anna.tries_to_sign_in().await.refused(401, "invalid_credentials");
    eventually("she is gone from the CRM too", || async {
        let users = world.crm.users().await;
        let there = users.iter().any(|user| user["email"] == anna.email.as_str());
        if there { Err(format!("{users:?}")) } else { Ok(()) }
    })
    .await;
}

async fn killed(world: &mut World) {
    world.app.starts();
    world.app.is_ready().await;
}

async fn is_so(person: &Person, pointer: &str, value: Value) {
    assert_eq!(person.get("/me").await.is(200)[pointer], value, "{pointer}");
}
