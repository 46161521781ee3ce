//! A CRM that hangs, fails, answers HTML, throttles, or cuts the connection after a commit.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{Settings, World, eventually};

use crate::verdict::{Expected, all_is_well};

/// A registration does not wait for the CRM; no record is lost or duplicated.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_crm_does_nobody_waits_and_nobody_is_lost_or_doubled() {
    let mut settings = Settings::default();
    settings.environment.push(("KAFEDRA_CRM__TIMEOUT_MS", "700".into()));
    settings.environment.push(("KAFEDRA_CRM__MAX_ATTEMPTS", "1000".into()));
    let world = World::with(settings).await;
    let admin = world.admin().await;
    let usual = registrations(&world).await;
    eprintln!("registration, CRM well: median {:?}", usual.median);
    let mut people = usual.people;
    let moods: [(&str, Value); 6] = [
        ("hangs", json!({ "latency_ms": 60_000 })),
        ("500", json!({ "status": 500 })),
        ("HTML", json!({ "html": true })),
        ("429", json!({ "status": 429, "retry_after_seconds": 1 })),
        ("cuts the line after the commit", json!({ "drop_rate": 1.0 })),
        ("some of each", json!({ "fail_rate": 0.3, "drop_rate": 0.3, "latency_ms": 50 })),
    ];
    for (mood, faults) in moods {
        world.crm.injects_faults(faults).await;
        let under = registrations(&world).await;
        eprintln!("registration, CRM {mood}: median {:?}", under.median);
        assert!(under.median < usual.median * 20 + Duration::from_secs(1), "{mood}: {:?}", under.median);
        people.extend(under.people);
    }
    world.crm.clears_faults().await;
    let people: Vec<_> = people.into_iter().map(Expected::registered).collect();
    all_is_well(&world, &admin, &people).await;
    assert_eq!(world.crm.users().await.len(), people.len(), "these people and no others");
    assert_eq!(world.crm.tickets().await.len(), people.len());
}

/// The person is erased during their creation in the CRM, and the process dies before it sees the end.
/// The record in the CRM must be removed.
#[tokio::test(flavor = "multi_thread")]
async fn a_creation_that_nobody_saw_end_is_undone_when_the_person_is_erased() {
    let mut world = World::start().await;
    let api = world.app_with_roles("api").await;
    world.crm.injects_faults(json!({ "latency_ms": 5_000 })).await;
    let anna = world.student().registers().await.through(&api.client);
    eventually("the CRM is asked to make her", || async {
        let calls = world.crm.log().await;
        let asked = calls.iter().any(|call| call["method"] == "POST" && call["path"] == "/api/users");
        if asked { Ok(()) } else { Err(format!("{calls:?}")) }
    })
    .await;
    world.crm.clears_faults().await;
    eventually("it has made her, and has not said so", || async {
        let users = world.crm.users().await;
        if users.len() == 1 { Ok(()) } else { Err(format!("{users:?}")) }
    })
    .await;
    world.app.is_killed();
    anna.erases_themselves().await.ok();
    world.app.starts();
    world.app.is_ready().await;
    eventually("the CRM has forgotten her", || async {
        let users = world.crm.users().await;
        if users.is_empty() { Ok(()) } else { Err(format!("{users:?}")) }
    })
    .await;
}

struct Registrations {
    people: Vec<tests::Person>,
    median: Duration,
}

async fn registrations(world: &World) -> Registrations {
    let (mut people, mut times) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        let started = Instant::now();
        people.push(world.student().registers().await);
        times.push(started.elapsed());
    }
    times.sort();
    Registrations { people, median: times[times.len() / 2] }
}
