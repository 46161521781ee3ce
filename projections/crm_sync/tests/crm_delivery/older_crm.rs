//! A CRM that serves only a part of its contract (case C1): deliveries go on, and what is not delivered shows.

use crm_sync::{ConnectionTest, Operation};
use domain::accounts::{AccountCommand, Email, PersonName, ProfileChanges};
use domain::crm::Drift;
use domain::{Personal, Role};
use fixtures::{eventually, system_context};
use serde_json::json;

use crate::world::{Person, World};

const PARTS: [&str; 3] = ["users", "tickets", "stats"];

async fn is_renamed(world: &World, person: &Person) {
    let name = Some(Personal::new(person.id, PersonName::parse("Анна Иванова").unwrap()));
    let changes = Box::new(ProfileChanges { name, ..ProfileChanges::default() });
    world.account(person.id, AccountCommand::UpdateProfile { changes, cleared: vec![] }).await;
    world.has_no_task_left().await;
}

async fn drift_of_user(world: &World, person: &Person) -> Option<Drift> {
    let deliveries = world.deliveries().await;
    let user = deliveries.iter().find(|delivery| delivery.account_id == person.id && delivery.what == "user");
    user.expect("a delivery").drift.clone()
}

async fn unsupported(world: &World) -> Vec<Operation> {
    world.crm.status().await.unwrap().unsupported.iter().map(|known| known.operation).collect()
}

fn supported(test: &ConnectionTest, operation: Operation) -> Option<bool> {
    test.operations.iter().find(|tested| tested.operation == operation).expect("all are tested").supported
}

#[tokio::test]
async fn c1_a_change_that_the_crm_does_not_know_is_a_drift_and_stops_nothing() {
    let world = World::start().await;
    world.serves_only(&PARTS).await;
    let anna = world.registers(Role::Student, "Анна").await;
    world.all_delivered(1).await;
    is_renamed(&world, &anna).await;
    let email = Email::parse("anna.new@example.com").unwrap();
    world.account(anna.id, AccountCommand::ChangeEmail { email }).await;
    world.account(anna.id, AccountCommand::SuspendAccount { reason: "test".to_owned() }).await;
    let boris = world.registers(Role::Student, "Борис").await;
    world.has_no_task_left().await;
    world.all_delivered(2).await;
    assert_eq!((world.all("/users").await.len(), world.all("/tickets").await.len()), (2, 2));
    let fields = ["name", "email", "status"].map(str::to_owned).to_vec();
    assert_eq!(drift_of_user(&world, &anna).await, Some(Drift::Differs { fields }));
    assert_eq!(drift_of_user(&world, &boris).await, None);
    let status = world.crm.status().await.unwrap();
    assert_eq!((status.status, status.circuit, status.abandoned, status.drifted), ("up", "closed", 0, 1));
    assert_eq!(
        unsupported(&world).await,
        [Operation::FindUser, Operation::SetUserStatus, Operation::UpdateUser]
    );
    let report = world.crm.reconcile(true, false, &system_context()).await.unwrap();
    assert_eq!(report.differing, 1, "{report:?}");
    world.has_no_task_left().await;
    assert_eq!(world.all("/users").await.len(), 2, "a check makes no second record");
}

#[tokio::test]
async fn c1_a_crm_that_learns_more_gets_what_it_lacked() {
    let world = World::start().await;
    world.serves_only(&PARTS).await;
    let anna = world.registers(Role::Student, "Анна").await;
    world.all_delivered(1).await;
    is_renamed(&world, &anna).await;
    assert!(drift_of_user(&world, &anna).await.is_some());
    world.serves_only(&[]).await;
    // An admin tests the connection.
    let test = world.crm.test_connection(&system_context()).await.unwrap();
    assert_eq!(supported(&test, Operation::UpdateUser), Some(true));
    world.has_no_task_left().await;
    assert_eq!(world.all("/users").await[0]["name"], "Анна Иванова");
    assert_eq!((drift_of_user(&world, &anna).await, unsupported(&world).await), (None, vec![]));

    // Or a later delivery tries again.
    world.serves_only(&PARTS).await;
    let boris = world.registers(Role::Student, "Борис").await;
    world.all_delivered(2).await;
    is_renamed(&world, &boris).await;
    assert!(drift_of_user(&world, &boris).await.is_some());
    world.serves_only(&[]).await;
    let an_hour_ago = "update process.crm_unsupported_operations set last_at = last_at - interval '2 hours'";
    sqlx::query(an_hour_ago).execute(&world.pool).await.unwrap();
    world.registers(Role::Student, "Вера").await;
    eventually("the change is delivered", async || drift_of_user(&world, &boris).await.is_none()).await;
    world.has_no_task_left().await;
    let users = world.all("/users").await;
    assert_eq!((users.len(), unsupported(&world).await), (3, vec![]));
    assert_eq!(users.iter().filter(|user| user["name"] == "Анна Иванова").count(), 2);
}

#[tokio::test]
async fn c1_an_erasure_that_the_crm_cannot_do_is_abandoned_until_it_can() {
    let world = World::start().await;
    world.serves_only(&PARTS).await;
    let anna = world.registers(Role::Student, "Анна").await;
    world.all_delivered(1).await;
    world.account(anna.id, AccountCommand::EraseAccount { reason: "asked for".to_owned() }).await;
    world.has_no_task_left().await;
    let deliveries = world.deliveries().await;
    assert_eq!(deliveries.len(), 1, "{deliveries:?}");
    let states = (deliveries[0].status.as_str(), deliveries[0].attempts, deliveries[0].last_status);
    assert_eq!(states, ("abandoned", 1, Some(404)));
    assert_eq!(world.all("/users").await[0]["name"], "Анна", "the CRM still has the data");
    world.serves_only(&[]).await;
    world.crm.test_connection(&system_context()).await.unwrap();
    world.has_no_task_left().await;
    assert_eq!(world.all("/users").await.len(), 0);
    assert!(!world.all("/tickets").await[0].to_string().contains("Анна"));
    assert_eq!(world.deliveries().await, []);
}

#[tokio::test]
async fn c1_a_test_tells_what_works_and_leaves_one_record_at_most() {
    let world = World::start().await;
    world.serves_only(&PARTS).await;
    for _ in 0..3 {
        let test = world.crm.test_connection(&system_context()).await.unwrap();
        assert!(test.ok && !test.cleaned_up, "{test:?}");
        assert!(test.operations.iter().all(|tested| tested.supported == Some(false)), "{test:?}");
        assert_eq!(world.all("/users").await.len(), 1);
    }
    world.serves_only(&[]).await;
    let test = world.crm.test_connection(&system_context()).await.unwrap();
    assert!(test.operations.iter().all(|tested| tested.supported == Some(true)), "{test:?}");
    let test = world.crm.test_connection(&system_context()).await.unwrap();
    assert!(test.ok && test.cleaned_up, "{test:?}");
    assert_eq!((world.all("/users").await.len(), unsupported(&world).await), (0, vec![]));
    world.faults(json!({"status": 501})).await;
    assert!(!world.crm.test_connection(&system_context()).await.unwrap().ok, "a creation is required");
}
