//! Notifications: recipients, language, reading, dismissal, switches and mails.

use std::path::PathBuf;

use serde_json::{Value, json};
use tests::{Person, Settings, World, eventually, id_of, in_hours};

/// Waits for a notification of this kind and returns it.
async fn is_told(person: &Person, kind: &str) -> Value {
    eventually(kind, || async {
        let list = person.get("/notifications").await.is(200);
        let found = list.rows().iter().find(|told| told["kind"] == kind).cloned();
        found.ok_or_else(|| format!("{list:?}"))
    })
    .await
}

async fn unread(person: &Person) -> u64 {
    person.get("/notifications/unread-count").await.is(200)["count"].as_u64().expect("a number")
}

fn id(told: &Value) -> &str {
    told["id"].as_str().expect("an id")
}

/// The mail about a notification, once it was written.
async fn mail(world: &World, notification: &str) -> String {
    let folder: PathBuf = world.folder.path().join("data/mail");
    let ending = format!(".{notification}.eml");
    eventually("a mail", || async {
        let files = std::fs::read_dir(&folder).map_err(|error| error.to_string())?;
        let file = files.flatten().find(|file| file.file_name().to_string_lossy().ends_with(&ending));
        let file = file.ok_or_else(|| format!("no {ending}"))?;
        std::fs::read_to_string(file.path()).map_err(|error| error.to_string())
    })
    .await
}

async fn deliveries(person: &Person, notification: &str) -> Vec<Value> {
    person.get(&format!("/notifications/{notification}/deliveries")).await.is(200).rows().clone()
}

/// Each recipient gets their own notification with a title, a body and an instant, and sees no other's.
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_told_to_both_sides_and_to_nobody_else() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let anna = world.student().registers().await;
    let stranger = world.student().registers().await;
    let slot = teacher.offers(in_hours(48)).await;
    anna.books(&slot).await.is(201);
    let told = is_told(&teacher, "lesson_booked").await;
    assert_eq!(told["data"]["slot_id"], id_of(&slot));
    assert!(told["body"].as_str().expect("a body").contains(&anna.name), "{told}");
    assert!(told["created_at"].as_str().expect("an instant").parse::<jiff::Timestamp>().is_ok());
    assert!(told["read_at"].is_null());
    is_told(&anna, "lesson_booked").await;
    assert_eq!(unread(&teacher).await, 1);
    assert_eq!(unread(&stranger).await, 0);
    assert!(stranger.get("/notifications").await.is(200).rows().is_empty());
    // A stranger cannot use its id.
    let own = format!("/notifications/{}", id(&told));
    stranger.delete(&own).await.refused(404, "notification_not_found");
    stranger.get(&format!("{own}/deliveries")).await.refused(404, "notification_not_found");
    stranger
        .post("/notifications/read", json!({ "up_to": id(&told) }))
        .await
        .refused(404, "notification_not_found");
    stranger.post("/notifications/read", json!({ "ids": [id(&told)] })).await.is(204);
    assert_eq!(unread(&teacher).await, 1);
    let english = teacher.call("GET", "/notifications").header("accept-language", "en").send().await.is(200);
    assert_eq!(english.rows()[0]["title"], "A lesson with you was booked");
    assert_eq!(told["title"], "К вам записались на урок");
}

/// A dismissed notification is gone on the server, on every device.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_and_dismissed_stays_so() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let anna = world.student().registers().await;
    let slot = teacher.offers(in_hours(48)).await;
    anna.books(&slot).await.is(201);
    is_told(&teacher, "lesson_booked").await;
    anna.cancels(&slot).await.ok();
    let newest = is_told(&teacher, "lesson_cancelled").await;
    assert_eq!(unread(&teacher).await, 2);
    let page = teacher.get("/notifications?limit=1&include=total").await.is(200);
    assert_eq!((page["/page/total"].as_u64(), page["/page/has_more"].as_bool()), (Some(2), Some(true)));
    assert_eq!(page.rows()[0]["kind"], "lesson_cancelled", "the newest first");
    let next = page["/page/next_cursor"].as_str().expect("a cursor");
    let older = teacher.get(&format!("/notifications?limit=1&cursor={next}")).await.is(200);
    let older = older.rows()[0].clone();
    assert_eq!(older["kind"], "lesson_booked");

    let read = teacher.post("/notifications/read", json!({ "ids": [id(&older)] })).await.is(204);
    let left = teacher.get_at(read.position(), "/notifications?unread").await.is(200);
    assert_eq!(left.rows().len(), 1);
    let read = teacher.post("/notifications/read", json!({ "up_to": id(&newest) })).await.is(204);
    let left = teacher.get_at(read.position(), "/notifications?unread=true").await.is(200);
    assert!(left.rows().is_empty());

    let gone = teacher.delete(&format!("/notifications/{}", id(&newest))).await.is(204);
    let again = teacher.signs_in().await;
    let left = again.get_at(gone.position(), "/notifications").await.is(200);
    assert!(left.rows().iter().all(|told| told["id"] != newest["id"]), "{left:?}");
    teacher.post("/notifications/read", json!({})).await.is(422);
}

/// Switches have their effect, except for critical kinds.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_switched_off_is_not_told_and_critical_kinds_are() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let anna = world.student().registers().await;
    let path = "/notification-preferences";
    let all = teacher.get(path).await.is(200).body.clone();
    let put = async |body: &Value| teacher.call("PUT", path).json(body).send().await;
    assert_eq!(put(&all).await.is(200).body, all, "PUT takes what GET gave");
    let off = |kind: &str, channel: &str| json!([{ "kind": kind, "channel": channel, "on": false }]);
    for kind in ["security", "lesson_cancelled"] {
        put(&off(kind, "email")).await.refused(409, "critical_kind");
        put(&off(kind, "in_app")).await.refused(409, "critical_kind");
    }
    put(&off("gossip", "email")).await.is(422);
    put(&off("lesson_booked", "in_app")).await.is(200);
    let slot = teacher.offers(in_hours(48)).await;
    anna.books(&slot).await.is(201);
    anna.cancels(&slot).await.ok();
    is_told(&teacher, "lesson_cancelled").await;
    let shown = teacher.get("/notifications").await.is(200);
    assert!(shown.rows().iter().all(|told| told["kind"] != "lesson_booked"), "{shown:?}");
    let muted = teacher.get("/notifications?muted=true").await.is(200);
    let muted = muted.rows()[0].clone();
    assert_eq!(muted["kind"], "lesson_booked");
    let deliveries = deliveries(&teacher, id(&muted)).await;
    assert_eq!(
        (&deliveries[0]["state"], &deliveries[0]["reason"]),
        (&json!("not_delivered"), &json!("muted"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_are_kept_as_they_were_set() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    let path = "/notification-preferences/quiet-hours";
    assert!(anna.get(path).await.is(200).body.is_null());
    let night = json!({ "from": "22:00", "to": "08:00" });
    let put = async |body: &Value| anna.call("PUT", path).json(body).send().await;
    put(&night).await.is(200);
    assert_eq!(anna.get(path).await.is(200).body, night);
    put(&json!({ "from": "22:00", "to": "22:00" })).await.is(422);
    put(&json!({ "from": "25:00", "to": "8" })).await.is(422);
    put(&Value::Null).await.is(200);
    assert!(anna.get(path).await.is(200).body.is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_goes_where_the_person_is_and_its_delivery_is_seen() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    world.verifies(&teacher).await;
    let anna = world.student().registers().await;
    let slot = teacher.offers(in_hours(48)).await;
    anna.books(&slot).await.is(201);
    let told = is_told(&teacher, "lesson_booked").await;
    let text = mail(&world, id(&told)).await;
    assert!(text.to_lowercase().contains(&teacher.email.to_lowercase()), "{text}");
    assert!(text.contains(&format!("Message-ID: <{}@", id(&told))), "{text}");
    eventually("the delivery is seen", || async {
        let deliveries = deliveries(&teacher, id(&told)).await;
        let both = deliveries.iter().all(|delivery| delivery["state"] == "delivered");
        if both { Ok(()) } else { Err(format!("{deliveries:?}")) }
    })
    .await;
}

/// The link works without a session, and only the mail about the resolution contains it.
#[tokio::test(flavor = "multi_thread")]
async fn the_mail_about_a_resolved_ticket_lets_its_requester_rate_it() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    world.verifies(&anna).await;
    // English mails are readable without decoding.
    anna.patch("/me/profile", json!({ "locale": "en" })).await.ok();
    let question = json!({ "title": "Не вижу урок", "description": "Его нет.", "category": "Оплата" });
    let ticket = anna.post("/tickets", question).await.is(201)["id"].as_str().unwrap().to_owned();
    let path = format!("/crm/tickets/{ticket}/status");
    let status = async |status: &str| olga.post(&path, json!({ "status": status })).await.is(200);
    status("in_progress").await;
    let began = mail(&world, id(&is_told(&anna, "ticket_status").await)).await;
    assert!(!began.contains("/ticket-ratings/"), "{began}");
    status("resolved").await;
    let ended = eventually("the end is told", || async {
        let inbox = anna.get("/notifications").await.is(200);
        let ended = inbox.rows().iter().find(|row| row["data"]["status"] == "resolved").cloned();
        ended.ok_or_else(|| format!("{inbox:?}"))
    })
    .await;
    let text = mail(&world, id(&ended)).await.replace("=\r\n", "");
    let (_, rest) = text.split_once("/ticket-ratings/").expect("a link");
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let own = anna.get(&format!("/tickets/{ticket}")).await.is(200);
    assert_eq!(own["rating_token"], token.as_str());
    let rating = json!({ "rating": 5 });
    world.client().post(&format!("/ticket-ratings/{token}"), &rating).await.is(204);
    assert_eq!(anna.get(&format!("/tickets/{ticket}")).await.is(200)["rating"], 5);
}

/// Only admins are notified of trouble with the CRM.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_device_is_told_and_trouble_with_the_crm_is_for_admins() {
    let world = World::with(Settings {
        environment: vec![("KAFEDRA_CRM__MAX_ATTEMPTS", "1".to_owned())],
        ..Settings::default()
    })
    .await;
    let admin = world.admin().await;
    world.crm.injects_faults(json!({ "status": 500 })).await;
    let anna = world.student().registers().await;
    let credentials = json!({ "email": anna.email, "password": anna.password });
    let elsewhere = anna.client.call("POST", "/session").header("user-agent", "Lynx/2.9").json(&credentials);
    elsewhere.send().await.is(200);
    assert_eq!(is_told(&anna, "security").await["data"]["step"], "signed_in");
    assert_eq!(is_told(&admin, "crm_sync").await["data"]["account_id"], anna.id.as_str());
    let own = anna.get("/notifications").await.is(200);
    assert!(own.rows().iter().all(|told| told["kind"] != "crm_sync"), "{own:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_is_in_the_export_and_gone_with_its_person() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let anna = world.student().registers().await;
    let slot = teacher.offers(in_hours(48)).await;
    anna.books(&slot).await.is(201);
    is_told(&anna, "lesson_booked").await;
    let export = anna.get("/me/export").await.is(200);
    let events = export["events"].as_array().expect("events");
    assert!(events.iter().any(|event| event["type"] == "NotificationRaised"), "{export:?}");
    anna.erases_themselves().await.ok();
    let person: uuid::Uuid = anna.id.parse().expect("an id");
    eventually("no row is left", || async {
        let left: i64 = sqlx::query_scalar("select count(*) from app.notifications where account_id = $1")
            .bind(person)
            .fetch_one(&world.pool)
            .await
            .map_err(|error| error.to_string())?;
        if left == 0 { Ok(()) } else { Err(format!("{left} are left")) }
    })
    .await;
}
