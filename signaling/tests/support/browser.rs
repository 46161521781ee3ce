//! Headless Chromium over its DevTools protocol: tabs in windows of their own, and JavaScript in them.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use super::{Schema, Socket, id};

const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-port=0",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks,CalculateNativeWinOcclusion",
];

/// Returns Chromium, or `None` where it is not installed. Where tests must be complete, it must be there.
fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = names
        .iter()
        .flat_map(|name| {
            ["/usr/bin", "/usr/local/bin", "/snap/bin"].map(|folder| PathBuf::from(folder).join(name))
        })
        .find(|path| path.exists());
    assert!(found.is_some() || option_env!("CI").is_none(), "CI needs chromium: .ci/setup");
    found
}

/// The protocol's socket, the number of its last call, and what every frame of a page must be.
struct Connection {
    socket: Socket,
    calls: u64,
    schema: Schema,
}

impl Connection {
    /// Checks the frames of the video protocol that a page sends and receives.
    fn check(&self, event: &Value) {
        let payload = event["params"]["response"]["payloadData"].as_str().unwrap_or_default();
        let Ok(frame) = serde_json::from_str::<Value>(payload) else { return };
        match event["method"].as_str() {
            Some("Network.webSocketFrameSent") => self.schema.check_client(&frame),
            Some("Network.webSocketFrameReceived") => self.schema.check_server(&frame),
            _ => {}
        }
    }
}

/// A running browser; it ends with this value.
pub struct Browser {
    child: Child,
    _profile: tempfile::TempDir,
    connection: Arc<Mutex<Connection>>,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The process may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Browser {
    pub async fn start() -> Option<Self> {
        let program = chromium()?;
        let profile = tempfile::tempdir().unwrap();
        let child = Command::new(program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port_file = profile.path().join("DevToolsActivePort");
        let end = Instant::now() + Duration::from_secs(30);
        let address = loop {
            let text = std::fs::read_to_string(&port_file).unwrap_or_default();
            if let Some((port, path)) = text.trim().split_once('\n') {
                break format!("ws://127.0.0.1:{port}{path}");
            }
            assert!(Instant::now() < end, "chromium does not start");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let (socket, _) = tokio_tungstenite::connect_async(address).await.unwrap();
        let connection = Connection { socket, calls: 0, schema: Schema::load() };
        Some(Self { child, _profile: profile, connection: Arc::new(Mutex::new(connection)) })
    }

    /// Opens a page in a window and a profile of its own.
    pub async fn open(&self, page: &str) -> Tab {
        let context = self.call(None, "Target.createBrowserContext", json!({})).await;
        let context = context["browserContextId"].as_str().unwrap().to_owned();
        let target = self
            .call(
                None,
                "Target.createTarget",
                json!({"url": page, "browserContextId": context, "newWindow": true, "width": 1400, "height": 900}),
            )
            .await;
        let target = target["targetId"].as_str().unwrap().to_owned();
        let attached =
            self.call(None, "Target.attachToTarget", json!({"targetId": target, "flatten": true})).await;
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        let tab = Tab { connection: Arc::clone(&self.connection), session, id: id() };
        call(&tab.connection, Some(&tab.session), "Network.enable", json!({})).await;
        tab.until("location.href !== 'about:blank' && document.readyState === 'complete'").await;
        tab.js(include_str!("person.js")).await;
        tab.until("window.ready").await;
        tab
    }

    async fn call(&self, session: Option<&str>, method: &str, params: Value) -> Value {
        call(&self.connection, session, method, params).await
    }
}

async fn call(connection: &Mutex<Connection>, session: Option<&str>, method: &str, params: Value) -> Value {
    let mut connection = connection.lock().await;
    connection.calls += 1;
    let number = connection.calls;
    let mut message = json!({"id": number, "method": method, "params": params});
    if let Some(session) = session {
        message["sessionId"] = json!(session);
    }
    connection.socket.send(Message::Text(message.to_string().into())).await.unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let next = tokio::time::timeout(left, connection.socket.next()).await;
        let next = next.unwrap_or_else(|_| panic!("{method} takes too long: {params}"));
        let Some(Ok(Message::Text(text))) = next else { continue };
        let answer: Value = serde_json::from_str(&text).unwrap();
        if answer["id"] == number {
            assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
            return answer["result"].clone();
        }
        connection.check(&answer);
    }
}

/// One tab: one person.
pub struct Tab {
    connection: Arc<Mutex<Connection>>,
    session: String,
    /// Participant of the person in this tab.
    pub id: Uuid,
}

impl Tab {
    /// Runs JavaScript and returns its value, awaited.
    pub async fn js(&self, code: &str) -> Value {
        let params =
            json!({"expression": code, "awaitPromise": true, "returnByValue": true, "userGesture": true});
        let result = call(&self.connection, Some(&self.session), "Runtime.evaluate", params).await;
        let failed = &result["exceptionDetails"];
        assert!(failed.is_null(), "{code}: {}", failed["exception"]["description"]);
        result["result"]["value"].clone()
    }

    /// Waits until an expression is true, up to 20 s.
    pub async fn until(&self, code: &str) {
        self.until_within(Duration::from_secs(20), code).await;
    }

    /// Waits until an expression is true, up to some time.
    pub async fn until_within(&self, time: Duration, code: &str) {
        let end = Instant::now() + time;
        loop {
            let value = self.js(&format!("(async () => Boolean({code}))()")).await;
            if value == true {
                return;
            }
            assert!(Instant::now() < end, "not in time: {code}; {}", self.state().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn state(&self) -> Value {
        self.js("person.describe()").await
    }

    pub async fn joins(&self, lesson: Uuid, role: &str, color: &str, hertz: u32) {
        self.joins_with(lesson, role, color, hertz, json!({})).await;
    }

    pub async fn joins_with(&self, lesson: Uuid, role: &str, color: &str, hertz: u32, more: Value) {
        let mut options = json!({"name": format!("{role} {color}"), "role": role, "lesson": lesson,
            "id": self.id, "color": color, "hertz": hertz});
        for (name, value) in more.as_object().unwrap() {
            options[name] = value.clone();
        }
        self.js(&format!("person.join({options})")).await;
    }

    pub fn track(&self, source: &str) -> String {
        format!("{}:{source}", self.id)
    }

    /// Waits until the other's picture decodes here in this colour.
    pub async fn sees(&self, other: &Tab, source: &str, color: &str) {
        self.until(&format!("person.color('{}') === '{color}'", other.track(source))).await;
    }

    /// Waits until the other's tone is heard here.
    pub async fn hears(&self, other: &Tab, hertz: u32) {
        let track = other.track("mic");
        self.until(&format!("Math.abs(person.tone('{track}') - {hertz}) < 30")).await;
    }

    pub async fn received(&self, other: &Tab, source: &str) -> Value {
        self.js(&format!("person.received('{}')", other.track(source))).await
    }

    /// Writes a picture of the tab.
    pub async fn screenshot(&self, path: &str) {
        use base64::Engine as _;
        let result =
            call(&self.connection, Some(&self.session), "Page.captureScreenshot", json!({"format": "png"}))
                .await;
        let data = result["data"].as_str().unwrap();
        std::fs::write(path, base64::engine::general_purpose::STANDARD.decode(data).unwrap()).unwrap();
    }
}
