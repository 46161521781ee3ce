//! One CRM in process on a free port, and a client of it.

use crm_mock::Settings;
use jiff::Timestamp;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub const KEY: &str = "a-test-key";

pub struct World {
    pub root: String,
    pub http: Client,
    /// Dropped with the world, which ends the server.
    _stop: oneshot::Sender<()>,
}

pub struct Answer {
    pub status: u16,
    pub body: Value,
}

/// 2026-03-15, noon.
pub fn noon() -> Timestamp {
    "2026-03-15T12:00:00Z".parse().unwrap()
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(Settings { key: KEY.to_owned(), seed: 7, now: noon, only: Vec::new() }).await
    }

    pub async fn start_with(settings: Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(crm_mock::serve_with(listener, settings, async move {
            let _ = stopped.await;
        }));
        Self { root, http: client(), _stop: stop }
    }

    /// A request with the key; `path` is below the API.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api{path}", self.root)).bearer_auth(KEY)
    }

    pub async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> Answer {
        answer(self.request(Method::POST, path).header("Idempotency-Key", key).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        answer(self.request(Method::DELETE, path)).await
    }

    /// A request to a control path, without a key.
    pub async fn control(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.http.request(method, format!("{}{path}", self.root));
        answer(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    pub async fn faults(&self, faults: Value) {
        let told = self.control(Method::POST, "/__faults", Some(faults)).await;
        assert_eq!(told.status, 200, "{}", told.body);
    }

    pub async fn no_faults(&self) {
        assert_eq!(self.control(Method::DELETE, "/__faults", None).await.status, 200);
    }

    pub async fn log(&self) -> Vec<Value> {
        let log = self.control(Method::GET, "/__log", None).await;
        log.data().as_array().unwrap().clone()
    }

    pub async fn total(&self, path: &str) -> u64 {
        self.get(path).await.data()["total"].as_u64().unwrap()
    }
}

impl Answer {
    #[track_caller]
    pub fn data(&self) -> &Value {
        assert_eq!((self.status, &self.body["success"]), (200, &json!(true)), "{}", self.body);
        &self.body["data"]
    }

    #[track_caller]
    pub fn id(&self) -> String {
        self.data()["id"].as_str().unwrap().to_owned()
    }

    /// The fields that a 400 names.
    #[track_caller]
    pub fn wrong_fields(&self) -> Vec<&str> {
        self.is_failure(400);
        self.body["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect()
    }

    #[track_caller]
    pub fn is_failure(&self, status: u16) {
        assert_eq!((self.status, &self.body["success"]), (status, &json!(false)), "{}", self.body);
        assert!(self.body["message"].as_str().is_some_and(|message| !message.is_empty()), "{}", self.body);
    }
}

pub fn client() -> Client {
    // Plain HTTP needs no provider, but the builder requires one; an error of a second installation is
    // harmless.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().timeout(std::time::Duration::from_secs(10)).build().unwrap()
}

pub async fn answer(request: RequestBuilder) -> Answer {
    read(request.send().await.unwrap()).await
}

pub async fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/json");
    Answer { status, body: response.json().await.unwrap() }
}

pub fn student(email: &str) -> Value {
    json!({
        "name": "Анна Иванова", "email": email, "type": "student", "phone": "+7 900 000-00-00",
        "subjects": ["Общие предметы"], "joinDate": "2026-03-15",
    })
}

pub fn welcome_ticket(created_by: &str) -> Value {
    json!({
        "title": "Добро пожаловать, Анна!", "description": "Новый пользователь зарегистрировался.",
        "priority": "medium", "category": "Новые пользователи", "createdBy": created_by,
        "tags": ["регистрация"],
    })
}
