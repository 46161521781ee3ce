//! Roles, suspension, and what staff may see of people.

use serde_json::json;
use tests::{LogRow, World};

/// A granted role has effect at once on every process, and so has its revocation.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_opens_its_doors_at_once_and_closes_them_at_once() {
    let world = World::start().await;
    let second = world.another_app().await;
    let admin = world.admin().await;
    let boris = world.student().registers().await;
    boris.get("/crm/users").await.refused(403, "forbidden");
    let path = format!("/admin/accounts/{}/roles", boris.id);
    boris
        .post(&path, json!({ "action": "grant", "role": "admin", "reason": "I want to" }))
        .await
        .refused(403, "forbidden");
    admin
        .post(&path, json!({ "action": "grant", "role": "analyst", "reason": "joins the analysts" }))
        .await
        .ok();
    boris.get("/crm/users").await.is(200);
    boris.through(&second.client).get("/crm/users").await.is(200);
    admin.post(&path, json!({ "action": "revoke", "role": "analyst", "reason": "leaves" })).await.ok();
    boris.through(&second.client).get("/crm/users").await.refused(403, "forbidden");
    admin.post(&path, json!({ "action": "grant", "role": "king", "reason": "?" })).await.is_problem().is(422);
    // Roles of an admin are changed by another admin.
    let own = format!("/admin/accounts/{}/roles", admin.id);
    for role in ["auditor", "support"] {
        let change = json!({ "action": "grant", "role": role, "reason": "I want to" });
        admin.post(&own, change).await.refused(403, "own_roles");
    }
    let log = LogRow::all(&world.pool).await;
    let granted = log.iter().find(|row| row.event_type == "RoleGranted").expect("it is an event");
    assert_eq!(granted.metadata["actor"], admin.id.as_str());
    assert_eq!(granted.metadata["role"], "admin");
}

/// An admin erases the account of another person, once, and not their own.
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_erases_another_account_and_not_their_own() {
    let world = World::start().await;
    let admin = world.admin().await;
    let anna = world.student().registers().await;
    let erase = async |id: &str| {
        let body = json!({ "reason": "asked by letter" });
        admin.call("DELETE", &format!("/crm/users/{id}")).json(&body).send().await
    };
    erase(&admin.id).await.refused(403, "forbidden");
    let erased = erase(&anna.id).await.is(204);
    assert!(erased.position() > anna.position);
    erase(&anna.id).await.is(204);
    let credentials = json!({ "email": anna.email, "password": anna.password });
    world.client().post("/session", &credentials).await.refused(401, "invalid_credentials");
    let seen = admin.get_at(erased.position(), &format!("/crm/users/{}", anna.id)).await;
    assert!(!seen.text().contains(&anna.email), "{seen:?}");
    let log = LogRow::all(&world.pool).await;
    assert_eq!(log.iter().filter(|row| row.event_type == "AccountErased").count(), 1);
}

/// A suspension has effect at once everywhere, and so has the reinstatement.
#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_person_is_out_on_every_process_until_reinstated() {
    let world = World::start().await;
    let second = world.another_app().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    let anna = world.student().registers().await;
    anna.patch("/me/profile", json!({ "city": "Тверь" })).await.ok();
    anna.post(&format!("/crm/users/{}/suspend", anna.id), json!({ "reason": "?" }))
        .await
        .refused(403, "forbidden");
    support.post(&format!("/crm/users/{}/suspend", anna.id), json!({ "reason": "abuse" })).await.ok();
    for client in [world.client(), &second.client] {
        let refused =
            anna.through(client).patch("/me/profile", json!({ "city": "Псков" })).await.is_problem();
        assert!(matches!(refused.status, 401 | 403), "{refused:?}");
    }
    let refused = anna.tries_to_sign_in().await;
    assert!(matches!(refused.status, 200 | 401 | 403), "{refused:?}");
    let status = support.get(&format!("/crm/users/{}", anna.id)).await;
    assert!(status.status == 200, "{status:?}");
    let back =
        support.post(&format!("/crm/users/{}/reinstate", anna.id), json!({ "reason": "sorry" })).await.ok();
    let anna = anna.signs_in().await;
    anna.patch("/me/profile", json!({ "city": "Псков" })).await.ok();
    let seen = support.get_at(back.position(), &format!("/crm/users/{}", anna.id)).await.is(200);
    assert_eq!(seen["status"], "active");
}

/// K2: contact data is visible to the roles that need it; an analyst reveals it with a reason, which is an event.
#[tokio::test(flavor = "multi_thread")]
async fn k2_an_analyst_reveals_masked_contacts_which_is_an_event() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (analyst, support) = (world.analyst(&admin).await, world.support(&admin).await);
    let auditor = world.auditor(&admin).await;
    let anna = world.student().registers().await;
    let path = format!("/crm/users/{}", anna.id);
    let full = support.get_at(anna.position, &path).await.is(200);
    assert_eq!((&full["email"], &full["phone"]), (&json!(anna.email), &json!(anna.phone)));
    for masked in [
        analyst.get_at(anna.position, &path).await.is(200),
        analyst.get_at(anna.position, "/crm/users?limit=100").await.is(200),
        analyst.call("GET", "/crm/users").header("accept", "text/csv").send().await.is(200),
    ] {
        let text = masked.text();
        assert!(!text.contains(&anna.email) && !text.contains(&anna.phone), "{masked:?}");
    }
    let refused =
        analyst.post(&format!("{path}/reveal"), json!({ "reason": " " })).await.is_problem().is(422);
    assert_eq!(refused["/errors/0/pointer"], "/reason");
    anna.post(&format!("{path}/reveal"), json!({ "reason": "?" })).await.refused(403, "forbidden");
    let reason = json!({ "reason": "Звонок об оплате" });
    let revealed = analyst.post(&format!("{path}/reveal"), reason).await.is(200);
    assert_eq!((&revealed["email"], &revealed["phone"]), (&json!(anna.email), &json!(anna.phone)));
    let timeline = support.get_at(revealed.position(), &format!("{path}/timeline")).await.is(200);
    let entry = timeline.rows().iter().find(|row| row["type"] == "ContactsRevealed").expect("an entry");
    assert_eq!(entry["text"], "Контакты показаны сотруднику. Причина: Звонок об оплате");
    let event = format!("/audit/events?stream_id={}&type=ContactsRevealed", anna.id);
    let event = auditor.get_at(revealed.position(), &event).await.is(200);
    assert_eq!(event.rows()[0]["metadata"]["actor"], analyst.id.as_str(), "{event:?}");
    let again = analyst.get_at(revealed.position(), &path).await.is(200);
    assert!(!again.text().contains(&anna.email), "later answers are masked: {again:?}");
}
