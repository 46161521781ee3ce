//! Links that people get by mail: a forgotten password, a verified address, an invitation.

use serde_json::{Value, json};
use tests::{Person, World, eventually, id_of, in_hours};

/// Sets a password by a link.
async fn sets_password(world: &World, token: &str, password: &str) -> tests::Answer {
    let body = json!({ "new_password": password });
    world.client().post(&format!("/password-recoveries/{token}"), &body).await
}

/// A forgotten password is replaced by a mailed link, once; all sessions end.
#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_recovered_once() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    let answer = world.client().post("/password-recoveries", &json!({ "email": anna.email })).await.is(202);
    let unknown = json!({ "email": format!("x{}", anna.email) });
    let other = world.client().post("/password-recoveries", &unknown).await.is(202);
    assert_eq!(answer.bytes, other.bytes, "an unknown address is answered alike");
    let names = |answer: &tests::Answer| {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&answer), names(&other), "an unknown address is answered alike");

    let token = world.mailed_token(&anna.email, "recover").await;
    let weak = sets_password(&world, &token, "short").await.refused(422, "invalid_fields");
    assert_eq!(weak["/errors/0/pointer"], "/new_password");
    sets_password(&world, &token, "a new password 17").await.is(200);
    anna.get("/me").await.is_problem().is(401);
    anna.tries_to_sign_in().await.refused(401, "invalid_credentials");
    sets_password(&world, &token, "another password 18").await.refused(404, "link_not_found");
    sets_password(&world, "AAAA", "another password 18").await.refused(404, "link_not_found");
    let mut changed = anna.clone();
    changed.password = "a new password 17".to_owned();
    let again = changed.signs_in().await;
    assert_eq!(again.get("/me").await.is(200)["email_verified"], true, "the mail has reached the person");
    eventually("the person is told", || async {
        let inbox = again.get("/notifications").await.is(200);
        match inbox.rows().iter().any(|row| row["data"]["step"] == "password_changed") {
            true => Ok(()),
            false => Err(format!("{inbox:?}")),
        }
    })
    .await;
}

/// A link to the former address is invalid after a change of the address.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_for_the_address_that_it_was_mailed_to() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    let first = world.mailed_token(&anna.email, "verify-email").await;
    let new = format!("new.{}", anna.email);
    anna.post("/me/email", json!({ "email": new })).await.ok();
    let path = |token: &str| format!("/email-verifications/{token}");
    world.client().post(&path(&first), &Value::Null).await.refused(404, "link_not_found");
    let second = world.mailed_token(&new, "verify-email").await;
    assert_eq!(world.client().post(&path(&second), &Value::Null).await.is(200)["email_verified"], true);
    // The link is no password.
    sets_password(&world, &second, "a new password 17").await.refused(404, "link_not_found");
}

/// Nothing but a link is mailed to an unverified address.
#[tokio::test(flavor = "multi_thread")]
async fn an_unverified_address_gets_only_its_link() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let not_verified = teacher.get("/me").await.is(200);
    assert_eq!(not_verified["email_verified"], false);
    let token = world.mailed_token(&teacher.email, "verify-email").await;
    student.books(&teacher.offers(in_hours(48)).await).await.is(201);
    let delivery = email_of_first_notification(&teacher).await;
    assert_eq!((&delivery["state"], &delivery["reason"]), (&json!("not_delivered"), &json!("unverified")));
    assert!(world.mails_to(&teacher.email).iter().all(|mail| mail.contains("/verify-email/")));

    teacher.post("/me/email/verification", json!({})).await.is(202);
    let path = format!("/email-verifications/{token}");
    let verified = world.client().post(&path, &Value::Null).await.is(200);
    world.client().post(&path, &Value::Null).await.is(200);
    assert_eq!(teacher.get_at(verified.position(), "/me").await.is(200)["email_verified"], true);
    let again = teacher.post("/me/email/verification", json!({})).await.is(202);
    assert_eq!(again["email_verified"], true);
}

async fn email_of_first_notification(person: &Person) -> Value {
    eventually("a delivery is decided", || async {
        let inbox = person.get("/notifications").await.is(200);
        let Some(id) = inbox.rows().first().and_then(|row| row["id"].as_str()).map(str::to_owned) else {
            return Err(format!("{inbox:?}"));
        };
        let deliveries = person.get(&format!("/notifications/{id}/deliveries")).await.is(200);
        let email = deliveries.rows().iter().find(|row| row["channel"] == "email").cloned();
        email.filter(|email| email["state"] != "waiting").ok_or_else(|| format!("{deliveries:?}"))
    })
    .await
}

/// An invited person sets the password by the mailed link and is verified by it.
#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_sets_their_password() {
    let world = World::start().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    let guest = world.teacher();
    let invitation = json!({ "email": guest.email, "name": guest.name, "role": "teacher", "locale": "en" });
    let invited = support.post("/crm/users", invitation.clone()).await.is(201);
    assert_eq!((&invited["roles"], &invited["email_verified"]), (&json!(["teacher"]), &json!(false)));
    support.post("/crm/users", invitation).await.refused(409, "email_taken");
    let staff = json!({ "email": "a@person.example", "name": "Анна", "role": "admin" });
    let refused = support.post("/crm/users", staff).await.refused(422, "invalid_fields");
    assert_eq!(refused["/errors/0/pointer"], "/role");

    let token = world.mailed_token(&guest.email, "recover").await;
    sets_password(&world, &token, &guest.password).await.is(200);
    let credentials = json!({ "email": guest.email, "password": guest.password });
    let session = world.client().post("/session", &credentials).await.is(200);
    assert_eq!(session["/account/id"], id_of(&invited));
    assert_eq!(session["/account/email_verified"], true);
    let listed = support.get_at(invited.position(), &format!("/crm/users/{}", id_of(&invited))).await.is(200);
    assert_eq!(listed["name"], guest.name.as_str());
}

/// A correction has a reason, which the timeline shows.
#[tokio::test(flavor = "multi_thread")]
async fn support_corrects_data_with_a_reason() {
    let world = World::start().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    let anna = world.student().registers().await;
    let path = format!("/crm/users/{}", anna.id);
    support.patch(&path, json!({ "name": "Анна Новая" })).await.is_problem();
    support.patch(&path, json!({ "reason": "просила сама" })).await.refused(422, "invalid_fields");
    let new = format!("new.{}", anna.email);
    let correction = json!({ "name": "Анна Новая", "email": new, "phone": null, "reason": "просила сама" });
    let corrected = support.patch(&path, correction).await.is(200);
    assert_eq!((&corrected["name"], &corrected["email"]), (&json!("Анна Новая"), &json!(new)));
    assert_eq!((&corrected["phone"], &corrected["email_verified"]), (&json!(null), &json!(false)));
    anna.tries_to_sign_in().await.refused(401, "invalid_credentials");
    let mut moved = anna.clone();
    moved.email = new;
    moved.signs_in().await;
    let timeline = support.get_at(corrected.position(), &format!("{path}/timeline")).await.is(200);
    assert!(timeline.text().contains("просила сама"), "{timeline:?}");
    let staff = format!("/crm/users/{}", admin.id);
    support.patch(&staff, json!({ "name": "Другой", "reason": "так" })).await.refused(403, "forbidden");
}
