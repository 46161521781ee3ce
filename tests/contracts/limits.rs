//! The limits of `default.toml`, as delivered.

use serde_json::json;
use tests::{Answer, Settings, World};

/// Attempts, requests and sizes have limits, and the refusal says when to retry.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_too_often_is_told_when_to_come_back() {
    let world = World::with(Settings { default_limits: true, ..Settings::default() }).await;
    let anna = world.student().registers().await;
    let wrong = json!({ "email": anna.email, "password": "wrong password 7" });
    let stopped = until_stopped(40, async |n| {
        // A header that any client can write does not change the address.
        let call =
            world.client().call("POST", "/session").header("x-forwarded-for", format!("203.0.113.{n}"));
        call.json(&wrong).send().await
    })
    .await;
    assert!((8..=12).contains(&stopped), "stopped after {stopped} attempts to sign in");

    let incomplete =
        json!({ "email": "nobody", "password": "x", "name": "", "nickname": "", "role": "student" });
    let stopped = until_stopped(120, async |_| world.client().post("/accounts", &incomplete).await).await;
    assert!((40..=70).contains(&stopped), "stopped after {stopped} registrations");

    let stopped = until_stopped(400, async |_| anna.get("/me").await).await;
    assert!((80..=300).contains(&stopped), "stopped after {stopped} requests of one account");

    let stopped = until_stopped(600, async |n| {
        let call =
            world.client().call("GET", "/dictionaries").header("x-forwarded-for", format!("203.0.113.{n}"));
        call.send().await
    })
    .await;
    assert!(stopped <= 400, "stopped after {stopped} requests of one address");
    world.client().get("/health/live").await.is(200);
}

/// Number of calls before the first 429.
async fn until_stopped(most: usize, call: impl AsyncFn(usize) -> Answer) -> usize {
    for n in 0..most {
        let answer = call(n).await;
        if answer.status == 429 {
            let answer = answer.is_problem();
            let pause: u64 = answer.header("retry-after").parse().expect("Retry-After in seconds");
            assert!((1..=120).contains(&pause), "{answer:?}");
            return n;
        }
        assert!(answer.status < 500, "{answer:?}");
    }
    panic!("{most} calls, and no end");
}
