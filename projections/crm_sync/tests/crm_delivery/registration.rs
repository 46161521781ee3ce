//! A registration creates one user and one welcome ticket in the CRM, in this order.

use domain::{Position, Role};
use projection_runtime::{Task, TaskHandler, TaskOutcome};
use serde_json::json;
use uuid::Uuid;

use crate::world::World;

/// The oracle of the contract.
#[tokio::test]
async fn a_registration_brings_one_user_and_one_welcome_ticket() {
    let world = World::start().await;
    let anna = world.registers(Role::Student, "Анна").await;
    world.all_delivered(1).await;
    let stats = world.get("/users/stats").await;
    for (count, expected) in [("total", 1), ("students", 1), ("active", 1), ("newThisMonth", 1)] {
        assert_eq!(stats[count], expected, "{count}");
    }
    let stats = world.get("/tickets/stats").await;
    for (count, expected) in [("total", 1), ("open", 1), ("medium", 1)] {
        assert_eq!(stats[count], expected, "{count}");
    }
    let user = &world.all("/users").await[0];
    assert_eq!(user["name"], "Анна");
    assert_eq!(user["phone"], "+79991234567");
    assert_eq!(user["subjects"], json!(["Общие предметы"]));
    let ticket = &world.all("/tickets").await[0];
    assert_eq!(ticket["title"], "Добро пожаловать, Анна!");
    assert_eq!(ticket["createdBy"], anna.id.to_string());
    assert_eq!(ticket["category"], "Новые пользователи");
    assert_eq!(ticket["tags"], json!(["регистрация", "новый пользователь", "ученика"]));
    // One call for each, under the id of the event that caused it.
    let received = world.received().await;
    let created: Vec<_> = received.iter().filter(|call| call["method"] == "POST").collect();
    assert_eq!(created.len(), 2);
    assert_eq!(created[0]["path"], "/api/users");
    assert!(created.iter().all(|call| call["headers"]["idempotency-key"].is_string()));
}

#[tokio::test]
async fn staff_are_not_brought_to_the_crm() {
    let world = World::start().await;
    world.registers(Role::Support, "Ольга").await;
    world.registers(Role::Teacher, "Иван").await;
    world.all_delivered(1).await;
    world.has_no_task_left().await;
    assert_eq!(world.all("/users").await.len(), 1);
    assert_eq!(world.events("TicketOpened").await, 1);
}

#[tokio::test]
async fn a_person_whom_the_crm_knows_already_is_linked_and_not_doubled() {
    let world = World::start().await;
    world.faults(json!({"fail_rate": 1})).await;
    let anna = world.registers(Role::Student, "Анна").await;
    world.no_faults().await;
    // The CRM holds the address first: there is one record per address.
    world
        .post(
            "/users",
            json!({"name":"Аня","email":anna.email.to_lowercase(),"type":"tutor","phone":"",
                   "subjects":["Физика"],"joinDate":"2020-01-01"}),
        )
        .await;
    world.all_delivered(1).await;
    world.has_no_task_left().await;
    let users = world.all("/users").await;
    assert_eq!(users.len(), 1);
    assert_eq!((&users[0]["name"], &users[0]["type"]), (&json!("Анна"), &json!("student")));
}

#[tokio::test]
async fn neither_the_key_nor_a_person_is_in_the_record_of_calls_or_in_the_log() {
    let world = World::start().await;
    world.faults(json!({"drop_rate": 0.5})).await;
    let anna = world.registers(Role::Student, "Аннабелла").await;
    world.all_delivered(1).await;
    let kept: String = sqlx::query_scalar(
        "select string_agg(a::text, ' ') || (select string_agg(e::text, ' ') from log.events e)
           || (select string_agg(t::text, ' ') from process.tasks t)
           || (select string_agg(d::text, ' ') from crm.deliveries d)
         from process.crm_attempts a",
    )
    .fetch_one(&world.pool)
    .await
    .unwrap();
    for secret in [crate::world::KEY, "Аннабелла", anna.email.as_str(), "+79991234567"] {
        assert!(!kept.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_welcome_ticket_is_opened_once_whatever_is_repeated() {
    let world = World::start().await;
    world.registers(Role::Teacher, "Иван").await;
    world.all_delivered(1).await;
    let task = |cause: u128| Task {
        id: Uuid::from_u128(cause),
        kind: "open_welcome_ticket".to_owned(),
        key: String::new(),
        queue: None,
        payload: json!({}),
        attempt: 2,
        outcome_unknown: true,
        cause: Uuid::from_u128(cause),
        cause_position: Position(1),
        correlation_id: Uuid::from_u128(1),
    };
    // The same task again, and another one for the same person.
    for cause in [1, 1, 2] {
        assert_eq!(world.welcome.run(&task(cause)).await, TaskOutcome::Done);
    }
    assert_eq!(world.events("TicketOpened").await, 1);
    world.has_no_task_left().await;
    assert_eq!(world.all("/tickets").await.len(), 1);
}
