//! The external CRM of a world, in the test's process, with access to its records.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::{Answer, Call, HttpClient};

/// An empty CRM; it stops when this value is dropped.
pub struct Crm {
    pub address: SocketAddr,
    /// Base URL for a program that connects without a cable.
    pub url: String,
    pub key: String,
    client: HttpClient,
    serving: JoinHandle<()>,
}

impl Crm {
    /// # Panics
    /// If no port is free.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let key = format!("crm-key-{:016x}", crate::random_u64());
        let served = crm_mock::serve(listener, key.clone(), std::future::pending());
        #[expect(clippy::disallowed_methods, reason = "aborted on drop")]
        let serving = tokio::spawn(async move {
            let _ = served.await;
        });
        let url = format!("http://{address}");
        Self { address, url: format!("{url}/api"), key, client: HttpClient::new(url.clone(), url), serving }
    }

    fn call(&self, method: &str, path: &str) -> Call {
        self.client.call(method, &format!("/api{path}")).bearer(&self.key)
    }

    /// `data` of a successful answer.
    pub async fn get(&self, path: &str) -> Value {
        self.call("GET", path).send().await.ok()["data"].clone()
    }

    /// Changes the CRM directly, without the program.
    pub async fn change(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.call(method, path).json(body).send().await.ok()
    }

    /// All users, over all pages.
    pub async fn users(&self) -> Vec<Value> {
        self.all("/users").await
    }

    /// All tickets, over all pages.
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

    /// Sets the faults of the CRM; see `crm-mock`'s README.
    pub async fn injects_faults(&self, faults: Value) {
        self.call("POST", "/__faults").json(&faults).send().await.ok();
    }

    pub async fn clears_faults(&self) {
        self.call("DELETE", "/__faults").send().await.ok();
    }

    /// Serves only these parts of the contract (`users`, `tickets`, `stats`); all of it if empty.
    pub async fn serves_only(&self, parts: &[&str]) {
        self.call("POST", "/__parts").json(&json!({ "only": parts })).send().await.ok();
    }

    /// Requests that the CRM received, oldest first.
    pub async fn log(&self) -> Vec<Value> {
        let log = self.get("/__log").await;
        log.as_array().expect("a log").clone()
    }

    /// Deletes its records, log and faults.
    pub async fn forgets_everything(&self) {
        self.call("POST", "/__reset").json(&json!({})).send().await.ok();
    }
}

impl Drop for Crm {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
