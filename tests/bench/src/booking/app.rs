//! The program as its clients see it: a separate process, called over HTTP.

use std::net::TcpListener;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use domain::{AccountId, SlotId};
use projection_runtime::StreamSettings;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::error::BenchError;
use crate::listening::{drop_stream, own_stream};
use crate::notebook::new_id;
use crate::scratch::Scratch;
use crate::target::Target;

/// Master key of the scratch database.
pub(crate) const MASTER_KEY: [u8; 32] = [7; 32];
/// Limits that are raised, because the clients of the bench would exceed them.
const LIMITS: [&str; 8] = [
    "ACCOUNT_PER_MINUTE",
    "ACCOUNT_BURST",
    "ADDRESS_PER_MINUTE",
    "ADDRESS_BURST",
    "SIGN_IN_PER_MINUTE",
    "SIGN_IN_BURST",
    "REGISTRATION_PER_MINUTE",
    "REGISTRATION_BURST",
];
/// Longest start, in polls.
const READY_ATTEMPTS: usize = 600;

/// A running program; cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    http: Client,
    url: Arc<str>,
    child: Arc<Mutex<Child>>,
    stream: Arc<StreamSettings>,
}

/// A signed-in student.
#[derive(Clone)]
pub(crate) struct Student {
    pub id: AccountId,
    pub bearer: Arc<str>,
}

impl App {
    /// Starts `kafedra serve` on the scratch database and waits until it is ready.
    pub async fn start(target: &Target, scratch: &Scratch) -> Result<Self, BenchError> {
        let up = target.up.as_ref().ok_or(BenchError::Missing("the program `kafedra`"))?;
        let nats_url = target.nats_url.as_deref().ok_or(BenchError::Missing("a NATS server"))?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let stream = own_stream(nats_url);
        let mut command = Command::new(&up.program);
        command
            .args(["serve", "--roles", "api,relay,read-models,processes"])
            .env("DATABASE_URL", &scratch.database.url)
            .env("NATS_URL", nats_url)
            .env("KAFEDRA_NATS__STREAM", &stream.name)
            .env("KAFEDRA_LISTEN__API", address.to_string())
            .env("KAFEDRA_HTTP__CONNECTIONS_PER_NETWORK", "100000")
            .env("KAFEDRA_MASTER_KEY", MASTER_KEY.map(|byte| format!("{byte:02x}")).concat())
            .env_remove("CRM_API_KEY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        for limit in LIMITS {
            command.env(format!("KAFEDRA_HTTP__LIMITS__{limit}"), "100000000");
        }
        let child = Arc::new(Mutex::new(command.spawn()?));
        let http = Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(60))
            .build()
            .map_err(connection_error)?;
        let url = format!("http://{address}").into();
        let app = Self { http, url, child, stream: Arc::new(stream) };
        app.is_ready().await?;
        Ok(app)
    }

    /// Registers new people, each with a session.
    pub async fn students(&self, count: usize) -> Result<Vec<Student>, BenchError> {
        let mut students = Vec::new();
        for _ in 0..count {
            let (handle, password) = (new_id().simple().to_string(), new_id().to_string());
            let form = json!({
                "role": "student",
                "name": "Анна Петрова",
                "nickname": &handle[..30],
                "email": format!("{handle}@bench.example"),
                "password": password,
                "locale": "ru",
                "time_zone": "Europe/Moscow",
            });
            let answer = self.http.post(format!("{}/api/v1/accounts", self.url)).json(&form).send().await;
            let answer = answer.map_err(connection_error)?;
            let status = answer.status();
            let body: Value = answer.json().await.map_err(connection_error)?;
            let id = body["account"]["id"].as_str().and_then(|id| id.parse().ok());
            let (Some(id), Some(token)) = (id, body["token"].as_str()) else {
                return Err(BenchError::Wrong(format!("a registration was answered by {status}: {body}")));
            };
            students.push(Student { id, bearer: token.into() });
        }
        Ok(students)
    }

    /// Books a seat; returns the code of the refusal, if there is one.
    pub async fn book(&self, student: &Student, slot: SlotId) -> Result<Option<String>, BenchError> {
        let url = format!("{}/api/v1/slots/{slot}/bookings", self.url);
        let call = self.http.post(url).bearer_auth(&student.bearer).json(&json!({}));
        let answer = call.send().await.map_err(connection_error)?;
        let status = answer.status();
        let body: Value = answer.json().await.map_err(connection_error)?;
        match (status, body["code"].as_str()) {
            (StatusCode::CREATED, _) => Ok(None),
            (StatusCode::CONFLICT, Some(code)) => Ok(Some(code.to_owned())),
            _ => Err(BenchError::Wrong(format!("a booking was answered by {status}: {body}"))),
        }
    }

    /// Sends one request of each person, one after the other, so that the program caches them.
    pub async fn know(&self, students: &[Student]) -> Result<(), BenchError> {
        for student in students {
            let call = self.http.get(format!("{}/api/v1/me", self.url)).bearer_auth(&student.bearer);
            let status = call.send().await.map_err(connection_error)?.status();
            if status != StatusCode::OK {
                return Err(BenchError::Wrong(format!("a signed-in student was answered by {status}")));
            }
        }
        Ok(())
    }

    /// `address:port`.
    pub fn host(&self) -> &str {
        self.url.strip_prefix("http://").unwrap_or(&self.url)
    }

    pub async fn pid(&self) -> Result<u32, BenchError> {
        let pid = self.child.lock().await.id();
        pid.ok_or_else(|| BenchError::Wrong("the program has ended".to_owned()))
    }

    pub async fn stop(self) -> Result<(), BenchError> {
        self.child.lock().await.kill().await?;
        drop_stream(&self.stream).await
    }

    async fn is_ready(&self) -> Result<(), BenchError> {
        for _ in 0..READY_ATTEMPTS {
            if let Some(status) = self.child.lock().await.try_wait()? {
                return Err(BenchError::Wrong(format!("the program has ended: {status}")));
            }
            let call = self.http.get(format!("{}/health/ready", self.url));
            if call.send().await.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                return Ok(());
            }
            sleep(Duration::from_millis(100)).await;
        }
        Err(BenchError::Wrong("the program is not ready in time".to_owned()))
    }
}

fn connection_error(error: reqwest::Error) -> BenchError {
    BenchError::Wrong(format!("a call was lost: {error}"))
}
