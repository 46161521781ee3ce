//! Lesson rooms: nodes of the video service, and people in their lesson rooms by WebSocket.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::{Answer, Person, id_of};

/// Longest wait for a frame.
const PATIENCE: Duration = Duration::from_secs(20);

/// Node of the video service as an OS process; it is killed when this value is dropped.
pub struct VideoNode {
    child: Child,
    log: PathBuf,
}

impl VideoNode {
    pub(crate) fn start(mut command: std::process::Command, log: PathBuf) -> Self {
        let open = || File::options().create(true).append(true).open(&log).expect("a log file");
        command.arg("signaling").stdin(Stdio::null()).stdout(open()).stderr(open());
        Self { child: command.spawn().expect("the program starts"), log }
    }

    /// Kills the process with `kill -9`.
    pub fn is_killed(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for VideoNode {
    fn drop(&mut self) {
        self.is_killed();
        if std::thread::panicking() {
            let text = std::fs::read(&self.log).unwrap_or_default();
            eprintln!("— the log of a video node:\n{}", String::from_utf8_lossy(&text));
        }
    }
}

/// Person in a lesson room, without media.
pub struct RoomSocket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    requests: u64,
}

impl RoomSocket {
    /// Connects with a token and sends it as the first frame.
    ///
    /// # Panics
    /// If the node does not accept the connection.
    pub async fn connect(token: &Answer) -> Self {
        let mut request = token["url"].as_str().expect("a url").into_client_request().expect("a valid url");
        let protocol = "kafedra.rtc.v1".parse().expect("a header value");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let (socket, _) = tokio_tungstenite::connect_async(request).await.expect("the node listens");
        let mut room = Self { socket, requests: 0 };
        room.send(json!({ "t": "hello", "d": { "token": token["token"] } })).await;
        room
    }

    async fn send(&mut self, frame: Value) {
        self.socket.send(Message::text(frame.to_string())).await.expect("the socket is open");
    }

    /// Sends a request and waits until it is accepted.
    pub async fn does(&mut self, what: &str, data: Value) {
        self.requests += 1;
        let id = self.requests;
        self.send(json!({ "t": what, "id": id, "d": data })).await;
        let answer = self.next_where(|frame| frame["re"] == id && frame["t"] != "chat").await;
        assert_eq!(answer["t"], "ok", "{answer}");
    }

    /// Leaves the lesson room.
    pub async fn leaves(&mut self) {
        self.send(json!({ "t": "leave", "id": 999 })).await;
        self.next_where(|frame| frame["re"] == 999).await;
    }

    /// Waits for a frame of this type.
    pub async fn gets(&mut self, what: &str) -> Value {
        self.next_where(|frame| frame["t"] == what).await
    }

    async fn next_where(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let next = timeout(PATIENCE, self.socket.next()).await.expect("a frame in time");
            match next.expect("the socket is open").expect("a frame") {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).expect("JSON");
                    if wanted(&frame) {
                        return frame;
                    }
                }
                Message::Close(close) => panic!("closed: {close:?}"),
                _ => {}
            }
        }
    }

    /// Returns the code with which the node closes the socket.
    pub async fn is_closed(&mut self) -> u16 {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a frame in time") {
                Some(Ok(Message::Close(Some(close)))) => return close.code.into(),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return 1006,
            }
        }
    }
}

impl Person {
    /// Requests a token for a lesson room.
    pub async fn asks_for_token(&self, lesson: &Answer) -> Answer {
        self.post(&format!("/lessons/{}/video-token", id_of(lesson)), json!({})).await
    }

    /// Enters a lesson room.
    pub async fn enters(&self, lesson: &Answer) -> RoomSocket {
        let token = self.asks_for_token(lesson).await.is(200);
        let mut room = RoomSocket::connect(&token).await;
        room.gets("welcome").await;
        room
    }

    /// Reads the attendance of a lesson.
    pub async fn reads_attendance(&self, lesson: &Answer) -> Answer {
        self.get(&format!("/lessons/{}/attendance", id_of(lesson))).await
    }
}
