//! A client that never reads, and a session that is taken up on a newer socket.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use signaling::protocol::Role;
use support::{Person, Server, claims, eventually, id, key};

/// Joins over a socket whose kernel keeps little, so that what is not read stays with the server.
async fn joins_with_little_memory(server: &Server, lesson: uuid::Uuid) -> Person {
    let who = id();
    let hello = json!({"t": "hello", "d": {"token": key().sign(&claims(lesson, who, Role::Student))}});
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let stream = socket.connect(server.handle.address).await.unwrap();
    let socket = support::upgrade(&server.url(), stream).await;
    let mut person = Person { lesson, id: who, ..Person::silent(socket) };
    person.send(hello).await;
    person.wait("welcome").await;
    person
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_never_reads_holds_up_no_other_and_is_closed_with_a_code() {
    let server = Server::start().await;
    let lesson = id();
    let mut teacher = Person::joins(&server, lesson, Role::Teacher).await;
    let mut deaf = joins_with_little_memory(&server, lesson).await;
    let mut students = Vec::new();
    for _ in 0..8 {
        students.push(Person::joins(&server, lesson, Role::Student).await);
    }
    // Long texts fill the kernel's buffers, many short frames then the queue of the server.
    let text = "я".repeat(3_900);
    for _ in 0..5 {
        for student in &mut students {
            student.send(json!({"t": "chat.send", "d": {"text": text}})).await;
            student.listens(Duration::from_millis(1)).await;
        }
    }
    let (mut told, mut slowest) = (0, Duration::ZERO);
    let end = Instant::now() + Duration::from_secs(20);
    while told < 600 && Instant::now() < end {
        for (at, student) in students.iter_mut().enumerate() {
            student.send(json!({"t": "hand", "d": {"up": (told + at) % 2 == 0}})).await;
            student.listens(Duration::from_millis(1)).await;
            student.inbox.clear();
        }
        let asked = Instant::now();
        teacher.asks_ok("ping", json!(null)).await;
        slowest = slowest.max(asked.elapsed());
        teacher.listens(Duration::from_millis(40)).await;
        told += teacher.inbox.len();
        teacher.inbox.retain(|frame| frame["t"] == "participant");
    }
    assert!(told >= 600, "the teacher was told {told} things");
    assert!(slowest < Duration::from_secs(1), "the slowest answer took {slowest:?}");
    // It reads at last: the frames that were sent, and why its socket is closed.
    assert_eq!(deaf.is_closed().await, 4408);
    let bye = deaf.inbox.iter().find(|frame| frame["t"] == "bye").expect("a good-bye");
    assert_eq!((&bye["d"]["code"], &bye["d"]["action"]), (&json!(4408), &json!("resume")));
    assert!(deaf.inbox.len() < told, "{} of {told} frames were kept for it", deaf.inbox.len());
    let who = deaf.id.to_string();
    eventually("the others see that it is lost", async || {
        teacher.listens(Duration::from_millis(20)).await;
        teacher.inbox.iter().any(|frame| {
            frame["d"]["participant"]["id"] == who.as_str() && frame["d"]["participant"]["connected"] == false
        })
    })
    .await;
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_late_end_of_an_older_socket_does_not_lose_a_resumed_session() {
    let server = Server::start().await;
    let lesson = id();
    let mut teacher = Person::joins(&server, lesson, Role::Teacher).await;
    let older = Person::joins(&server, lesson, Role::Student).await;
    let mut newer = older.resumes(&server.url()).await;
    drop(older);
    eventually("the older socket is gone", async || server.node().open_sockets() == 2).await;
    // A loss is shown after three seconds.
    teacher.listens(Duration::from_millis(3_600)).await;
    let is_loss = |frame: &serde_json::Value| frame["d"]["participant"]["connected"] == false;
    assert!(!teacher.inbox.iter().any(is_loss), "{:?}", teacher.inbox);
    newer.asks_ok("hand", json!({"up": true})).await;
    server.handle.kill().await;
}
