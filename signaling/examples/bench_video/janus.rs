//! The peer: Janus' videoroom from Debian, spoken to over its WebSocket.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::loss::{self, LossFigures};
use super::process::{Server, free_port};
use super::support::Socket;
use super::support::media::Media;
use super::{Figures, load, room};

const PROGRAM: &str = "/usr/bin/janus";
const PLUGINS: &str = "/usr/lib/x86_64-linux-gnu/janus";

pub fn is_installed() -> bool {
    std::path::Path::new(PROGRAM).exists()
}

async fn start(bind: &str) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    for (kind, library) in [("plugins", "libjanus_videoroom.so"), ("transports", "libjanus_websockets.so")] {
        std::fs::create_dir(folder.path().join(kind)).unwrap();
        let from = format!("{PLUGINS}/{kind}/{library}");
        std::os::unix::fs::symlink(from, folder.path().join(kind).join(library)).unwrap();
    }
    let at = |kind: &str| folder.path().join(kind).display().to_string();
    write(
        "janus.jcfg",
        format!(
            "general: {{ configs_folder = \"{}\" plugins_folder = \"{}\" transports_folder = \"{}\" events_folder = \"/nowhere\" loggers_folder = \"/nowhere\" debug_level = 1 }}\n\
             media: {{ ipv6 = false min_nack_queue = 3000 }}\nnat: {{ ice_lite = true full_trickle = false ice_enforce_list = \"{bind}\" }}\n",
            folder.path().display(),
            at("plugins"),
            at("transports"),
        ),
    );
    write(
        "janus.transport.websockets.jcfg",
        format!("general: {{ json = \"compact\" ws = true ws_port = {port} ws_ip = \"{bind}\" }}\n"),
    );
    write(
        "janus.plugin.videoroom.jcfg",
        "room-1: { description = \"bench\" publishers = 100 bitrate = 4000000 audiocodec = \"opus\" videocodec = \"vp8\" audiolevel_ext = false }\n"
            .to_owned(),
    );
    let mut command = Command::new(PROGRAM);
    command.arg("-F").arg(folder.path());
    let server = Server::start(command, format!("{bind}:{port}"), folder).await;
    assert!(server.folder.path().exists());
    server
}

/// One Janus session with its plugin handles.
struct Session {
    socket: Socket,
    id: u64,
    calls: u64,
    events: Vec<Value>,
}

impl Session {
    async fn open(address: &str) -> Self {
        let mut request = format!("ws://{address}/").into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "janus-protocol".parse().unwrap());
        let (socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        let mut session = Self { socket, id: 0, calls: 0, events: Vec::new() };
        let created = session.call(json!({"janus": "create"})).await;
        session.id = created["data"]["id"].as_u64().unwrap();
        session
    }

    async fn attach(&mut self) -> u64 {
        let attached = self.call(json!({"janus": "attach", "plugin": "janus.plugin.videoroom"})).await;
        attached["data"]["id"].as_u64().unwrap()
    }

    /// Sends a message to a handle and returns the plugin's event for it.
    async fn message(&mut self, handle: u64, body: Value, jsep: Option<Value>) -> Value {
        let mut message = json!({"janus": "message", "handle_id": handle, "body": body});
        if let Some(jsep) = jsep {
            message["jsep"] = jsep;
        }
        self.calls += 1;
        let transaction = format!("t{}", self.calls);
        self.send(message, &transaction).await;
        self.until(|event| event["transaction"] == transaction.as_str() && event["janus"] == "event").await
    }

    async fn call(&mut self, message: Value) -> Value {
        self.calls += 1;
        let transaction = format!("t{}", self.calls);
        self.send(message, &transaction).await;
        self.until(|event| event["transaction"] == transaction.as_str()).await
    }

    async fn send(&mut self, mut message: Value, transaction: &str) {
        message["transaction"] = json!(transaction);
        if self.id != 0 {
            message["session_id"] = json!(self.id);
        }
        self.socket.send(Message::Text(message.to_string().into())).await.unwrap();
    }

    async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            if let Some(at) = self.events.iter().position(&fits) {
                return self.events.remove(at);
            }
            let next = tokio::time::timeout(Duration::from_secs(10), self.socket.next()).await;
            let Ok(Some(Ok(Message::Text(text)))) = next else {
                panic!("janus is silent: {:?}", self.events)
            };
            self.events.push(serde_json::from_str(&text).unwrap());
        }
    }
}

pub async fn run(bind: &str, people: usize, seconds: u64) -> Figures {
    let server = start(bind).await;
    let mut media = Vec::new();
    for number in 0..people {
        media.push(Media::new_at(number as u8 + 1, bind).await);
    }
    let sessions = meet(&server, &mut media, false).await;
    let figures = load(&server, &mut media, seconds, 2 * people * (people - 1)).await;
    leave(sessions, &media).await;
    figures
}

/// All send three layers; the first one is received in the high layer, all others in the low one.
pub async fn run_room(bind: &str, people: usize, seconds: u64) -> Figures {
    let server = start(bind).await;
    let mut media = Vec::new();
    for number in 0..people {
        media.push(Media::simulcast_at(number as u8 + 1, bind).await);
    }
    let sessions = meet(&server, &mut media, true).await;
    super::frames(&mut media, Duration::from_secs(3)).await;
    let figures = load(&server, &mut media, seconds, room::packets_per_frame(people)).await;
    leave(sessions, &media).await;
    figures
}

/// A lesson whose people's networks lose packets.
pub async fn run_lossy(bind: &str, seconds: u64) -> LossFigures {
    let (server, network) = (start(bind).await, Arc::default());
    let mut media = loss::people(bind, &network).await;
    let sessions = meet(&server, &mut media, false).await;
    let figures = loss::measure(&network, &mut media, seconds).await;
    leave(sessions, &media).await;
    figures
}

async fn leave(sessions: Vec<Session>, media: &[Media]) {
    for one in media {
        one.close().await;
    }
    drop(sessions);
}

/// Lets all publish and subscribe to all others.
async fn meet(server: &Server, media: &mut [Media], layers: bool) -> Vec<Session> {
    let people = media.len();
    let mut sessions = Vec::new();
    for (number, own) in media.iter_mut().enumerate() {
        let mut session = Session::open(&server.address).await;
        let handle = session.attach().await;
        let join = json!({"request": "join", "ptype": "publisher", "room": 1, "id": number + 1});
        session.message(handle, join, None).await;
        let jsep = json!({"type": "offer", "sdp": own.offer().await, "rid_order": "lmh"});
        let published = session.message(handle, json!({"request": "publish"}), Some(jsep)).await;
        own.accept(published["jsep"]["sdp"].as_str().unwrap_or_else(|| panic!("{published}"))).await;
        // A feed exists once its connection stands.
        let end = std::time::Instant::now() + Duration::from_secs(10);
        while own.publishing_connected.lock().unwrap().is_none() {
            assert!(std::time::Instant::now() < end, "janus does not connect");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        sessions.push(session);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    for (number, (session, own)) in sessions.iter_mut().zip(media).enumerate() {
        let handle = session.attach().await;
        let streams: Vec<Value> =
            (0..people).filter(|other| *other != number).map(|other| json!({"feed": other + 1})).collect();
        let join = json!({"request": "join", "ptype": "subscriber", "room": 1, "streams": streams});
        let offered = session.message(handle, join, None).await;
        let offer = offered["jsep"]["sdp"].as_str().unwrap_or_else(|| panic!("{offered}"));
        let jsep = json!({"type": "answer", "sdp": own.answer(offer).await});
        session.message(handle, json!({"request": "start"}), Some(jsep)).await;
        if layers {
            let streams = offered["plugindata"]["data"]["streams"].as_array().unwrap();
            let choose = |stream: &Value| {
                let layer = if stream["feed_id"] == 1 { 2 } else { 0 };
                json!({"mid": stream["mid"], "substream": layer, "temporal": 2})
            };
            let cameras = streams.iter().filter(|stream| stream["type"] == "video");
            let set: Vec<Value> = cameras.map(choose).collect();
            session.message(handle, json!({"request": "configure", "streams": set}), None).await;
        }
    }
    sessions
}
