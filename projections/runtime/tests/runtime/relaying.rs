//! The relay and the stream: equal to the log, or reported as diverged.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::jetstream::Context;
use async_nats::jetstream::stream::Config;
use domain::{EventLog, Position};
use fixtures::eventually;
use futures::TryStreamExt;
use projection_runtime::{RelayState, Roles};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::fixture::{Running, World};

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_holds_every_event_at_its_position() {
    let world = World::new().await;
    let running = world.start().await;
    world.append(1_500).await;
    world.append_note("ё\u{1F600} \"quoted\"").await;
    relayed(&running, Position(1_501)).await;
    same_as_log(&world).await;
    let stream = world.jetstream().await.get_stream(&world.stream.name).await.unwrap();
    let message = stream.get_raw_message(1_501).await.unwrap();
    assert!(message.subject.starts_with(&format!("{}.v1.crm.", world.stream.prefix)), "{}", message.subject);
    assert_eq!(message.headers.get("ce-specversion").unwrap().as_str(), "1.0");
    assert!(message.payload.iter().any(|byte| *byte >= 0x80), "the body is the payload as stored");
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_stream_is_filled_anew() {
    let world = World::new().await;
    let running = world.start().await;
    world.append(300).await;
    relayed(&running, Position(300)).await;
    world.jetstream().await.delete_stream(&world.stream.name).await.unwrap();
    let head = world.append(10).await;
    running.reached(head).await;
    same_eventually(&world, head).await;
    world.tally_is_exact().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purged_stream_is_filled_anew() {
    let world = World::new().await;
    let running = world.start().await;
    world.append(300).await;
    relayed(&running, Position(300)).await;
    let stream = world.jetstream().await.get_stream(&world.stream.name).await.unwrap();
    stream.purge().await.unwrap();
    running.end().await;
    let running = world.start().await;
    let head = world.append(10).await;
    running.reached(head).await;
    same_eventually(&world, head).await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_lost_its_end_gets_it_back() {
    let world = World::new().await;
    let running = world.start().await;
    world.append(200).await;
    relayed(&running, Position(200)).await;
    running.end().await;
    keep_only(&world, 150).await;
    let running = world.start().await;
    let head = world.append(10).await;
    running.reached(head).await;
    same_eventually(&world, head).await;
    world.tally_is_exact().await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ahead_of_the_log_stops_the_relay_and_nothing_else() {
    let world = World::new().await;
    let running = world.start().await;
    world.append(50).await;
    relayed(&running, Position(50)).await;
    // The read model must have reached 50 before it is set back to 40.
    running.projections.wait_for("tally", Position(50), Duration::from_secs(20)).await.unwrap();
    running.end().await;
    // Simulates a restore of Postgres to an earlier point.
    sqlx::query("delete from fixture.events where position > 40").execute(&world.pool).await.unwrap();
    for sql in [
        "update projection.checkpoints set position = 40",
        "delete from app.notes where position > 40",
        "delete from app.tally",
        "insert into app.tally select account, count(*) from app.notes group by account",
    ] {
        sqlx::query(sql).execute(&world.pool).await.unwrap();
    }
    world.committed.send_replace(Position(40));
    let running = world.start().await;
    eventually("the relay says that it has stopped", async || {
        running.projections.relay().is_some_and(|relay| relay.state == RelayState::Diverged)
    })
    .await;
    let relays = running.projections.status().await.unwrap().relays;
    assert!(relays[0].detail.as_ref().unwrap().contains("50"), "{relays:?}");
    for _ in 0..30 {
        // Passes the old end too: the event at 50 differs from the one in the stream.
        let head = world.append_note("another history").await;
        running.projections.wait_for("tally", head, Duration::from_secs(2)).await.unwrap();
    }
    assert_eq!(running.projections.relay().unwrap().state, RelayState::Diverged);
    world.tally_is_exact().await;
    let foreign: i64 = sqlx::query_scalar(
        "select count(*) from app.notes where position > 40 and note <> 'another history'",
    )
    .fetch_one(&world.pool)
    .await
    .unwrap();
    assert_eq!(foreign, 0, "nothing of the stream's own history was taken");
    // An operator decides this.
    world.jetstream().await.delete_stream(&world.stream.name).await.unwrap();
    same_eventually(&world, Position(70)).await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_kept_otherwise_is_refused() {
    let world = World::new().await;
    let other = Config {
        name: world.stream.name.clone(),
        subjects: vec![format!("{}.v1.>", world.stream.prefix)],
        max_messages: 10,
        ..Config::default()
    };
    world.jetstream().await.create_stream(other).await.unwrap();
    let running = world.start().await;
    eventually("the relay refuses", async || {
        running.projections.relay().is_some_and(|relay| relay.state == RelayState::Refused)
    })
    .await;
    let head = world.append(5).await;
    running.reached(head).await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn relays_that_follow_each_other_leave_no_hole() {
    let world = World::new().await;
    for _ in 0..5 {
        let victim = world.start_victim(Vec::new(), Vec::new());
        world.append(3_000).await;
        tokio::time::sleep(Duration::from_millis(250)).await;
        victim.kill();
    }
    let running =
        world.start_with(world.parts(), world.settings(), Roles { relay: true, ..Roles::NONE }).await;
    same_eventually(&world, Position(15_000)).await;
    world.end(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_us_is_not_hammered() {
    let mut world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    world.stream.url = format!("nats://someone:secret@{}", listener.local_addr().unwrap()).into();
    let tries = Arc::new(AtomicU32::new(0));
    let counted = tries.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let info = b"INFO {\"server_id\":\"x\",\"version\":\"2.9.10\",\"auth_required\":true,\"max_payload\":1048576}\r\n";
            let _ = socket.write_all(info).await;
            let mut said = vec![0; 4_096];
            let length = socket.read(&mut said).await.unwrap_or(0);
            let said = String::from_utf8_lossy(&said[..length]).into_owned();
            if said.contains("\"user\":\"someone\"") && said.contains("\"pass\":\"secret\"") {
                counted.fetch_add(1, Ordering::SeqCst);
            }
            let _ = socket.write_all(b"-ERR 'Authorization Violation'\r\n").await;
        }
    });
    let running = world.start().await;
    let head = world.append(5).await;
    running.reached(head).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    let tries = tries.load(Ordering::SeqCst);
    assert!((1..=3).contains(&tries), "{tries} tries, with the credentials of the address");
    world.end_without_stream(running).await;
}

async fn relayed(running: &Running, position: Position) {
    eventually("everything is in the stream", async || {
        running.projections.relay().is_some_and(|relay| relay.position == position)
    })
    .await;
}

async fn same_eventually(world: &World, head: Position) {
    let jetstream = world.jetstream().await;
    eventually("the stream is complete", async || match jetstream.get_stream(&world.stream.name).await {
        Ok(stream) => stream.cached_info().state.messages == head.0,
        Err(_) => false,
    })
    .await;
    same_as_log(world).await;
}

/// Asserts that message n is event n, for every n.
async fn same_as_log(world: &World) {
    let head = world.log.head().await.unwrap();
    let messages = everything(world, &world.jetstream().await).await;
    assert_eq!(messages.len() as u64, head.0);
    let events = world.log.read(Position::START, usize::try_from(head.0).unwrap()).await.unwrap();
    for (message, event) in messages.iter().zip(events) {
        assert_eq!(message.0, event.position);
        assert_eq!(message.2.get("kafedra-leaf-hash").unwrap().as_str(), hex::encode(event.leaf_hash));
        assert_eq!(message.3, event.payload.as_bytes());
    }
}

async fn everything(world: &World, jetstream: &Context) -> Vec<(Position, String, HeaderMap, Vec<u8>)> {
    let stream = jetstream.get_stream(&world.stream.name).await.unwrap();
    let count = usize::try_from(stream.cached_info().state.messages).unwrap();
    let config = async_nats::jetstream::consumer::pull::OrderedConfig::default();
    let consumer = stream.create_consumer(config).await.unwrap();
    let messages = consumer.messages().await.unwrap();
    let taken = futures::StreamExt::take(messages, count);
    let all: Vec<_> = taken.try_collect().await.unwrap();
    all.into_iter()
        .map(|message| {
            let sequence = Position(message.info().unwrap().stream_sequence);
            let headers = message.headers.clone().unwrap();
            (sequence, message.subject.to_string(), headers, message.payload.to_vec())
        })
        .collect()
}

/// Keeps only the first messages of the stream, as after a crash that lost unwritten data.
async fn keep_only(world: &World, kept: usize) {
    let jetstream = world.jetstream().await;
    let messages = everything(world, &jetstream).await;
    let config = jetstream.get_stream(&world.stream.name).await.unwrap().cached_info().config.clone();
    jetstream.delete_stream(&world.stream.name).await.unwrap();
    jetstream.create_stream(config).await.unwrap();
    for (_, subject, headers, payload) in messages.into_iter().take(kept) {
        jetstream.publish_with_headers(subject, headers, payload.into()).await.unwrap().await.unwrap();
    }
}
