//! Changes of a person reach the CRM, erasure above all.

use domain::accounts::{AccountCommand, Email, PersonName, Phone, ProfileChanges};
use domain::{Personal, Role};
use fixtures::{eventually, system_context};
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn address_phone_name_subjects_and_suspension_follow() {
    let world = World::start().await;
    let anna = world.registers(Role::Student, "Анна").await;
    world.all_delivered(1).await;
    let email = Email::parse("anna.new@example.com").unwrap();
    world.account(anna.id, AccountCommand::ChangeEmail { email }).await;
    let phone = Some(Phone::parse("+79997654321").unwrap());
    world.account(anna.id, AccountCommand::ChangePhone { phone }).await;
    let name = Some(Personal::new(anna.id, PersonName::parse("Анна Иванова").unwrap()));
    let subjects = Some(vec!["mathematics".to_owned(), "algebra".to_owned()]);
    let changes = Box::new(ProfileChanges { name, subjects, ..ProfileChanges::default() });
    world.account(anna.id, AccountCommand::UpdateProfile { changes, cleared: vec![] }).await;
    world.account(anna.id, AccountCommand::SuspendAccount { reason: "test".to_owned() }).await;
    world.has_no_task_left().await;
    let users = world.all("/users").await;
    assert_eq!(users.len(), 1);
    assert_eq!(users[0]["email"], "anna.new@example.com");
    assert_eq!(users[0]["phone"], "+79997654321");
    assert_eq!(users[0]["name"], "Анна Иванова");
    assert_eq!(users[0]["subjects"], json!(["Математика", "Алгебра"]));
    assert_eq!(users[0]["status"], "suspended");
    world.account(anna.id, AccountCommand::ReinstateAccount { reason: "test".to_owned() }).await;
    world.has_no_task_left().await;
    assert_eq!(world.all("/users").await[0]["status"], "active");
}

#[tokio::test]
async fn an_erased_person_is_gone_there_too() {
    let world = World::start().await;
    let anna = world.registers(Role::Student, "Анна").await;
    world.all_delivered(1).await;
    world.account(anna.id, AccountCommand::EraseAccount { reason: "asked for".to_owned() }).await;
    world.has_no_task_left().await;
    assert_eq!(world.all("/users").await.len(), 0);
    let tickets = world.all("/tickets").await;
    assert!(!tickets[0].to_string().contains("Анна"), "{}", tickets[0]);
    assert_eq!(world.deliveries().await, []);
    let report = world.crm.reconcile(true, false, &system_context()).await.unwrap();
    assert_eq!((report.drifts.len(), report.strangers), (0, 0));
}

#[tokio::test]
async fn who_is_erased_before_anyone_saw_the_creation_succeed_is_gone_there_too() {
    let world = World::start().await;
    world.faults(json!({"drop_rate": 1})).await;
    let anna = world.registers(Role::Student, "Анна").await;
    eventually("the user is there without our knowing", async || {
        world.deliveries().await.iter().any(|delivery| delivery.status.as_str() == "retrying")
    })
    .await;
    assert_eq!(world.events("CrmUserLinked").await, 0);
    world.account(anna.id, AccountCommand::EraseAccount { reason: "asked for".to_owned() }).await;
    world.no_faults().await;
    world.has_no_task_left().await;
    assert_eq!(world.all("/users").await.len(), 0);
    assert!(world.all("/tickets").await.iter().all(|ticket| !ticket.to_string().contains("Анна")));
}

/// One person frees an address and another takes it before the CRM has followed.
#[tokio::test]
async fn who_takes_over_an_address_does_not_take_over_the_record() {
    let world = World::start().await;
    let anna = world.registers(Role::Student, "Анна").await;
    world.all_delivered(1).await;
    world.hold_lane_of(&anna).await;
    let email = Email::parse("anna.new@example.com").unwrap();
    world.account(anna.id, AccountCommand::ChangeEmail { email }).await;
    let boris = world.registers_with(Role::Student, "Борис", &anna.email).await;
    eventually("he is refused, because her record still has the address", async || {
        let deliveries = world.deliveries().await;
        deliveries.iter().any(|delivery| delivery.account_id == boris.id && delivery.attempts > 3)
    })
    .await;
    world.release_lane_of(&anna).await;
    world.all_delivered(2).await;
    world.has_no_task_left().await;
    let users = world.all("/users").await;
    let mut pairs: Vec<_> =
        users.iter().map(|user| (user["name"].as_str().unwrap(), user["email"].as_str().unwrap())).collect();
    pairs.sort();
    assert_eq!(pairs, [("Анна", "anna.new@example.com"), ("Борис", boris.email.as_str())]);
}
