//! Bad input: wrong frames, foreign ids, forged tokens and datagrams, clients that never read.

mod support;

use std::time::{Duration, Instant};

use futures::SinkExt;
use jiff::SignedDuration;
use serde_json::json;
use signaling::protocol::Role;
use signaling::token::{Claims, TokenKey};
use support::media::Media;
use support::{Person, Server, claims, connect, eventually, id, key};
use tokio_tungstenite::tungstenite::Message;

async fn closes_with(server: &Server, first_frame: &str) -> u16 {
    let mut person = stranger(server).await;
    person.send_raw(first_frame).await;
    person.is_closed().await
}

async fn stranger(server: &Server) -> Person {
    Person::silent(connect(&server.url(), None).await.expect("the server is up"))
}

fn hello(token: &str) -> String {
    json!({"t": "hello", "d": {"token": token}}).to_string()
}

async fn token_closes_with(server: &Server, change: impl FnOnce(&mut Claims)) -> u16 {
    let mut claims = claims(id(), id(), Role::Teacher);
    change(&mut claims);
    closes_with(server, &hello(&key().sign(&claims))).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_bad_token_gets_its_code() {
    let server = Server::start().await;
    assert_eq!(token_closes_with(&server, |claims| claims.node = "other".into()).await, 4401);
    assert_eq!(
        token_closes_with(&server, |claims| {
            claims.issued_at -= SignedDuration::from_mins(5);
            claims.expires_at -= SignedDuration::from_mins(5);
        })
        .await,
        4401
    );
    let foreign = TokenKey::try_new(vec![8; 32]).unwrap().sign(&claims(id(), id(), Role::Teacher));
    assert_eq!(closes_with(&server, &hello(&foreign)).await, 4401);
    // The signature of one lesson's token under the claims of another one's.
    let (own, other) = (claims(id(), id(), Role::Student), claims(id(), id(), Role::Teacher));
    let (own, other) = (key().sign(&own), key().sign(&other));
    let (signature, body) = (own.rsplit('.').next().unwrap(), other.split('.').next().unwrap());
    assert_eq!(closes_with(&server, &hello(&format!("{body}.{signature}"))).await, 4401);
    assert_eq!(closes_with(&server, &hello("")).await, 4401);
    let early = |claims: &mut Claims| {
        claims.starts_at += SignedDuration::from_hours(5);
        claims.ends_at += SignedDuration::from_hours(5);
    };
    assert_eq!(token_closes_with(&server, early).await, 4403);
    let used = key().sign(&claims(id(), id(), Role::Teacher));
    let mut first = stranger(&server).await;
    first.send_raw(&hello(&used)).await;
    first.wait("welcome").await;
    assert_eq!(closes_with(&server, &hello(&used)).await, 4401);
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_gets_nowhere() {
    let server = Server::start().await;
    for frame in [
        "",
        "{",
        "[]",
        "null",
        r#"{"t":"hello"}"#,
        r#"{"t":"nothing"}"#,
        r#"{"t":"ping"}"#,
        r#"{"t":"leave","id":1}"#,
    ] {
        assert_eq!(closes_with(&server, frame).await, 4400, "{frame}");
    }
    let mut large = stranger(&server).await;
    large.send_raw(&format!("{{\"t\":\"{}\"}}", "x".repeat(70_000))).await;
    assert_eq!(large.is_closed().await, 4413);
    let mut binary = stranger(&server).await;
    binary.socket.send(Message::Binary(vec![1, 2, 3].into())).await.unwrap();
    assert_eq!(binary.is_closed().await, 4400);
    assert!(connect(&server.url(), Some("https://evil.example")).await.is_err());
    assert!(connect(&server.url(), Some("http://localhost:3000")).await.is_ok());
    assert!(tokio_tungstenite::connect_async(server.url()).await.is_err(), "without the subprotocol");
    let sid = format!("{}:{}", id(), id());
    let resume = json!({"t": "hello", "d": {"resume": {"sid": sid, "secret": "AAAA", "last_seq": 0}}});
    assert_eq!(closes_with(&server, &resume.to_string()).await, 4401);
    let began = Instant::now();
    let mut silent = stranger(&server).await;
    assert_eq!(silent.is_closed().await, 4408);
    assert!(began.elapsed() >= Duration::from_secs(5));
    eventually("every socket is gone", async || server.node().open_sockets() <= 1).await;
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_bad_request_gets_its_code_and_the_session_stays() {
    let server = Server::start().await;
    let lesson = id();
    let mut teacher = Person::joins(&server, lesson, Role::Teacher).await;
    let mut observer = Person::joins(&server, lesson, Role::Observer).await;
    teacher.asks_ok("mod", json!({"op": "admit", "target": observer.id})).await;
    let offer = |sdp: String, source: &str| json!({"sdp": sdp, "tracks": [{"mid": "0", "source": source}]});
    let head = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n";
    let section = |kind: &str, mid: usize| {
        format!("m={kind} 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na=sendonly\r\n")
    };
    let hundred: String = (0..100).map(|mid| section("audio", mid)).collect();
    let bad = [
        String::new(),
        "v=0".into(),
        head.into(),
        format!("{head}{hundred}"),
        format!("{head}{}", section("application", 0)),
        format!("{head}{}", section("audio", 0)),
        format!("{head}m=audio\r\na=mid:0\r\n"),
        "x".repeat(40_000),
    ];
    for sdp in bad {
        assert_eq!(teacher.is_refused("pub.offer", offer(sdp, "mic")).await, "bad_sdp");
        tokio::time::sleep(Duration::from_millis(1_010)).await;
    }
    let refused = observer.is_refused("pub.offer", offer(head.into(), "mic")).await;
    assert_eq!(refused, "not_allowed");
    assert_eq!(observer.is_refused("chat.send", json!({"text": "Да"})).await, "not_allowed");
    assert_eq!(observer.is_refused("mod", json!({"op": "end"})).await, "not_allowed");
    assert_eq!(teacher.is_refused("mod", json!({"op": "record"})).await, "recording_unavailable");
    assert_eq!(teacher.is_refused("chat.send", json!({"text": " "})).await, "bad_message");
    assert_eq!(teacher.is_refused("chat.send", json!({"text": "я".repeat(4_001)})).await, "too_long");
    assert_eq!(teacher.is_refused("hello", json!({"token": "x"})).await, "wrong_state");
    assert_eq!(teacher.is_refused("mod", json!({"op": "admit", "target": observer.id})).await, "wrong_state");
    for _ in 0..3 {
        teacher.asks("chat.send", json!({"text": "Да"})).await;
    }
    let fast = teacher.asks("chat.send", json!({"text": "Да"})).await;
    assert_eq!(fast["d"]["code"], "too_fast");
    assert!(fast["d"]["retry_ms"].as_u64().unwrap() > 0);
    teacher.asks_ok("hand", json!({"up": true})).await;
    assert!(teacher.closed.is_none());
    // A flood ends the connection.
    for _ in 0..200 {
        teacher.send_raw(r#"{"t":"ping"}"#).await;
    }
    assert_eq!(teacher.is_closed().await, 4429);
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_joins_and_leaves_leave_nothing_behind() {
    let server = Server::start().await;
    let lesson = id();
    let mut teacher = Person::joins(&server, lesson, Role::Teacher).await;
    let mut of_teacher = Media::new(1).await;
    of_teacher.publishes(&mut teacher).await;
    let handles = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let mut before = None;
    for round in 0..100 {
        let mut student = Person::joins(&server, lesson, Role::Student).await;
        student.wait("sub.offer").await;
        student.asks_ok("leave", json!(null)).await;
        if round == 20 {
            before = Some(handles());
        }
    }
    eventually("all is as before", async || {
        server.node().engine.known() == (1, 1)
            && server.node().open_sockets() == 1
            && server.node().people() == 1
    })
    .await;
    assert!(handles() <= before.unwrap() + 4);
    of_teacher.close().await;
    server.handle.kill().await;
}
