//! Lost and duplicated records of the CRM are repaired without new duplicates.

use domain::Role;
use fixtures::system_context;
use serde_json::json;

use crate::world::World;

/// One record in twenty is lost and one in twenty duplicated; afterwards both sides are equal.
#[tokio::test]
async fn lost_doubled_and_changed_records_heal() {
    let world = World::start().await;
    let mut people = world.register_many(40).await;
    world.all_delivered(40).await;
    // Duplicated: the CRM stores two new people twice.
    world.faults(json!({"duplicate_rate": 1})).await;
    people.push(world.registers(Role::Student, "Вдвойне").await);
    people.push(world.registers(Role::Teacher, "Дважды").await);
    world.all_delivered(42).await;
    world.no_faults().await;
    // Lost: users are deleted, and tickets get another owner.
    let users = world.all("/users").await;
    assert_eq!(users.len(), 44, "two are doubled");
    for user in &users[..2] {
        world.delete(&format!("/users/{}", user["id"].as_str().unwrap())).await;
    }
    let tickets = world.all("/tickets").await;
    for ticket in &tickets[4..6] {
        let path = format!("/tickets/{}", ticket["id"].as_str().unwrap());
        world.put(&path, json!({"createdBy": "nobody", "title": "Потеряно"})).await;
    }
    // Changed by hand.
    world.put(&format!("/users/{}", users[10]["id"].as_str().unwrap()), json!({"name": "Другое имя"})).await;

    let planned = world.crm.reconcile(true, true, &system_context()).await.unwrap();
    assert_eq!((planned.missing, planned.duplicated), (2, 4), "{planned:?}");
    // Two tickets and a user that their links still name.
    assert_eq!((planned.differing, planned.healing), (3, 9), "{planned:?}");
    assert_eq!(world.events("CrmDriftFound").await, 0, "a dry run records nothing");

    world.crm.reconcile(false, false, &system_context()).await.unwrap();
    assert_eq!(world.events("CrmDriftFound").await, 9);
    assert_eq!(world.events("CrmSyncRequested").await, 0, "it was not to heal");

    world.crm.reconcile(true, false, &system_context()).await.unwrap();
    world.has_no_task_left().await;
    assert_eq!(world.events("CrmDriftFound").await, 9, "what is known is not found again");
    assert_eq!(world.events("CrmDriftHealed").await, 9);
    world.both_sides_are_equal(&people).await;
    let after = world.crm.reconcile(true, false, &system_context()).await.unwrap();
    assert_eq!((after.drifts.len(), after.strangers), (0, 0), "{after:?}");
    assert_eq!(world.crm.status().await.unwrap().drifted, 0);
}

#[tokio::test]
async fn healing_goes_on_while_the_crm_misbehaves() {
    let world = World::start().await;
    let people = world.register_many(20).await;
    world.all_delivered(20).await;
    for user in &world.all("/users").await[..5] {
        world.delete(&format!("/users/{}", user["id"].as_str().unwrap())).await;
    }
    world.crm.reconcile(true, false, &system_context()).await.unwrap();
    world.faults(json!({"fail_rate": 0.3, "drop_rate": 0.3})).await;
    world.all_delivered(20).await;
    world.no_faults().await;
    world.has_no_task_left().await;
    world.both_sides_are_equal(&people).await;
}

#[tokio::test]
async fn sync_all_fills_an_empty_crm_although_links_to_another_exist() {
    let world = World::start().await;
    let people = world.register_many(10).await;
    world.all_delivered(10).await;
    let nothing = world.crm.sync_all(false, &system_context()).await.unwrap();
    assert_eq!((nothing.already_there, nothing.requested_users), (20, 0));
    world.crm_reset().await;
    let planned = world.crm.sync_all(true, &system_context()).await.unwrap();
    assert_eq!((planned.requested_users, planned.requested_tickets), (10, 10));
    assert_eq!(world.events("CrmSyncRequested").await, 0, "a dry run asks for nothing");
    world.crm.sync_all(false, &system_context()).await.unwrap();
    world.has_no_task_left().await;
    world.both_sides_are_equal(&people).await;
}

#[tokio::test]
async fn a_crm_that_can_not_be_read_completely_is_not_judged() {
    let world = World::start().await;
    world.register_many(3).await;
    world.all_delivered(3).await;
    world.faults(json!({"status": 500})).await;
    assert!(world.crm.reconcile(true, false, &system_context()).await.is_err());
    assert!(world.crm.sync_all(false, &system_context()).await.is_err());
    assert_eq!(world.events("CrmDriftFound").await + world.events("CrmSyncRequested").await, 0);
}
