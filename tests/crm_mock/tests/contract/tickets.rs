//! Endpoints 9 to 15.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};

use crm_mock::Settings;
use futures::future::join_all;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::world::{KEY, World, noon, welcome_ticket};

#[tokio::test]
async fn a_created_ticket_has_the_shape_of_the_contract_and_can_be_read() {
    let crm = World::start().await;
    let created = crm.post("/tickets", welcome_ticket("account-1")).await;
    let mut expected = welcome_ticket("account-1");
    expected["id"] = json!(created.id());
    expected["status"] = json!("open");
    expected["createdAt"] = json!("2026-03-15T12:00:00Z");
    expected["updatedAt"] = json!("2026-03-15T12:00:00Z");
    assert_eq!(*created.data(), expected);
    assert_eq!(*crm.get(&format!("/tickets/{}", created.id())).await.data(), expected);
}

#[tokio::test]
async fn an_empty_or_wrong_ticket_is_refused_field_by_field() {
    let crm = World::start().await;
    let refused = crm.post("/tickets", json!({})).await;
    let fields: HashSet<&str> = refused.wrong_fields().into_iter().collect();
    let required = HashSet::from(["title", "description", "priority", "category", "createdBy", "tags"]);
    assert_eq!(fields, required);
    for (field, value) in [
        ("title", json!("")),
        ("priority", json!("normal")),
        ("category", json!(null)),
        ("tags", json!([1])),
        ("createdBy", json!(5)),
    ] {
        let mut ticket = welcome_ticket("account-1");
        ticket[field] = value;
        assert_eq!(crm.post("/tickets", ticket).await.wrong_fields(), [field]);
    }
    assert_eq!(crm.total("/tickets").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_tickets_created_at_once_have_sixty_ids() {
    let crm = World::start().await;
    let create = |_| crm.post("/tickets", welcome_ticket("account-1"));
    let ids: HashSet<String> = join_all((0..60).map(create)).await.iter().map(|answer| answer.id()).collect();
    assert_eq!(ids.len(), 60);
}

#[tokio::test]
async fn a_list_is_searched_and_filtered_by_everything_the_contract_names() {
    let crm = World::start().await;
    crm.post("/tickets", welcome_ticket("account-1")).await.data();
    let mut other = welcome_ticket("account-2");
    other["title"] = json!("Не приходит письмо");
    other["description"] = json!("Проверьте почту");
    other["priority"] = json!("urgent");
    other["category"] = json!("Почта");
    other["tags"] = json!(["SMTP"]);
    let other = crm.post("/tickets", other).await.id();
    crm.put(&format!("/tickets/{other}/status"), json!({ "status": "in-progress" })).await.data();
    crm.put(&format!("/tickets/{other}/assign"), json!({ "assignedTo": "agent-1" })).await.data();

    for (query, total) in [
        ("search=ПИСЬМО", 1),
        ("search=почту", 1),
        ("search=smtp", 1),
        ("search=ничего", 0),
        ("status=in-progress", 1),
        ("status=closed", 0),
        ("priority=urgent", 1),
        ("priority=low", 0),
        ("category=Почта", 1),
        ("category=Поч", 0),
        ("userId=account-1", 1),
        ("userId=account-3", 0),
        ("assignedTo=agent-1", 1),
        ("assignedTo=agent-2", 0),
        (
            "status=in-progress&priority=urgent&category=Почта&userId=account-2&assignedTo=agent-1&search=почту",
            1,
        ),
        ("status=open&priority=urgent", 0),
        ("limit=1", 2),
    ] {
        assert_eq!(crm.total(&format!("/tickets?{query}")).await, total, "{query}");
    }
    assert_eq!(crm.get("/tickets?priority=normal").await.wrong_fields(), ["priority"]);
}

#[tokio::test]
async fn a_change_touches_only_what_it_names() {
    let crm = World::start().await;
    let created = crm.post("/tickets", welcome_ticket("account-1")).await;
    let path = format!("/tickets/{}", created.id());
    let changed = crm.put(&path, json!({ "priority": "high", "tags": [], "assignedTo": "agent-1" })).await;
    let mut expected = created.data().clone();
    expected["priority"] = json!("high");
    expected["tags"] = json!([]);
    expected["assignedTo"] = json!("agent-1");
    assert_eq!(*changed.data(), expected);
    let freed = crm.put(&format!("{path}/assign"), json!({ "assignedTo": null })).await;
    assert_eq!(freed.data().get("assignedTo"), None);
    assert_eq!(crm.put(&path, json!({ "priority": "none" })).await.wrong_fields(), ["priority"]);
    assert_eq!(crm.put(&path, json!({ "colour": "red" })).await.wrong_fields(), ["body"]);
    assert_eq!(crm.put(&format!("{path}/assign"), json!({})).await.wrong_fields(), ["assignedTo"]);
    assert_eq!(
        crm.put(&format!("{path}/status"), json!({ "status": "done" })).await.wrong_fields(),
        ["status"]
    );
}

#[tokio::test]
async fn an_unknown_ticket_is_not_found() {
    let crm = World::start().await;
    for id in ["019590a0-0000-7000-8000-000000000000", "none"] {
        crm.get(&format!("/tickets/{id}")).await.is_failure(404);
        crm.put(&format!("/tickets/{id}"), json!({ "title": "Новый" })).await.is_failure(404);
        crm.put(&format!("/tickets/{id}/status"), json!({ "status": "open" })).await.is_failure(404);
        crm.put(&format!("/tickets/{id}/assign"), json!({ "assignedTo": "agent-1" })).await.is_failure(404);
    }
}

#[tokio::test]
async fn statistics_follow_the_records_and_the_days() {
    static PASSED_SECONDS: AtomicI64 = AtomicI64::new(0);
    fn now() -> Timestamp {
        Timestamp::from_second(noon().as_second() + PASSED_SECONDS.load(Ordering::SeqCst)).unwrap()
    }
    let crm = World::start_with(Settings { key: KEY.to_owned(), seed: 7, now, only: Vec::new() }).await;
    let empty = crm.get("/tickets/stats").await;
    let mut expected = json!({
        "total": 0, "open": 0, "inProgress": 0, "resolved": 0, "closed": 0, "urgent": 0, "high": 0, "medium": 0,
        "low": 0, "resolvedToday": 0, "averageResponseTime": null, "categoriesStats": {},
    });
    assert_eq!(*empty.data(), expected);

    let mut tickets = Vec::new();
    for priority in ["low", "medium", "high", "urgent"] {
        let mut ticket = welcome_ticket("account-1");
        ticket["priority"] = json!(priority);
        ticket["category"] =
            json!(if priority == "low" { "Почта" } else { "Новые пользователи" });
        tickets.push(crm.post("/tickets", ticket).await.id());
    }
    let set = async |n: usize, status: &str, seconds: i64| -> Value {
        PASSED_SECONDS.store(seconds, Ordering::SeqCst);
        let path = format!("/tickets/{}/status", tickets[n]);
        crm.put(&path, json!({ "status": status })).await.data().clone()
    };
    set(0, "in-progress", 60).await;
    assert_eq!(set(1, "resolved", 120).await["updatedAt"], "2026-03-15T12:02:00Z");
    set(2, "closed", 180).await;
    for (field, value) in [
        ("total", json!(4)),
        ("open", json!(1)),
        ("inProgress", json!(1)),
        ("resolved", json!(1)),
        ("closed", json!(1)),
        ("urgent", json!(1)),
        ("high", json!(1)),
        ("medium", json!(1)),
        ("low", json!(1)),
        ("resolvedToday", json!(1)),
        ("averageResponseTime", json!(120)),
        ("categoriesStats", json!({ "Почта": 1, "Новые пользователи": 3 })),
    ] {
        expected[field] = value;
    }
    assert_eq!(*crm.get("/tickets/stats").await.data(), expected);

    PASSED_SECONDS.store(86_400, Ordering::SeqCst);
    assert_eq!(crm.get("/tickets/stats").await.data()["resolvedToday"], 0, "yesterday's does not count");
    set(1, "open", 86_460).await;
    set(1, "resolved", 86_520).await;
    let stats = crm.get("/tickets/stats").await;
    assert_eq!(stats.data()["resolvedToday"], 1);
    assert_eq!(stats.data()["averageResponseTime"], 120, "only the first answer counts");
    set(1, "open", 86_580).await;
    assert_eq!(crm.get("/tickets/stats").await.data()["resolvedToday"], 0, "a reopened one does not count");
}
