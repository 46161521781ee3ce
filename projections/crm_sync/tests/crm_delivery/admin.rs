//! The link as an admin sees it, and the connection test.

use std::sync::Arc;

use crm_sync::deliveries::{CrmDeliveries, DeliveryCursor, DeliveryFilter, DeliveryState, list_deliveries};
use crm_sync::list_attempts;
use domain::accounts::AccountCommand;
use fixtures::system_context;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn the_figures_come_from_what_really_happened() {
    let world = World::start().await;
    let untouched = world.crm.status().await.unwrap();
    assert_eq!((untouched.status, untouched.backlog, untouched.last_success_at), ("unknown", 0, None));
    world.faults(json!({"latency_ms": 30})).await;
    world.register_many(3).await;
    world.all_delivered(3).await;
    world.has_no_task_left().await;
    let status = world.crm.status().await.unwrap();
    assert_eq!((status.status, status.circuit), ("up", "closed"));
    assert_eq!((status.delivered, status.failed, status.abandoned, status.backlog), (6, 0, 0, 0));
    assert!(status.last_success_at.is_some());
    assert!(status.latency_ms.p50.is_some_and(|p50| (30..500).contains(&p50)), "{status:?}");
    assert!(status.latency_ms.p99 >= status.latency_ms.p50);
    let attempts = list_attempts(&world.pool, None, None, 100).await.unwrap();
    assert_eq!(attempts.len(), 6);
    assert!(attempts.iter().all(|attempt| attempt.status == Some(200)));
}

#[tokio::test]
async fn a_test_of_the_line_leaves_nothing_behind() {
    let world = World::start().await;
    world.register_many(1).await;
    world.all_delivered(1).await;
    let test = world.crm.test_connection(&system_context()).await.unwrap();
    assert!(test.ok && test.cleaned_up, "{test:?}");
    assert_eq!(world.all("/users").await.len(), 1);
    // The answer may be lost: the next test removes the record that this one left.
    world.faults(json!({"drop_rate": 1})).await;
    assert!(!world.crm.test_connection(&system_context()).await.unwrap().ok);
    world.no_faults().await;
    assert_eq!(world.all("/users").await.len(), 2);
    let report = world.crm.reconcile(true, true, &system_context()).await.unwrap();
    assert_eq!((report.strangers, report.drifts.len()), (0, 0), "a test record is no drift");
    assert!(world.crm.test_connection(&system_context()).await.unwrap().cleaned_up);
    assert_eq!(world.all("/users").await.len(), 1);
}

#[tokio::test]
async fn deliveries_are_listed_page_by_page() {
    let world = World::start().await;
    world.register_many(5).await;
    world.all_delivered(5).await;
    let filter = DeliveryFilter { state: Some(DeliveryState::Delivered), ..DeliveryFilter::default() };
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = list_deliveries(&world.pool, filter, after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(DeliveryCursor { position: last.position, id: last.id });
        seen.extend(page.iter().map(|delivery| delivery.id));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 10);
}

#[tokio::test]
async fn rebuilt_deliveries_are_the_live_ones() {
    let world = World::start().await;
    world.faults(json!({"fail_rate": 0.4, "drop_rate": 0.2})).await;
    let people = world.register_many(10).await;
    world.all_delivered(10).await;
    world.no_faults().await;
    let reason = "requested".to_owned();
    world.account(people[0].id, AccountCommand::EraseAccount { reason }).await;
    world.delete(&format!("/users/{}", world.all("/users").await[3]["id"].as_str().unwrap())).await;
    world.has_no_task_left().await;
    world.crm.reconcile(false, false, &system_context()).await.unwrap();
    world.has_no_task_left().await;
    let differences = world.projections().compare(Arc::new(CrmDeliveries)).await.unwrap();
    assert!(differences.is_none(), "{differences:?}");
}
