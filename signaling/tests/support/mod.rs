//! A real node, and people who speak the protocol with real media connections, without a browser.

#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, reason = "support of tests fails like a test")]

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use signaling::cluster::{Alone, Placement};
use signaling::config::Config;
use signaling::protocol::{Grants, Role};
use signaling::server::{Node, NodeHandle, NodeParts};
use signaling::token::{Claims, MAX_LIFE, TokenKey};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, protocol::CloseFrame};
use uuid::Uuid;

pub mod browser;
pub mod link;
pub mod lossy;
pub mod media;
pub mod nats;
pub mod peer;
pub mod pictures;
pub mod recorder;

pub type Socket =
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

pub fn key() -> TokenKey {
    TokenKey::try_new(vec![7; 32]).unwrap()
}

pub fn now() -> Timestamp {
    domain::Clock::now(&domain::SystemClock)
}

pub fn id() -> Uuid {
    domain::Ids::next(&domain::RandomIds)
}

/// A node on free ports of this machine.
pub struct Server {
    pub handle: NodeHandle,
    pub alone: Arc<Alone>,
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::local("a");
        change(&mut config);
        let listener = tokio::net::TcpListener::bind(config.listen).await.unwrap();
        config.url = format!("ws://{}/rtc", listener.local_addr().unwrap());
        let placement = Placement { node: config.node.clone(), url: config.url.clone() };
        let alone = Arc::new(Alone::new(placement));
        let parts = NodeParts {
            config,
            key: key(),
            cluster: alone.clone(),
            clock: Arc::new(domain::SystemClock),
            ids: Arc::new(domain::RandomIds),
        };
        Self { handle: Node::start(parts, listener).await.unwrap(), alone }
    }

    pub fn node(&self) -> &Node {
        &self.handle.node
    }

    pub fn url(&self) -> String {
        format!("ws://{}/rtc", self.handle.address)
    }

    pub fn page(&self) -> String {
        format!("http://{}/", self.handle.address)
    }

    pub fn counter(&self, name: &str) -> u64 {
        let all = self.node().engine.counters().all();
        all.iter().find(|counted| counted.name == name).unwrap_or_else(|| panic!("no counter {name}")).value
    }
}

pub fn claims(lesson: Uuid, participant: Uuid, role: Role) -> Claims {
    let now = now();
    Claims {
        id: id(),
        node: "a".into(),
        lesson,
        participant,
        name: format!("{role:?}"),
        role,
        grants: Grants::of_role(role),
        starts_at: now - SignedDuration::from_mins(1),
        ends_at: now + SignedDuration::from_hours(1),
        auto_admit: true,
        issued_at: now,
        expires_at: now + MAX_LIFE,
    }
}

/// Checks every frame of every test against the published schema.
pub struct Schema {
    client: jsonschema::Validator,
    server: jsonschema::Validator,
}

impl Schema {
    /// Returns the schema, which is compiled once.
    pub fn shared() -> Arc<Self> {
        static SHARED: LazyLock<Arc<Schema>> = LazyLock::new(|| Arc::new(Schema::load()));
        Arc::clone(&SHARED)
    }

    pub fn load() -> Self {
        let of = |name: &str| {
            let mut document = signaling::protocol::schema();
            document.as_object_mut().unwrap().remove("anyOf");
            document["$ref"] = json!(format!("#/$defs/{name}"));
            jsonschema::validator_for(&document).unwrap()
        };
        Self { client: of("ClientFrame"), server: of("ServerFrame") }
    }

    pub fn check_server(&self, frame: &Value) {
        assert!(self.server.is_valid(frame), "not of the schema: {frame}");
    }

    pub fn check_client(&self, frame: &Value) {
        assert!(self.client.is_valid(frame), "not of the schema: {frame}");
    }
}

fn request(url: &str) -> tokio_tungstenite::tungstenite::handshake::client::Request {
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "kafedra.rtc.v1".parse().unwrap());
    request
}

/// Opens a socket over a connection that the test has made.
pub async fn upgrade(url: &str, stream: tokio::net::TcpStream) -> Socket {
    let stream = tokio_tungstenite::MaybeTlsStream::Plain(stream);
    tokio_tungstenite::client_async(request(url), stream).await.unwrap().0
}

pub async fn connect(url: &str, origin: Option<&str>) -> Result<Socket, String> {
    let mut request = request(url);
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    tokio_tungstenite::connect_async(request)
        .await
        .map(|(socket, _)| socket)
        .map_err(|error| error.to_string())
}

/// A person's socket: sends requests and keeps what arrives.
pub struct Person {
    pub socket: Socket,
    pub lesson: Uuid,
    pub id: Uuid,
    pub sid: String,
    pub secret: String,
    pub last_seq: u64,
    pub inbox: Vec<Value>,
    pub closed: Option<u16>,
    pub schema: Arc<Schema>,
    pub requests: u64,
}

impl Person {
    pub async fn joins(server: &Server, lesson: Uuid, role: Role) -> Self {
        Self::joins_as(server, claims(lesson, id(), role)).await
    }

    pub async fn joins_as(server: &Server, claims: Claims) -> Self {
        let token = key().sign(&claims);
        let hello = json!({"t": "hello", "d": {"token": token}});
        Self::says_hello(&server.url(), hello, claims.lesson, claims.participant).await
    }

    /// Creates a person who has sent no frame.
    pub fn silent(socket: Socket) -> Self {
        Self {
            socket,
            lesson: Uuid::nil(),
            id: Uuid::nil(),
            sid: String::new(),
            secret: String::new(),
            last_seq: 0,
            inbox: Vec::new(),
            closed: None,
            schema: Schema::shared(),
            requests: 0,
        }
    }

    pub async fn says_hello(url: &str, hello: Value, lesson: Uuid, participant: Uuid) -> Self {
        let socket = connect(url, None).await.unwrap();
        let mut person = Self { lesson, id: participant, ..Self::silent(socket) };
        person.send(hello).await;
        if let Some(welcome) = person.try_wait("welcome").await {
            person.sid = welcome["d"]["sid"].as_str().unwrap().to_owned();
            person.secret = welcome["d"]["resume_secret"].as_str().unwrap().to_owned();
        }
        person
    }

    /// Returns the frame that takes the session up again.
    pub fn resume(&self) -> Value {
        json!({"t": "hello", "d": {"resume":
            {"sid": self.sid, "secret": self.secret, "last_seq": self.last_seq}}})
    }

    /// Loses the socket and takes the session up on a new one.
    pub async fn resumes(&self, url: &str) -> Self {
        Self::says_hello(url, self.resume(), self.lesson, self.id).await
    }

    pub async fn send(&mut self, frame: Value) {
        self.schema.check_client(&frame);
        self.send_raw(&frame.to_string()).await;
    }

    pub async fn send_raw(&mut self, text: &str) {
        // A closed socket is noticed when reading.
        let _ = self.socket.send(Message::Text(text.into())).await;
    }

    /// Sends a request and returns its `ok` or `error`.
    pub async fn asks(&mut self, kind: &str, data: Value) -> Value {
        self.requests += 1;
        let request = self.requests;
        let mut frame = json!({"t": kind, "id": request});
        if !data.is_null() {
            frame["d"] = data;
        }
        self.send(frame).await;
        self.wait_for(|frame| frame["re"] == request && (frame["t"] == "ok" || frame["t"] == "error"))
            .await
            .unwrap_or_else(|| panic!("no answer to {kind}; closed {:?}; {:?}", self.closed, self.inbox))
    }

    pub async fn asks_ok(&mut self, kind: &str, data: Value) {
        let answer = self.asks(kind, data).await;
        assert_eq!(answer["t"], "ok", "{kind}: {answer}");
    }

    pub async fn is_refused(&mut self, kind: &str, data: Value) -> String {
        let answer = self.asks(kind, data).await;
        assert_eq!(answer["t"], "error", "{kind}: {answer}");
        answer["d"]["code"].as_str().unwrap().to_owned()
    }

    pub async fn wait(&mut self, kind: &str) -> Value {
        let found = self.try_wait(kind).await;
        found.unwrap_or_else(|| panic!("no {kind}; closed {:?}; inbox {:#?}", self.closed, self.inbox))
    }

    pub async fn try_wait(&mut self, kind: &str) -> Option<Value> {
        self.wait_for(|frame| frame["t"] == kind).await
    }

    /// Returns the first frame that fits and removes it; `None` after 5 s or at the close.
    pub async fn wait_for(&mut self, fits: impl Fn(&Value) -> bool) -> Option<Value> {
        let end = Instant::now() + Duration::from_secs(5);
        loop {
            if let Some(at) = self.inbox.iter().position(&fits) {
                return Some(self.inbox.remove(at));
            }
            let left = end.saturating_duration_since(Instant::now());
            if self.closed.is_some() || left.is_zero() || !self.read(left).await {
                return self.inbox.iter().position(&fits).map(|at| self.inbox.remove(at));
            }
        }
    }

    /// Reads for a while and keeps everything.
    pub async fn listens(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while self.closed.is_none() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || !self.read(left).await {
                return;
            }
        }
    }

    /// Reads what has arrived by now and forgets it.
    pub async fn drains(&mut self) {
        while self.closed.is_none() && self.read(Duration::from_millis(1)).await {}
        self.inbox.clear();
    }

    async fn read(&mut self, within: Duration) -> bool {
        match tokio::time::timeout(within, self.socket.next()).await {
            Ok(Some(Ok(Message::Text(text)))) => {
                let frame: Value = serde_json::from_str(&text).unwrap();
                self.schema.check_server(&frame);
                self.last_seq = self.last_seq.max(frame["seq"].as_u64().unwrap());
                self.inbox.push(frame);
                true
            }
            Ok(Some(Ok(Message::Close(Some(CloseFrame { code, .. }))))) => {
                self.closed = Some(code.into());
                true
            }
            Ok(Some(Ok(_))) => true,
            Ok(Some(Err(_)) | None) => {
                self.closed.get_or_insert(1006);
                false
            }
            Err(_) => false,
        }
    }

    /// Waits for the close and returns its code.
    pub async fn is_closed(&mut self) -> u16 {
        self.listens(Duration::from_secs(8)).await;
        self.closed.unwrap_or_else(|| panic!("the socket is open; {:?}", self.inbox))
    }
}

/// Tries until it holds, for ten seconds.
pub async fn eventually(what: &str, holds: impl AsyncFnMut() -> bool) {
    within(Duration::from_secs(10), what, holds).await;
}

/// Tries until it holds, for some time.
pub async fn within(time: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + time;
    while !holds().await {
        assert!(Instant::now() < end, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
