//! Promises of the contract: lists, causes, deliveries, links, and work of people who left.

use serde_json::{Value, json};
use tests::{Answer, Person, World, eventually, id_of, in_hours};

async fn asks(person: &Person, title: &str) -> String {
    let question = json!({ "title": title, "description": "Не открывается урок.", "category": "Оплата" });
    person.post("/tickets", question).await.is(201)["id"].as_str().expect("an id").to_owned()
}

async fn acts(agent: &Person, ticket: &str, what: &str, body: Value) -> Answer {
    agent.post(&format!("/crm/tickets/{ticket}/{what}"), body).await
}

/// A reply to a ticket that was merged twice names the ticket where the case goes on.
#[tokio::test(flavor = "multi_thread")]
async fn d2_a_chain_of_merges_names_its_end() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let [b, a, c] = [asks(&anna, "Б").await, asks(&anna, "А").await, asks(&anna, "В").await];
    acts(&olga, &b, "merge", json!({ "into": a })).await.is(200);
    acts(&olga, &a, "merge", json!({ "into": c })).await.is(200);
    let refused = anna.post(&format!("/tickets/{b}/replies"), json!({ "body": "Ау" })).await;
    assert_eq!(refused.refused(409, "ticket_merged")["/reasons/0/facts/into"], c.as_str());
}

/// Open tickets of an agent who cannot work any longer go back to the queue, and their timeline says so.
#[tokio::test(flavor = "multi_thread")]
async fn d3_tickets_of_an_agent_who_left_are_unassigned() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (olga, petr) = (world.support(&admin).await, world.support(&admin).await);
    let anna = world.student().registers().await;
    let ticket = asks(&anna, "Вопрос").await;
    acts(&olga, &ticket, "assign", json!({ "agent_id": petr.id })).await.is(200);
    let reason = json!({ "reason": "ушёл" });
    admin.post(&format!("/crm/users/{}/suspend", petr.id), reason).await.is(200);
    eventually("the ticket is in the queue", || async {
        let seen = olga.get(&format!("/crm/tickets/{ticket}")).await.is(200);
        if seen["assignee_id"].is_null() { Ok(()) } else { Err(format!("{seen:?}")) }
    })
    .await;
    eventually("the queue has the ticket", || async {
        let queue = olga.get("/crm/tickets?assignee=none").await.is(200);
        let is_there = queue.rows().iter().any(|row| row["id"] == ticket.as_str());
        if is_there { Ok(()) } else { Err(format!("{queue:?}")) }
    })
    .await;
}

/// Labels that differ by case are one label, which a filter finds in any case.
#[tokio::test(flavor = "multi_thread")]
async fn d6_labels_in_another_case_are_one() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let [one, two] = [asks(&anna, "Первый").await, asks(&anna, "Второй").await];
    let twice = acts(&olga, &one, "tags", json!({ "tags": ["Оплата", "оплата"] })).await.is_problem().is(422);
    assert_eq!(twice["/errors/0/code"], "duplicate");
    acts(&olga, &one, "tags", json!({ "tags": ["Оплата"] })).await.is(200);
    let tagged = acts(&olga, &two, "tags", json!({ "tags": ["оплата"] })).await.is(200);
    let found = olga.get_at(tagged.position(), "/crm/tickets?tag=ОПЛАТА").await.is(200);
    assert_eq!(found.rows().len(), 2, "{found:?}");
}

/// A link has the configured address, whatever host a request names.
#[tokio::test(flavor = "multi_thread")]
async fn h3_links_have_the_configured_address() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let call = teacher.call("POST", "/calendar-feed").header("host", "evil.example");
    let answer = call.header("x-forwarded-host", "evil.example").json(&json!({})).send().await;
    assert!(!answer.is(200).text().contains("evil.example"));
}

/// A comparison with a CRM that fails says so, and does not report what it could not read.
#[tokio::test(flavor = "multi_thread")]
async fn a_comparison_with_a_failing_crm_is_refused() {
    let world = World::start().await;
    let admin = world.admin().await;
    world.crm.injects_faults(json!({ "status": 500 })).await;
    admin.post("/admin/crm/reconcile", json!({})).await.refused(503, "crm_unavailable");
    admin.post("/admin/crm/sync", json!({})).await.refused(503, "crm_unavailable");
    world.crm.clears_faults().await;
    eventually("the CRM is compared again", || async {
        let compared = admin.post("/admin/crm/reconcile", json!({ "dry_run": true })).await;
        if compared.status == 200 { Ok(()) } else { Err(format!("{compared:?}")) }
    })
    .await;
}

/// A retry answers with its position and true counts; a reconciliation needs no body.
#[tokio::test(flavor = "multi_thread")]
async fn k7_c2_deliveries_are_counted_and_asked_for_again() {
    let world = World::start().await;
    let admin = world.admin().await;
    world.student().registers().await;
    let delivered = eventually("a delivery is done", || async {
        let done = admin.get("/admin/crm/deliveries?status=delivered").await.is(200);
        done.rows().first().cloned().ok_or_else(|| format!("{done:?}"))
    })
    .await;
    assert!(delivered["attempts"].as_u64() >= Some(1), "{delivered}");
    let path = format!("/admin/crm/deliveries/{}/retry", delivered["id"].as_str().expect("an id"));
    let retried = admin.post(&path, json!({})).await.is(202);
    assert!(retried.position() > 0);
    let all = json!({ "status": "delivered" });
    let refused = admin.post("/admin/crm/deliveries/retry", all).await.is_problem().is(422);
    assert_eq!(refused["/errors/0/pointer"], "/reason");
    admin.call("POST", "/admin/crm/reconcile").send().await.ok();
}

/// An event of the audit has an id, by which it and what it caused are found; its pages are those of each list.
#[tokio::test(flavor = "multi_thread")]
async fn k4_k5_an_event_is_found_by_its_id_and_pages_are_alike() {
    let world = World::start().await;
    let admin = world.admin().await;
    let auditor = world.auditor(&admin).await;
    let anna = world.student().registers().await;
    let own = auditor.get_at(anna.position, &format!("/audit/events?stream_id={}", anna.id)).await.is(200);
    let registered = &own.rows()[0];
    let id = registered["id"].as_str().expect("an id");
    let found = auditor.get(&format!("/audit/events?id={id}")).await.is(200);
    assert_eq!(found.rows(), std::slice::from_ref(registered));
    eventually("what the registration caused is found", || async {
        let caused = auditor.get(&format!("/audit/events?causation_id={id}")).await.is(200);
        if caused.rows().is_empty() { Err(format!("{caused:?}")) } else { Ok(()) }
    })
    .await;
    let first = auditor.get("/audit/events?stream_type=Account&limit=1").await.is(200);
    let cursor = first["page"]["next_cursor"].as_str().expect("a next page");
    let next =
        auditor.get(&format!("/audit/events?stream_type=Account&limit=1&cursor={cursor}")).await.is(200);
    assert_ne!(first.rows()[0]["id"], next.rows()[0]["id"]);
}

/// Small lists have pages too; those of the support desk are also files.
#[tokio::test(flavor = "multi_thread")]
async fn k6_small_lists_are_lists() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    for title in ["Один", "Два", "Три"] {
        olga.post("/crm/canned-replies", json!({ "title": title, "body": title })).await.is(201);
        olga.post("/crm/views", json!({ "name": title, "query": { "priority": "high" } })).await.is(201);
        olga.signs_in().await;
    }
    for path in ["/crm/canned-replies", "/crm/views", "/sessions"] {
        let first = olga.get(&format!("{path}?limit=2")).await.is(200);
        assert_eq!(first.rows().len(), 2, "{path}: {first:?}");
        let cursor = first["page"]["next_cursor"].as_str().expect("a next page");
        let rest = olga.get(&format!("{path}?limit=2&cursor={cursor}")).await.is(200);
        assert!(!rest.rows().is_empty() && !first.rows().contains(&rest.rows()[0]), "{path}: {rest:?}");
        if path != "/sessions" {
            let file = olga.call("GET", path).header("accept", "text/csv").send().await.is(200);
            assert_eq!(file.text().lines().count(), 4, "{path}: {}", file.text());
        }
    }
}

/// The account says the instant that its event has; the dashboard shows what people did.
#[tokio::test(flavor = "multi_thread")]
async fn k10_k12_instants_are_those_of_events_and_activity_is_that_of_people() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (analyst, auditor) = (world.analyst(&admin).await, world.auditor(&admin).await);
    let anna = world.student().registers().await;
    let own = auditor.get_at(anna.position, &format!("/audit/events?stream_id={}", anna.id)).await.is(200);
    let me = anna.get("/me").await.is(200);
    assert_eq!(me["created_at"], own.rows()[0]["recorded_at"], "{own:?}");
    eventually("the CRM has the person", || async {
        let integration = admin.get("/admin/crm/integration").await.ok();
        if integration["backlog"] == 0 { Ok(()) } else { Err(format!("{integration:?}")) }
    })
    .await;
    let dashboard = analyst.get_at(anna.position, "/crm/dashboard").await.is(200);
    let recent = dashboard["recent_activity"].as_array().expect("a list").clone();
    assert!(!recent.is_empty());
    for activity in recent {
        let kind = activity["type"].as_str().expect("a type");
        assert!(!kind.starts_with("Crm"), "{activity}");
    }
}

/// A booked student hears of another place at once. The price of a booking is its own, whatever the slot costs later.
#[tokio::test(flavor = "multi_thread")]
async fn k1_a_changed_place_is_told_at_once_and_a_changed_price_is_for_later_bookings() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let teacher = world.teacher().registers().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    world.verifies(&anna).await;
    let offer = json!({ "format": "offline", "place": "ул. Старая, 1", "capacity": 2 });
    let slot = teacher.tries_to_offer(in_hours(48), offer).await.is(201);
    let booked = anna.books(&slot).await.is(201);
    let mut socket = anna.opens_socket().await;
    let changes = json!({ "place": "ул. Новая, 2", "price": { "amount": 200_000, "currency": "RUB" }, "goals": ["oge"] });
    let path = format!("/slots/{}", id_of(&slot));
    let change = teacher.call("PATCH", &path).header("if-match", booked.header("etag"));
    change.json(&changes).send().await.is(200);
    socket.next_of("slot_changed").await;
    let frame = loop {
        let frame = socket.next_of("notification_raised").await;
        if frame["data"]["kind"] == "lesson_place_changed" {
            break frame;
        }
    };
    let position = frame["position"].as_u64().expect("a position");
    let inbox = anna.get_at(position, "/notifications").await.is(200);
    let told: Vec<_> = inbox.rows().iter().filter(|row| row["kind"] == "lesson_place_changed").collect();
    assert_eq!(told.len(), 1, "{inbox:?}");
    let data = &told[0]["data"];
    assert_eq!((&data["place"], &data["former_place"]), (&json!("ул. Новая, 2"), &json!("ул. Старая, 1")));
    let body = told[0]["body"].as_str().expect("a body");
    assert!(body.contains("ул. Новая, 2") && body.contains("ул. Старая, 1"), "{body}");
    eventually("a mail names the place", || async {
        let mails = world.mails_to(&anna.email);
        if mails.iter().any(|mail| mail.contains("ул. Новая, 2")) {
            Ok(())
        } else {
            Err(format!("{mails:?}"))
        }
    })
    .await;
    eventually("the timeline has both", || async {
        let entries = olga.get(&format!("/crm/users/{}/timeline", anna.id)).await.is(200);
        let has = |kind: &str, text: &str| {
            entries.rows().iter().any(|entry| entry["type"] == kind && entry.to_string().contains(text))
        };
        let both = has("SlotChanged", "место") && has("NotificationRaised", "другое место урока");
        if both { Ok(()) } else { Err(format!("{entries:?}")) }
    })
    .await;
    for person in [&teacher, &boris] {
        let own = person.get("/notifications").await.is(200);
        assert!(own.rows().iter().all(|row| row["kind"] != "lesson_place_changed"), "{own:?}");
    }
    // The price of the booking stays in the lesson and in its lists.
    assert_eq!(anna.looks_at(&slot).await.is(200)["/price/amount"], 150_000);
    let listed = anna.get("/lessons").await.is(200);
    assert_eq!(listed.rows()[0]["price"]["amount"], 150_000, "{listed:?}");
    let later = boris.books(&slot).await.is(201);
    assert_eq!(later["/price/amount"], 200_000);
    let seen = teacher.looks_at(&slot).await.is(200);
    let prices =
        seen["bookings"].as_array().expect("bookings").iter().map(|seat| seat["price"]["amount"].clone());
    assert_eq!(prices.collect::<Vec<_>>(), [json!(150_000), json!(200_000)]);
}
