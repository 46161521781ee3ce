//! A CRM that fails: no record is lost or duplicated, and the order holds.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use crm_sync::{CrmServer, CrmSettings};
use domain::Role;
use fixtures::{eventually, system_context};
use serde_json::{Value, json};

use crate::world::{KEY, World, patient};

#[tokio::test]
async fn a_crm_that_misbehaves_loses_and_doubles_nothing() {
    let faults = [
        ("hangs", json!({"latency_ms": 1_500})),
        ("answers 500", json!({"status": 500})),
        ("answers 503 and says when", json!({"status": 503, "retry_after_seconds": 1})),
        ("answers HTML", json!({"html": true})),
        ("answers HTML with 200", json!({"html": true, "status": 200})),
        ("throttles", json!({"status": 429, "retry_after_seconds": 1})),
        ("cuts every line after committing", json!({"drop_rate": 1})),
        ("does a bit of everything", json!({"fail_rate": 0.4, "drop_rate": 0.3, "latency_ms": 5})),
    ];
    for (what, faults) in faults {
        let world = World::start().await;
        world.faults(faults).await;
        let begun = Instant::now();
        let people = world.register_many(4).await;
        assert!(begun.elapsed() < Duration::from_secs(2), "{what}: registration does not wait for the CRM");
        eventually("an attempt has failed", async || {
            sqlx::query_scalar("select exists (select from process.crm_attempts where outcome <> 'answered')")
                .fetch_one(&world.pool)
                .await
                .unwrap()
        })
        .await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        world.no_faults().await;
        eprintln!("{what}");
        world.all_delivered(4).await;
        world.has_no_task_left().await;
        world.both_sides_are_equal(&people).await;
        assert_eq!(world.events("CrmUserLinked").await, 4, "{what}");
        assert_eq!(world.events("CrmTicketLinked").await, 4, "{what}");
    }
}

/// A CRM without idempotency keys is asked for an existing record if an earlier attempt may have succeeded.
#[tokio::test]
async fn an_older_crm_that_cuts_the_line_after_committing_doubles_nothing() {
    let world = World::start_beside_an_older_crm().await;
    world.faults(json!({"drop_rate": 0.5, "fail_rate": 0.2})).await;
    let people = world.register_many(20).await;
    world.all_delivered(20).await;
    world.no_faults().await;
    world.has_no_task_left().await;
    world.both_sides_are_equal(&people).await;
}

#[tokio::test]
async fn a_ticket_never_comes_before_its_user() {
    let world = World::start().await;
    world.faults(json!({"fail_rate": 0.5, "drop_rate": 0.2})).await;
    let people = world.register_many(20).await;
    world.all_delivered(20).await;
    world.no_faults().await;
    let mut there: HashSet<String> = HashSet::new();
    for call in world.received().await {
        let was_done = call["fault"] != "failed" && call["method"] == "POST";
        match call["path"].as_str().unwrap() {
            "/api/users" if was_done => {
                there.insert(call["body"]["email"].as_str().unwrap().to_owned());
            }
            "/api/tickets" if was_done => {
                let creator = call["body"]["createdBy"].as_str().unwrap();
                let person = people.iter().find(|person| person.id.to_string() == creator).unwrap();
                assert!(there.contains(&person.email), "a ticket came before its user");
            }
            _ => {}
        }
    }
    world.both_sides_are_equal(&people).await;
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let world = World::start().await;
    world.faults(json!({"status": 429, "retry_after_seconds": 2})).await;
    world.registers(Role::Student, "Анна").await;
    eventually("it was told to wait", async || !world.received().await.is_empty()).await;
    world.no_faults().await;
    world.all_delivered(1).await;
    let calls = world.received().await;
    let at = |call: &Value| call["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(calls[0]["status"], 429);
    let pause_ms = at(&calls[1]).duration_since(at(&calls[0])).as_millis();
    assert!(pause_ms >= 1_990, "only {pause_ms} ms");
}

#[tokio::test]
async fn what_is_gone_is_abandoned_at_once_and_can_be_retried() {
    let world = World::start().await;
    world.faults(json!({"status": 410})).await;
    let people = world.register_many(2).await;
    eventually("all four are given up", async || {
        world.deliveries().await.iter().filter(|d| d.status.as_str() == "abandoned").count() == 4
    })
    .await;
    let delivery = world.deliveries().await.remove(0);
    assert_eq!((delivery.last_cause.as_deref(), delivery.last_status), (Some("gone"), Some(410)));
    world.no_faults().await;
    world.crm.retry(delivery.id, &system_context()).await.unwrap();
    eventually("one is there", async || {
        world.deliveries().await.iter().filter(|d| d.status.as_str() == "delivered").count() == 1
    })
    .await;
    let planned = world.crm.retry_all(Default::default(), true, &system_context()).await.unwrap();
    assert_eq!((planned.requested, world.events("CrmSyncRequested").await), (3, 1));
    world.crm.retry_all(Default::default(), false, &system_context()).await.unwrap();
    world.all_delivered(2).await;
    world.has_no_task_left().await;
    world.both_sides_are_equal(&people).await;
}

fn impatient(server: CrmServer) -> CrmSettings {
    CrmSettings { max_attempts: 3, ..patient(server) }
}

#[tokio::test]
async fn after_the_last_attempt_a_delivery_is_abandoned_and_listed() {
    let world = World::start_with(impatient, KEY).await;
    world.faults(json!({"status": 500})).await;
    world.registers(Role::Student, "Анна").await;
    eventually("both are given up", async || {
        world.deliveries().await.iter().filter(|d| d.status.as_str() == "abandoned").count() == 2
    })
    .await;
    let user = world.deliveries().await.remove(0);
    assert_eq!((user.what, user.attempts), ("user", 3));
    let status = world.crm.status().await.unwrap();
    assert_eq!((status.abandoned, status.status), (2, "down"));
    world.no_faults().await;
    assert_eq!(world.all("/users").await.len(), 0, "the fault was real");
}

/// With an open circuit no call is made, and waiting counts as no attempt.
#[tokio::test]
async fn an_outage_opens_the_circuit_and_burns_no_attempts() {
    fn slow_to_come_back(server: CrmServer) -> CrmSettings {
        let mut settings = CrmSettings { max_attempts: 8, ..patient(server) };
        settings.circuit.open_ms = 60_000;
        settings.circuit.open_cap_ms = 60_000;
        settings
    }
    let world = World::start_with(slow_to_come_back, KEY).await;
    world.faults(json!({"status": 500})).await;
    world.register_many(20).await;
    eventually("the circuit is open", async || world.crm.status().await.unwrap().circuit == "open").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let calls = world.received().await.len();
    assert!(calls <= 13, "{calls} calls: five and those in flight");
    let status = world.crm.status().await.unwrap();
    assert_eq!((status.abandoned, status.delivered), (0, 0));
    assert!(status.backlog >= 20, "{status:?}");
    world.no_faults().await;
    // An admin tests the connection: an answer closes the circuit.
    assert!(world.crm.test_connection(&system_context()).await.unwrap().ok);
    assert_eq!(world.crm.status().await.unwrap().circuit, "closed");
    world.all_delivered(20).await;
}

#[tokio::test]
async fn a_wrong_key_is_shown_and_loses_nothing() {
    let world = World::start_with(patient, "another-key").await;
    world.registers(Role::Student, "Анна").await;
    eventually("it is shown", async || world.crm.status().await.unwrap().status == "misconfigured").await;
    let status = world.crm.status().await.unwrap();
    assert_eq!((status.abandoned, status.circuit), (0, "open"));
}

#[tokio::test]
async fn a_crm_that_is_not_there_at_all_is_waited_for() {
    fn nowhere(server: CrmServer) -> CrmSettings {
        // No server listens on port 1.
        patient(CrmServer { base_url: "http://127.0.0.1:1/api".to_owned(), ..server })
    }
    let world = World::start_with(nowhere, KEY).await;
    world.registers(Role::Student, "Анна").await;
    eventually("it is being retried", async || {
        world
            .deliveries()
            .await
            .iter()
            .any(|d| d.status.as_str() == "retrying" && d.last_cause.as_deref() == Some("connection"))
    })
    .await;
    assert_eq!(world.crm.status().await.unwrap().status, "down");
}
