//! A reconnected socket receives every missed frame once and in order.

use domain::ConversationId;
use futures::{StreamExt, stream};
use serde_json::json;
use tests::{ConversationWriter, Person, Settings, Socket, SocketRequest, World, eventually, listeners};

/// So short that every burst exceeds it.
fn short_queue() -> Settings {
    let mut settings = Settings::default();
    settings.environment.push(("KAFEDRA_LIVE__QUEUE", "16".into()));
    settings
}

/// More messages than one read returns, sent before, during and after the reconnection.
#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_comes_back_gets_exactly_what_it_missed() {
    let world = World::with(short_queue()).await;
    let writer = ConversationWriter::start(&world).await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let conversation = writer.between(&anna, &boris).await;
    let mut socket = boris.opens_socket().await;
    let mut expected = many(&writer, conversation, &anna, 5).await;
    let mut heard = messages(&mut socket, 5).await;
    let seen = socket.seen;
    drop(socket);
    expected.extend(many(&writer, conversation, &anna, 700).await);
    let more = many(&writer, conversation, &anna, 700);
    let listening = async {
        let mut socket = boris.opens_socket_after(seen).await;
        assert_eq!(socket.ready_at, seen);
        messages(&mut socket, 1_400).await
    };
    let (more, missed) = futures::join!(more, listening);
    expected.extend(more);
    heard.extend(missed);
    expected.sort_unstable();
    assert_eq!(heard, expected);
    // A second resume from the beginning gives the same.
    let mut again = boris.opens_socket_after(0).await;
    assert_eq!(messages(&mut again, 1_405).await, expected);
}

/// Rows older than a month are removed, and a client that resumes from before must reload.
/// A rebuild leaves the same rows.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_older_than_a_month_is_reloaded_and_not_resumed() {
    let world = World::start().await;
    world.sets_log_back().await;
    let admin = world.admin().await;
    let anna = world.student().registers().await;
    let lives_in =
        async |city: &str| anna.patch("/me/profile", json!({ "city": city })).await.ok().position();
    let (old, last_old) = (lives_in("Тверь").await, lives_in("Псков").await);
    eventually("the old rows are there", || async {
        let kept = feed(&world).await;
        if kept.iter().any(|row| row.contains(&format!(",{last_old},"))) {
            Ok(())
        } else {
            Err(format!("{kept:?}"))
        }
    })
    .await;
    world.lets_log_catch_up().await;
    let new = lives_in("Тула").await;
    let mut socket = anna.opens_socket_after(old).await;
    assert!(socket.ready_at >= last_old, "it goes on from now");
    assert_eq!(socket.next().await["type"], "reload");
    let kept = eventually("the old rows are gone", || async {
        let kept = feed(&world).await;
        let only_new = kept.iter().all(|row| !row.contains(&format!(",{last_old},")));
        if only_new && !kept.is_empty() { Ok(kept) } else { Err(format!("{kept:?}")) }
    })
    .await;
    assert!(kept.iter().any(|row| row.contains(&format!(",{new},"))), "{kept:?}");
    // New frames resume as before.
    let mut socket = anna.opens_socket_after(new - 1).await;
    assert_eq!(
        (socket.ready_at, &socket.next_of("profile_updated").await["position"]),
        (new - 1, &json!(new))
    );

    let before = (table(&world).await, feed(&world).await);
    admin.post("/admin/projections/live_feed/rebuild", json!({})).await.ok();
    eventually("the feed is rebuilt", || async {
        let rebuilt = table(&world).await;
        if rebuilt == before.0 { Err(format!("still {rebuilt}")) } else { Ok(()) }
    })
    .await;
    assert_eq!(feed(&world).await, before.1);
}

/// Name of the table that the view reads.
async fn table(world: &World) -> String {
    let table = "select 'app.live_feed'::regclass::oid::text";
    sqlx::query_scalar(table).fetch_one(&world.pool).await.expect("the feed is there")
}

/// Rows of the feed, as text.
async fn feed(world: &World) -> Vec<String> {
    let rows = "select live_feed::text from app.live_feed order by position, account_id";
    sqlx::query_scalar(rows).fetch_all(&world.pool).await.expect("the feed can be read")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_that_nobody_can_have_seen_is_refused() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    for after in ["1000000", "99999999999999999999", "-1", "x", "", "1.5"] {
        let want = SocketRequest { after: Some(after.to_owned()), ..SocketRequest::default() };
        assert_eq!(anna.requests_socket(want).await.err(), Some(400), "{after}");
    }
    anna.call("GET", "/live?before=1").send().await.refused(400, "unknown_parameter");
    anna.get("/live?after=1000000").await.refused(400, "malformed_parameter");
    anna.get("/live").await.refused(426, "upgrade_required");
    // An acknowledged change is in the log, however far the feed has come.
    let position = anna.patch("/me/profile", json!({ "city": "Тверь" })).await.ok().position();
    let socket = anna.opens_socket_after(position).await;
    assert_eq!(socket.ready_at, position);
}

/// The runtime switches tables while sockets are open; the sockets stay.
#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_of_the_feed_loses_and_repeats_nothing() {
    let world = World::with(short_queue()).await;
    let second = world.app_with_roles("api").await;
    let admin = world.admin().await;
    let writer = ConversationWriter::start(&world).await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let conversation = writer.between(&anna, &boris).await;
    let mut here = boris.opens_socket().await;
    let mut there = boris.through(&second.client).opens_socket().await;
    let mut expected = Vec::new();
    for _ in 0..3 {
        let before = generation(&admin).await;
        let rebuilding = async {
            admin.post("/admin/projections/live_feed/rebuild", json!({})).await.ok();
            eventually("the tables are switched", || async {
                if generation(&admin).await == before { Err("not yet".to_owned()) } else { Ok(()) }
            })
            .await;
        };
        let (sent, ()) = futures::join!(many(&writer, conversation, &anna, 300), rebuilding);
        expected.extend(sent);
        expected.extend(many(&writer, conversation, &anna, 20).await);
    }
    expected.sort_unstable();
    assert_eq!(messages(&mut here, expected.len()).await, expected);
    assert_eq!(messages(&mut there, expected.len()).await, expected);
}

/// The server does not wait for a slow client, and the client loses nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_is_closed_and_resumes_without_loss() {
    let mut settings = short_queue();
    settings.environment.push(("KAFEDRA_LIVE__SEND_WITHIN_MS", "400".into()));
    let world = World::with(settings).await;
    let writer = ConversationWriter::start(&world).await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let conversation = writer.between(&anna, &boris).await;
    let mut slow = boris
        .requests_socket(SocketRequest { receive_buffer: Some(4_096), ..SocketRequest::default() })
        .await
        .expect("a socket");
    let mut expected = Vec::new();
    while !was_closed(&world, "4408").await {
        expected.extend(many(&writer, conversation, &anna, 500).await);
        assert!(expected.len() < 50_000, "the server does not wait for a slow client");
    }
    let mut heard = Vec::new();
    let code = loop {
        match slow.next_or_close().await {
            Ok(frame) if frame["type"] == "message_sent" => heard.push(position(&frame)),
            Ok(_) => {}
            Err(code) => break code,
        }
    };
    assert_eq!(code, 4408);
    expected.sort_unstable();
    assert!(heard.len() < expected.len(), "it was closed before the end");
    let mut again = boris.opens_socket_after(slow.seen).await;
    heard.extend(messages(&mut again, expected.len() - heard.len()).await);
    assert_eq!(heard, expected);
}

async fn was_closed(world: &World, code: &str) -> bool {
    let metrics = world.client().get("/metrics").await.text();
    let closes = metrics.lines().filter(|line| line.starts_with("kafedra_live_closes_total"));
    closes.into_iter().any(|line| line.contains(code))
}

/// Sends so many messages, several at a time; returns their positions.
async fn many(
    writer: &ConversationWriter,
    conversation: ConversationId,
    who: &Person,
    count: usize,
) -> Vec<u64> {
    let sent = (0..count).map(|_| async { writer.sends(conversation, who, "слово").await.position.0 });
    stream::iter(sent).buffer_unordered(16).collect().await
}

/// Positions of the next so many messages.
async fn messages(socket: &mut Socket, count: usize) -> Vec<u64> {
    let mut positions = Vec::new();
    while positions.len() < count {
        positions.push(position(&socket.next_of("message_sent").await));
    }
    positions
}

fn position(frame: &serde_json::Value) -> u64 {
    frame["position"].as_u64().expect("a position")
}

async fn generation(admin: &Person) -> serde_json::Value {
    let listeners = listeners(admin).await.expect("an admin sees the event handlers");
    let feed = listeners.into_iter().find(|listener| listener["name"] == "live_feed");
    feed.expect("it is listed")["generation"].clone()
}
