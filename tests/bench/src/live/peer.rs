//! A Socket.IO server (`peers/socketio`) and its clients, which speak Engine.IO 4 over WebSocket.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::SOCKETS;
use super::memory::{PerSocket, per_socket};
use crate::error::BenchError;
use crate::notebook::new_id;

/// Installed files: exactly the versions of the lock file.
const FILES: [(&str, &str); 3] = [
    ("package.json", include_str!("../../peers/socketio/package.json")),
    ("package-lock.json", include_str!("../../peers/socketio/package-lock.json")),
    ("server.mjs", include_str!("../../peers/socketio/server.mjs")),
];
const SETTLE_PAUSE: Duration = Duration::from_secs(2);

type PeerSocket = WebSocketStream<TcpStream>;
type PeerSink = Arc<Mutex<SplitSink<PeerSocket, Message>>>;

/// The running server; it ends when this value is dropped.
pub(super) struct Peer {
    /// One sender of each pair.
    mouths: Vec<PeerSink>,
    heard: Mutex<mpsc::UnboundedReceiver<(u64, Instant)>>,
    stream: mpsc::UnboundedSender<(u64, Instant)>,
    port: u16,
    /// Sockets; they end when this value is dropped.
    sockets: JoinSet<()>,
    child: Child,
    _folder: TempDir,
}

impl Peer {
    /// Starts the server; `None` if node is missing or its packages cannot be installed.
    pub async fn start() -> Result<Option<Self>, BenchError> {
        let folder = tempfile::tempdir()?;
        for (name, text) in FILES {
            std::fs::write(folder.path().join(name), text)?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--silent"]).current_dir(folder.path());
        npm.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if !npm.status().await.is_ok_and(|status| status.success()) {
            return Ok(None);
        }
        let mut node = Command::new("node");
        node.arg("server.mjs").current_dir(folder.path()).env("NODE_ENV", "production");
        node.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = node.spawn()?;
        let words = child.stdout.take().ok_or_else(|| connection_error("it says nothing"))?;
        let port = BufReader::new(words).lines().next_line().await?;
        let port: u16 =
            port.and_then(|port| port.parse().ok()).ok_or_else(|| connection_error("it names no port"))?;
        sleep(SETTLE_PAUSE).await;
        let (stream, heard) = mpsc::unbounded_channel();
        let (mut mouths, mut sockets) = (Vec::new(), JoinSet::new());
        for number in 0..SOCKETS {
            let (sink, words) = connect(port, number / 2).await?;
            sockets.spawn(listen(words, sink.clone(), stream.clone()));
            if number % 2 == 0 {
                mouths.push(sink);
            }
        }
        sleep(SETTLE_PAUSE).await;
        let heard = Mutex::new(heard);
        Ok(Some(Self { mouths, heard, stream, port, sockets, child, _folder: folder }))
    }

    /// Measures memory by additional sockets, two in each additional pair; the sockets stay.
    pub async fn memory(&mut self) -> Result<PerSocket, BenchError> {
        let Self { port, sockets, stream, child, .. } = self;
        let pid = child.id().ok_or_else(|| connection_error("it has ended"))?;
        per_socket(pid, async |number| {
            let (sink, words) = connect(*port, (SOCKETS + number) / 2).await?;
            sockets.spawn(listen(words, sink, stream.clone()));
            Ok(())
        })
        .await
    }

    /// Sends a message to a pair; returns its number and its instant.
    pub fn send_message(
        &self,
        room: usize,
        number: u64,
    ) -> impl Future<Output = Result<(u64, Instant), BenchError>> + Send + 'static {
        let sink = self.mouths[room].clone();
        async move {
            // The message has as many fields as ours.
            let message = json!({
                "position": number, "type": "message_sent",
                "data": { "conversation_id": new_id(), "message_id": new_id(), "sender_id": new_id(), "sequence": number },
            });
            let text = format!("42{}", json!(["say", room_name(room), message]));
            let begun = Instant::now();
            sink.lock().await.send(Message::Text(text.into())).await.map_err(connection_error)?;
            Ok((number, begun))
        }
    }

    /// Messages received since the last call.
    pub async fn receive_all(&self) -> Vec<(u64, Instant)> {
        let mut heard = self.heard.lock().await;
        std::iter::from_fn(|| heard.try_recv().ok()).collect()
    }
}

fn room_name(room: usize) -> String {
    format!("room {room}")
}

/// A client that has joined its pair.
async fn connect(port: u16, room: usize) -> Result<(PeerSink, SplitStream<PeerSocket>), BenchError> {
    let tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    let url = format!("ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket");
    let (mut socket, _) = tokio_tungstenite::client_async(url, tcp).await.map_err(connection_error)?;
    // Engine.IO opens, Socket.IO connects to the default namespace, and the server acknowledges the join.
    expect(&mut socket, "0").await?;
    socket.send(Message::Text("40".into())).await.map_err(connection_error)?;
    expect(&mut socket, "40").await?;
    let join = format!("420{}", json!(["join", room_name(room)]));
    socket.send(Message::Text(join.into())).await.map_err(connection_error)?;
    expect(&mut socket, "430").await?;
    let (sink, stream) = socket.split();
    Ok((Arc::new(Mutex::new(sink)), stream))
}

async fn expect(socket: &mut PeerSocket, beginning: &str) -> Result<(), BenchError> {
    match socket.next().await {
        Some(Ok(Message::Text(text))) if text.starts_with(beginning) => Ok(()),
        other => Err(connection_error(format!("{beginning} was due, {other:?} came"))),
    }
}

async fn listen(
    mut stream: SplitStream<PeerSocket>,
    sink: PeerSink,
    say: mpsc::UnboundedSender<(u64, Instant)>,
) {
    while let Some(Ok(message)) = stream.next().await {
        let at = Instant::now();
        let Message::Text(text) = message else { continue };
        if text.as_str() == "2" {
            let _ = sink.lock().await.send(Message::Text("3".into())).await;
        } else if let Some(event) = text.strip_prefix("42") {
            let event: Value = serde_json::from_str(event).unwrap_or_default();
            if let Some(number) = event[1]["position"].as_u64() {
                let _ = say.send((number, at));
            }
        }
    }
}

fn connection_error(error: impl std::fmt::Display) -> BenchError {
    BenchError::Peer(error.to_string())
}
