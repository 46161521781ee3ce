//! A CRM that hangs, fails, talks HTML, throttles, or cuts the line after it has committed.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{Settings, World};

use crate::verdict::{Expected, all_is_well};

/// D-98, D-104, D-105: a registration does not wait for the CRM; nothing is lost, nothing is doubled.
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
        world.crm.misbehaves(faults).await;
        let under = registrations(&world).await;
        eprintln!("registration, CRM {mood}: median {:?}", under.median);
        assert!(under.median < usual.median * 20 + Duration::from_secs(1), "{mood}: {:?}", under.median);
        people.extend(under.people);
    }
    world.crm.behaves().await;
    let people: Vec<_> = people.into_iter().map(Expected::registered).collect();
    all_is_well(&world, &admin, &people).await;
    assert_eq!(world.crm.users().await.len(), people.len(), "they and nobody else");
    assert_eq!(world.crm.tickets().await.len(), people.len());
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
