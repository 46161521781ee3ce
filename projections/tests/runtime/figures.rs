//! Figures to look at, not to judge by: `cargo test --test runtime -- --ignored --nocapture figures`.

use std::time::{Duration, Instant};

use projections::{Roles, Settings};

use crate::fixture::{World, eventually};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "prints figures"]
async fn figures() {
    let world = World::new().await;
    const EVENTS: u64 = 100_000;
    for _ in 0..10 {
        world.append(EVENTS / 10).await;
    }
    let begun = Instant::now();
    let running =
        world.start_with(world.parts(), world.settings(), Roles { relay: true, ..Roles::NONE }).await;
    eventually("all is published", async || {
        running.projections.relay().is_some_and(|relay| relay.position == EVENTS)
    })
    .await;
    say("relay, events/s", EVENTS as f64 / begun.elapsed().as_secs_f64());
    running.end().await;

    let begun = Instant::now();
    let settings = Settings { stream: None, ..world.settings() };
    let running = world.start_with(world.parts(), settings, Roles { read_models: true, ..Roles::NONE }).await;
    running.reached(EVENTS).await;
    say("catching up (two tables), events/s", EVENTS as f64 / begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let model = running.projections.read_model("tally").unwrap();
    running.projections.rebuild(model, Box::new(|_| {})).await.unwrap();
    say("rebuild (two tables), events/s", EVENTS as f64 / begun.elapsed().as_secs_f64());
    running.end().await;

    for (what, stream) in [("with the stream", true), ("without", false)] {
        let mut settings = world.settings();
        settings.stream = settings.stream.filter(|_| stream);
        let running = world.start_with(world.parts(), settings, Roles::ALL).await;
        let mut waits = Vec::new();
        for _ in 0..1_000 {
            let head = world.append(1).await;
            let begun = Instant::now();
            running.reached(head).await;
            waits.push(begun.elapsed());
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        waits.sort();
        for (percent, wait) in [(50, waits[500]), (99, waits[990])] {
            say(&format!("commit → visible {what}, p{percent}, ms"), wait.as_secs_f64() * 1_000.0);
        }
        running.end().await;
    }
    world.drop_all().await;
}

fn say(what: &str, figure: f64) {
    eprintln!("{what:<50} {figure:>10.1}");
}
