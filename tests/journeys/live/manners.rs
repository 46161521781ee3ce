//! Access to a socket, and the frames that a client may send.

use futures::{StreamExt, stream};
use serde_json::json;
use tests::{Settings, Socket, SocketRequest, World, eventually};

/// A socket requires a session, and a thousand refused requests leave nothing behind.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_strangers_cost_nothing() {
    let world = World::start().await;
    let client = world.client();
    let strangers = (0..1_000).map(|n| async move {
        let want = match n % 3 {
            0 => SocketRequest::default(),
            1 => SocketRequest::default().header("authorization", "Bearer made-up"),
            _ => SocketRequest::after(1).header("cookie", "kafedra_session=made-up"),
        };
        want.at(client).await.err()
    });
    let answers: Vec<Option<u16>> = stream::iter(strangers).buffer_unordered(64).collect().await;
    assert!(answers.iter().all(|answer| *answer == Some(401)), "{answers:?}");
    let metrics = client.get("/metrics").await.text();
    let sockets = metrics.lines().find(|line| line.starts_with("kafedra_live_sockets "));
    assert!(sockets.is_none_or(|line| line.ends_with(" 0")), "{sockets:?}");
    let anna = world.student().registers().await;
    anna.opens_socket().await;
}

/// Browsers let any page open a socket and send the cookie along; the page's origin decides.
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_opens_no_socket_with_the_cookie() {
    let mut settings = Settings::default();
    settings.environment.push(("KAFEDRA_HTTP__ALLOWED_ORIGINS", "[\"https://school.example\"]".into()));
    let world = World::with(settings).await;
    let anna = world.student().registers().await;
    let with_cookie = || SocketRequest::default().header("cookie", format!("kafedra_session={}", anna.token));
    let own = world.client().url.clone();
    for origin in ["https://school.example", own.as_str()] {
        assert!(with_cookie().header("origin", origin).at(world.client()).await.is_ok(), "{origin}");
    }
    assert!(with_cookie().at(world.client()).await.is_ok(), "a program");
    for origin in ["https://school.example.evil.example", "https://evil.example", "null"] {
        let refused = with_cookie().header("origin", origin).at(world.client()).await.err();
        assert_eq!(refused, Some(403), "{origin}");
    }
}

/// An invalid frame is answered with a code, or ends this socket alone.
#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_understood_is_answered_with_a_code() {
    let mut world = World::start().await;
    let anna = world.student().registers().await;
    let mut socket = anna.opens_socket().await;
    for (words, code) in [
        ("nonsense".to_owned(), "malformed_frame"),
        ("[1,2]".to_owned(), "malformed_frame"),
        ("{\"type\":null}".to_owned(), "malformed_frame"),
        (json!({ "type": "typing", "conversation_id": "x" }).to_string(), "malformed_frame"),
        (json!({ "type": "message_sent", "data": {} }).to_string(), "unknown_type"),
        (json!({ "type": "typing", "conversation_id": anna.id }).to_string(), "conversation_not_found"),
    ] {
        socket.sends(&words).await;
        let answer = socket.next_of("error").await;
        assert_eq!(answer["code"], code, "{words}");
    }
    socket.sends(json!({ "type": "ping" })).await;
    socket.next_of("pong").await;

    let ends = async |mut socket: Socket, code: u16| assert_eq!(socket.ends().await, code);
    let mut binary = anna.opens_socket().await;
    binary.sends_bytes(vec![1, 2, 3]).await;
    ends(binary, 1003).await;
    for bytes in [5_000, 60_000, 300_000] {
        let mut large = anna.opens_socket().await;
        large.sends("x".repeat(bytes)).await;
        ends(large, 1009).await;
    }
    let mut hasty = anna.opens_socket().await;
    for _ in 0..80 {
        hasty.sends(json!({ "type": "ping" })).await;
    }
    assert_eq!(hasty.next_of("error").await["code"], "too_frequent");
    ends(hasty, 4429).await;
    socket.sends(json!({ "type": "ping" })).await;
    socket.next_of("pong").await;
    assert!(world.app.is_alive() && !world.app.log().contains("panicked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_account_has_so_many_sockets_and_no_more() {
    let mut settings = Settings::default();
    settings.environment.push(("KAFEDRA_LIVE__SOCKETS_PER_ACCOUNT", "3".into()));
    let world = World::with(settings).await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let mut sockets = vec![anna.opens_socket().await, anna.opens_socket().await, anna.opens_socket().await];
    assert_eq!(anna.requests_socket(SocketRequest::default()).await.err(), Some(429));
    boris.opens_socket().await;
    sockets.pop();
    eventually("its place is free again", || async {
        anna.requests_socket(SocketRequest::default()).await.map(|_| ()).map_err(|status| status.to_string())
    })
    .await;
}

/// A client that does not answer the server's pings is disconnected.
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_client_is_let_go() {
    let mut settings = Settings::default();
    settings.environment.push(("KAFEDRA_LIVE__PING_MS", "300".into()));
    let world = World::with(settings).await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    // The test does not read this socket, so it answers no ping.
    let dead = anna.opens_socket().await;
    let mut alive = boris.opens_socket().await;
    let reading = async { tokio::time::timeout(std::time::Duration::from_secs(3), alive.ends()).await };
    let gone = eventually("the dead one is let go", || async {
        let metrics = world.client().get("/metrics").await.text();
        let silent = metrics
            .lines()
            .any(|line| line.starts_with("kafedra_live_closes_total") && line.contains("1006"));
        if silent { Ok(()) } else { Err("not yet".to_owned()) }
    });
    let (read, ()) = futures::join!(reading, gone);
    assert!(read.is_err(), "who answers is kept: {read:?}");
    drop(dead);
}
