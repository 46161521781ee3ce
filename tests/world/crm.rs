//! The external CRM of a world, in process, and what it says about itself.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::{Answer, Call, Door};

/// An empty CRM; ends with this value.
pub struct Crm {
    pub address: SocketAddr,
    /// Base URL for the program, when it is to go directly.
    pub url: String,
    pub key: String,
    door: Door,
    serving: JoinHandle<()>,
}

impl Crm {
    /// # Panics
    /// No port is free.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let key = format!("crm-key-{:016x}", crate::chance());
        let served = crm_mock::serve(listener, key.clone(), std::future::pending());
        #[expect(clippy::disallowed_methods, reason = "aborted on drop")]
        let serving = tokio::spawn(async move {
            let _ = served.await;
        });
        let url = format!("http://{address}");
        Self { address, url: format!("{url}/api"), key, door: Door::new(url), serving }
    }

    fn call(&self, method: &str, path: &str) -> Call {
        self.door.call(method, &format!("/api{path}")).bearer(&self.key)
    }

    /// `data` of a successful answer.
    pub async fn get(&self, path: &str) -> Value {
        self.call("GET", path).send().await.ok()["data"].clone()
    }

    /// Changes the CRM behind our back.
    pub async fn meddle(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.call(method, path).json(body).send().await.ok()
    }

    /// Every user, over all pages.
    pub async fn users(&self) -> Vec<Value> {
        self.all("/users").await
    }

    /// Every ticket, over all pages.
    pub async fn tickets(&self) -> Vec<Value> {
        self.all("/tickets").await
    }

    async fn all(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        for page in 1.. {
            let answer = self.get(&format!("{path}?page={page}&limit=100")).await;
            rows.extend(answer["data"].as_array().expect("a page").iter().cloned());
            if page >= answer["totalPages"].as_u64().expect("totalPages") {
                break;
            }
        }
        rows
    }

    /// Tells it to misbehave; see `crm-mock`'s README.
    pub async fn misbehaves(&self, faults: Value) {
        self.call("POST", "/__faults").json(&faults).send().await.ok();
    }

    pub async fn behaves(&self) {
        self.call("DELETE", "/__faults").send().await.ok();
    }

    /// What it received, the oldest first.
    pub async fn log(&self) -> Vec<Value> {
        let log = self.get("/__log").await;
        log.as_array().expect("a log").clone()
    }

    /// Empties it: records, log and faults.
    pub async fn forgets_everything(&self) {
        self.call("POST", "/__reset").json(&json!({})).send().await.ok();
    }
}

impl Drop for Crm {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
