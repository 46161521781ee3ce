//! Endpoints 1 to 8.

use std::collections::HashSet;

use futures::future::join_all;
use serde_json::{Value, json};

use crate::world::{World, student, welcome_ticket};

#[tokio::test]
async fn a_created_user_has_the_shape_of_the_contract_and_can_be_read() {
    let crm = World::start().await;
    let created = crm.post("/users", student("anna@example.org")).await;
    let user = created.data();
    let expected = json!({
        "id": created.id(), "name": "Анна Иванова", "email": "anna@example.org", "type": "student",
        "status": "active", "phone": "+7 900 000-00-00", "joinDate": "2026-03-15",
        "lastActive": "2026-03-15T12:00:00Z", "subjects": ["Общие предметы"], "rating": null, "totalStudents": 0,
    });
    assert_eq!(*user, expected);
    assert_eq!(*crm.get(&format!("/users/{}", created.id())).await.data(), expected);
}

#[tokio::test]
async fn one_registration_on_an_empty_crm_gives_the_figures_of_the_contract() {
    let crm = World::start().await;
    crm.post("/users", student("anna@example.org")).await.data();
    crm.post("/tickets", welcome_ticket("account-1")).await.data();
    let expected = json!({
        "total": 1, "tutors": 0, "students": 1, "active": 1, "inactive": 0, "suspended": 0, "newThisMonth": 1,
    });
    assert_eq!(*crm.get("/users/stats").await.data(), expected);
    let stats = crm.get("/tickets/stats").await;
    assert_eq!(stats.data()["total"], 1);
    assert_eq!(stats.data()["open"], 1);
    assert_eq!(stats.data()["medium"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_users_created_at_once_have_sixty_ids() {
    let crm = World::start().await;
    let create = |n: usize| {
        let crm = &crm;
        async move { crm.post("/users", student(&format!("student{n}@example.org"))).await.id() }
    };
    let ids: HashSet<String> = join_all((0..60).map(create)).await.into_iter().collect();
    assert_eq!(ids.len(), 60);
    assert_eq!(crm.total("/users").await, 60);
}

#[tokio::test]
async fn the_same_user_twice_is_one_record() {
    let crm = World::start().await;
    crm.post("/users", student("anna@example.org")).await.data();
    crm.post("/users", student(" Anna@Example.org ")).await.is_failure(409);
    assert_eq!(crm.total("/users").await, 1);
}

#[tokio::test]
async fn a_repeated_idempotency_key_answers_the_first_record_again() {
    let crm = World::start().await;
    let first = crm.post_once("/users", "event-1", student("anna@example.org")).await;
    let again = crm.post_once("/users", "event-1", student("anna@example.org")).await;
    assert_eq!(first.data(), again.data());
    let ticket = crm.post_once("/tickets", "event-1", welcome_ticket("account-1")).await;
    let ticket_again = crm.post_once("/tickets", "event-1", welcome_ticket("account-1")).await;
    assert_eq!(ticket.data(), ticket_again.data());
    assert_ne!(ticket.id(), first.id(), "a key counts per path");
    assert_eq!((crm.total("/users").await, crm.total("/tickets").await), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_sent_twenty_times_at_once_is_one_record() {
    let crm = World::start().await;
    let create = |_| crm.post_once("/users", "event-1", student("anna@example.org"));
    let ids: HashSet<String> = join_all((0..20).map(create)).await.iter().map(|answer| answer.id()).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(crm.total("/users").await, 1);
}

#[tokio::test]
async fn an_empty_user_is_refused_field_by_field() {
    let crm = World::start().await;
    let refused = crm.post("/users", json!({})).await;
    let fields: HashSet<&str> = refused.wrong_fields().into_iter().collect();
    assert_eq!(fields, HashSet::from(["name", "email", "type", "phone", "subjects", "joinDate"]));
    assert_eq!(crm.total("/users").await, 0);
}

#[tokio::test]
async fn a_wrong_field_is_refused_by_its_name() {
    let crm = World::start().await;
    let wrong = [
        ("name", json!("  ")),
        ("name", json!(7)),
        ("email", json!("anna")),
        ("email", json!("a b@example.org")),
        ("email", json!("a@b@c")),
        ("type", json!("teacher")),
        ("phone", json!(null)),
        ("subjects", json!([])),
        ("subjects", json!([""])),
        ("subjects", json!("Физика")),
        ("joinDate", json!("2026-02-30")),
        ("joinDate", json!("2026-03-15T12:00:00Z")),
    ];
    for (field, value) in wrong {
        let mut user = student("anna@example.org");
        user[field] = value.clone();
        assert_eq!(crm.post("/users", user).await.wrong_fields(), [field], "{value}");
    }
}

#[tokio::test]
async fn a_list_is_searched_filtered_and_cut_into_pages() {
    let crm = World::start().await;
    for n in 0..12 {
        let mut user = student(&format!("student{n}@example.org"));
        user["name"] = json!(format!("Ученик {n}"));
        crm.post("/users", user).await.data();
    }
    let mut tutor = student("boris@example.org");
    tutor["name"] = json!("Борис");
    tutor["type"] = json!("tutor");
    tutor["phone"] = json!("+49 30 1");
    let tutor = crm.post("/users", tutor).await.id();
    crm.put(&format!("/users/{tutor}/status"), json!({ "status": "inactive" })).await.data();

    let first = crm.get("/users").await;
    let meta = |page: &Value| {
        (page["total"].clone(), page["page"].clone(), page["limit"].clone(), page["totalPages"].clone())
    };
    assert_eq!(meta(first.data()), (json!(13), json!(1), json!(10), json!(2)));
    assert_eq!(first.data()["data"].as_array().unwrap().len(), 10);
    let last = crm.get("/users?page=3&limit=5").await;
    assert_eq!(meta(last.data()), (json!(13), json!(3), json!(5), json!(3)));
    assert_eq!(last.data()["data"].as_array().unwrap().len(), 3);
    let beyond = crm.get("/users?page=18446744073709551615&limit=100").await;
    assert_eq!(beyond.data()["data"], json!([]));

    let selections = [
        ("search=борис", 1),
        ("search=BORIS@", 1),
        ("search=%2B49", 1),
        ("search=никто", 0),
        ("search=", 13),
        ("type=tutor", 1),
        ("type=student", 12),
        ("status=inactive", 1),
        ("status=active", 12),
        ("type=student&status=active&search=Ученик 1", 3),
        ("type=student&status=inactive", 0),
    ];
    for (query, total) in selections {
        assert_eq!(crm.total(&format!("/users?{query}")).await, total, "{query}");
    }
}

#[tokio::test]
async fn a_page_that_makes_no_sense_is_refused() {
    let crm = World::start().await;
    for list in ["/users", "/tickets"] {
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=abc", "limit"),
            ("limit=-1", "limit"),
            ("limit=101", "limit"),
            ("limit=1.5", "limit"),
            ("limit=", "limit"),
            ("page=0", "page"),
            ("page=abc", "page"),
            ("page=99999999999999999999999", "page"),
        ] {
            assert_eq!(crm.get(&format!("{list}?{query}")).await.wrong_fields(), [field], "{list}?{query}");
        }
        assert_eq!(crm.get(&format!("{list}?status=on")).await.wrong_fields(), ["status"]);
        assert_eq!(crm.get(&format!("{list}?limit=100")).await.status, 200);
    }
}

#[tokio::test]
async fn a_change_touches_only_what_it_names() {
    let crm = World::start().await;
    let created = crm.post("/users", student("anna@example.org")).await;
    let path = format!("/users/{}", created.id());
    let change = json!({ "name": "Анна Петрова", "rating": 4.5, "totalStudents": 3, "lastActive": "2026-03-16T08:00:00Z" });
    let changed = crm.put(&path, change).await;
    let mut expected = created.data().clone();
    expected["name"] = json!("Анна Петрова");
    expected["rating"] = json!(4.5);
    expected["totalStudents"] = json!(3);
    expected["lastActive"] = json!("2026-03-16T08:00:00Z");
    assert_eq!(*changed.data(), expected);
    assert_eq!(*crm.get(&path).await.data(), expected);
    assert_eq!(crm.put(&path, json!({ "rating": 6 })).await.wrong_fields(), ["rating"]);
    assert_eq!(crm.put(&path, json!({ "totalStudents": -1 })).await.wrong_fields(), ["totalStudents"]);
    assert_eq!(crm.put(&path, json!({})).await.wrong_fields(), ["body"]);
}

#[tokio::test]
async fn an_email_of_another_user_cannot_be_taken_by_a_change() {
    let crm = World::start().await;
    let anna = crm.post("/users", student("anna@example.org")).await.id();
    crm.post("/users", student("boris@example.org")).await.data();
    let path = format!("/users/{anna}");
    crm.put(&path, json!({ "email": "Boris@example.org" })).await.is_failure(409);
    crm.put(&path, json!({ "email": "ANNA@example.org" })).await.data();
    crm.put(&path, json!({ "email": "new@example.org" })).await.data();
    crm.post("/users", student("anna@example.org")).await.data();
    crm.post("/users", student("new@example.org")).await.is_failure(409);
}

#[tokio::test]
async fn a_status_moves_the_statistics() {
    let crm = World::start().await;
    let mut earlier = student("anna@example.org");
    earlier["joinDate"] = json!("2026-02-28");
    let anna = crm.post("/users", earlier).await.id();
    crm.post("/users", student("boris@example.org")).await.data();
    let set = crm.put(&format!("/users/{anna}/status"), json!({ "status": "suspended" })).await;
    assert_eq!(set.data()["status"], "suspended");
    let stats = crm.get("/users/stats").await;
    assert_eq!((&stats.data()["active"], &stats.data()["suspended"]), (&json!(1), &json!(1)));
    assert_eq!((&stats.data()["total"], &stats.data()["newThisMonth"]), (&json!(2), &json!(1)));
    let refused = crm.put(&format!("/users/{anna}/status"), json!({ "status": "blocked" })).await;
    assert_eq!(refused.wrong_fields(), ["status"]);
}

#[tokio::test]
async fn a_deleted_user_is_gone_and_its_email_and_key_are_free() {
    let crm = World::start().await;
    let first = crm.post_once("/users", "event-1", student("anna@example.org")).await.id();
    assert_eq!(*crm.delete(&format!("/users/{first}")).await.data(), json!(null));
    crm.get(&format!("/users/{first}")).await.is_failure(404);
    crm.delete(&format!("/users/{first}")).await.is_failure(404);
    assert_eq!(crm.get("/users/stats").await.data()["total"], 0);
    let second = crm.post_once("/users", "event-1", student("anna@example.org")).await.id();
    assert_ne!(first, second);
}

#[tokio::test]
async fn the_tickets_of_a_user_are_those_it_created() {
    let crm = World::start().await;
    let user = crm.post("/users", student("anna@example.org")).await.id();
    assert_eq!(*crm.get(&format!("/users/{user}/tickets")).await.data(), json!([]));
    let own = crm.post("/tickets", welcome_ticket(&user)).await;
    let of_account = crm.post("/tickets", welcome_ticket("account-1")).await;
    assert_eq!(*crm.get(&format!("/users/{user}/tickets")).await.data(), json!([own.data()]));
    assert_eq!(*crm.get("/users/account-1/tickets").await.data(), json!([of_account.data()]));
    crm.get("/users/nobody/tickets").await.is_failure(404);
}

#[tokio::test]
async fn an_unknown_user_is_not_found() {
    let crm = World::start().await;
    for id in ["019590a0-0000-7000-8000-000000000000", "nobody"] {
        crm.get(&format!("/users/{id}")).await.is_failure(404);
        crm.put(&format!("/users/{id}"), json!({ "name": "Анна" })).await.is_failure(404);
        crm.put(&format!("/users/{id}/status"), json!({ "status": "active" })).await.is_failure(404);
        crm.delete(&format!("/users/{id}")).await.is_failure(404);
    }
}
