//! Changes of password, e-mail address and phone number, and their effects.

use serde_json::json;
use tests::{World, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions_and_the_old_password() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    let elsewhere = anna.signs_in().await;
    let change = |current: &str, new: &str| {
        anna.post("/me/password", json!({ "current_password": current, "new_password": new }))
    };
    change("not the password", "a new password 17").await.is_problem();
    change(&anna.password, "short").await.is_problem().is(422);
    change(&anna.password, "password1234").await.is_problem().is(422);
    elsewhere.get("/me").await.is(200);

    change(&anna.password, "a new password 17").await.ok();
    anna.get("/me").await.is(200);
    elsewhere.get("/me").await.is_problem().is(401);
    anna.tries_to_sign_in().await.refused(401, "invalid_credentials");
    let mut changed = anna.clone();
    changed.password = "a new password 17".to_owned();
    changed.signs_in().await.get("/me").await.is(200);
}

/// A new address must be unique; the old one is free again after the change.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_address_signs_in_and_the_old_one_is_free_again() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let change = |email: &str| anna.post("/me/email", json!({ "email": email }));
    change(&boris.email.to_uppercase()).await.refused(409, "email_taken");
    change("not an address").await.is_problem().is(422);
    change(&format!("new.{}", anna.email)).await.ok();
    anna.tries_to_sign_in().await.refused(401, "invalid_credentials");
    let mut moved = anna.clone();
    moved.email = format!("new.{}", anna.email);
    moved.signs_in().await;
    let mut heir = world.student();
    heir.email.clone_from(&anna.email);
    let heir = heir.registers().await;
    assert_ne!(heir.id, anna.id);
    eventually("the CRM knows the new address", || async {
        let users = world.crm.users().await;
        match users.iter().any(|user| user["email"] == moved.email.as_str()) {
            true => Ok(()),
            false => Err(format!("{users:?}")),
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_number_is_changed_and_taken_away() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    anna.post("/me/phone", json!({ "phone": "+7 (495) 123-45-67" })).await.ok();
    assert_eq!(anna.get("/me").await["phone"], "+74951234567");
    anna.post("/me/phone", json!({ "phone": "12" })).await.is_problem().is(422);
    anna.post("/me/phone", json!({ "phone": null })).await.ok();
    assert_eq!(anna.get("/me").await["phone"], json!(null));
}
