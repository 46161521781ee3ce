//! One application over a database of its own, and a client of its router.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use api::app::{App, AppState};
use api::auth::session::Token;
use api::auth::{DerivedKeys, Passwords};
use api::config::Config;
use api::http::limits::RateLimits;
use api::http::router;
use api::http::settings::HttpSettings;
use api::live::{LiveDeps, LiveSettings, LiveSockets};
use api::ports::Freshness;
use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use commands::database_pool::pool_options;
use commands::{Bus, LogSettings};
use domain::accounts::{AccountCommand, Email, Locale, Nickname, PersonName, Registration};
use domain::{
    AccountId, Clock, Command, CommandContext, Dispatch, EventLog, Ids, Position, RandomIds, Role,
    SystemClock,
};
use fixtures::{TestDatabase, master_key, registration};
use http_body_util::BodyExt;
use jiff_sqlx::ToSqlx;
use metrics_exporter_prometheus::PrometheusBuilder;
use projection_runtime::{Components, ProjectionRuntime, Roles, RuntimeSettings};
use projections::read_models;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt;

/// An application and its router.
pub struct World {
    pub app: AppState,
    pub router: Router,
    _listening: DropGuard,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub bytes: Vec<u8>,
}

/// Freshness without read models: every name is up to date, except `missing`.
struct AlwaysFresh;

/// Freshness with read models.
struct RuntimeFreshness(Arc<ProjectionRuntime>);

#[async_trait::async_trait]
impl Freshness for RuntimeFreshness {
    async fn wait_for(&self, model: &str, position: Position, within: Duration) -> bool {
        self.0.wait_for(model, position, within).await.is_ok()
    }
}

#[async_trait::async_trait]
impl Freshness for AlwaysFresh {
    async fn wait_for(&self, model: &str, _: Position, _: Duration) -> bool {
        model != "missing"
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts with changed settings.
    pub async fn with(change: impl FnOnce(&mut HttpSettings)) -> Self {
        Self::start(change, Roles::NONE).await
    }

    /// Starts with all read models, which read the log from Postgres; [`World::read`] waits for them.
    pub async fn with_read_models() -> Self {
        let patient = |settings: &mut HttpSettings| settings.min_position_wait = Duration::from_secs(30);
        Self::start(patient, Roles { read_models: true, ..Roles::NONE }).await
    }

    async fn start(change: impl FnOnce(&mut HttpSettings), roles: Roles) -> Self {
        let TestDatabase { options, pool } =
            TestDatabase::create_with(pool_options(8, Duration::from_secs(30))).await;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let master = master_key();
        let bus = Bus::start(options, &master, clock.clone(), LogSettings::default());
        let bus = bus.await.unwrap();
        let config = Config::from_layers(None::<&Path>, Default::default()).unwrap();
        let mut settings = HttpSettings::from_config(&config).unwrap();
        settings.limits.registration_per_minute = 10_000;
        settings.limits.registration_burst = 10_000;
        change(&mut settings);
        let parts = Components {
            pool: pool.clone(),
            log: Arc::new(bus.log().clone()),
            committed: bus.committed(),
            clock: clock.clone(),
            read_models: read_models(),
            process_managers: Vec::new(),
            task_handlers: Vec::new(),
        };
        let listening = CancellationToken::new();
        let projections =
            ProjectionRuntime::start(parts, RuntimeSettings::default(), roles, listening.clone());
        let projections = projections.await.unwrap();
        let freshness: Arc<dyn Freshness> = if roles.read_models {
            Arc::new(RuntimeFreshness(projections.clone()))
        } else {
            Arc::new(AlwaysFresh)
        };
        let live = LiveSockets::new(LiveDeps {
            pool: pool.clone(),
            bus: bus.clone(),
            projections: projections.clone(),
            clock: clock.clone(),
            settings: LiveSettings::from(&config.live),
            subject_prefix: config.nats.stream.clone(),
            process: RandomIds.next(),
            stopping: Default::default(),
        });
        let app = Arc::new(App {
            pool,
            bus,
            clock,
            ids: Arc::new(RandomIds),
            keys: DerivedKeys::derived_from(&master),
            passwords: Passwords::new().unwrap(),
            limits: RateLimits::from_settings(&settings.limits),
            freshness,
            live,
            projections,
            crm: None,
            video: Default::default(),
            video_tokens: None,
            checks: Vec::new(),
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            stopping: Default::default(),
            settings,
            demo_people: std::sync::OnceLock::new(),
        });
        let router = router(&app).layer(MockConnectInfo(SocketAddr::from(([203, 0, 113, 7], 4711))));
        Self { app, router, _listening: listening.drop_guard() }
    }

    pub fn pool(&self) -> &PgPool {
        &self.app.pool
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body, bytes }
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request("GET", path, headers, Body::empty())).await
    }

    /// Reads a state that includes all earlier writes, as `auth`.
    pub async fn read(&self, path: &str, auth: &str, headers: &[(&str, &str)]) -> Answer {
        let head = self.app.bus.log().head().await.unwrap().to_string();
        let mut headers = headers.to_vec();
        headers.extend([("authorization", auth), ("min-log-position", head.as_str())]);
        self.get(path, &headers).await
    }

    pub async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/json"));
        self.send(request(method, path, &headers, Body::from(body.to_string()))).await
    }

    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        self.call("POST", path, headers, body).await
    }

    /// Registers a student; returns the answer's body.
    pub async fn student(&self, name: &str) -> Value {
        self.register(&person(name)).await
    }

    /// Registers this person; returns the answer's body.
    pub async fn register(&self, person: &Value) -> Value {
        let answer = self.post("/api/v1/accounts", &[], person).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        answer.body
    }

    /// A signed-in person with this role, as `Authorization`.
    pub async fn signed_in_as(&self, role: Role) -> String {
        self.session_of(self.account_with(role).await).await
    }
}

impl World {
    /// A person with one role, without a password.
    pub async fn account_with(&self, role: Role) -> AccountId {
        let id = AccountId(self.app.ids.next());
        let registration = Registration {
            by_admin: true,
            email: Email::parse(&format!("{role}@example.org")).unwrap(),
            name: PersonName::parse(role.as_str()).unwrap(),
            nickname: Nickname::parse(role.as_str()).unwrap(),
            locale: Locale::En,
            ..registration(id, role)
        };
        let context = CommandContext::of_process("test", id.uuid(), id.uuid(), "register");
        let command = Command::Account(id, AccountCommand::RegisterAccount(registration));
        self.app.bus.dispatch(command, context).await.unwrap();
        id
    }

    /// Ages unfinished rows, so that the sweep handles them.
    pub async fn age_pending_rows(&self) {
        sqlx::query!("update auth.credentials set unsettled_at = unsettled_at - interval '1 hour'")
            .execute(self.pool())
            .await
            .unwrap();
    }

    /// A session without a sign-in, as `Authorization`.
    pub async fn session_of(&self, account_id: AccountId) -> String {
        let token = Token::generate().unwrap();
        let now = self.app.clock.now();
        let session_id: domain::SessionId = self.app.ids.next().into();
        sqlx::query(
            "insert into auth.sessions
               (session_id, account_id, token_hash, user_agent, created_at, expires_at, last_seen_at)
             values ($1, $2, $3, 'test', $4, $4 + interval '1 hour', $4)",
        )
        .bind(session_id.uuid())
        .bind(account_id.uuid())
        .bind(Sha256::digest(URL_SAFE_NO_PAD.decode(token.to_text()).unwrap()).to_vec())
        .bind(now.to_sqlx())
        .execute(self.pool())
        .await
        .unwrap();
        format!("Bearer {}", token.to_text())
    }
}

impl Answer {
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> &Self {
        assert_eq!((self.status.as_u16(), &self.body["code"]), (status, &json!(code)), "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["status"], status);
        for text in ["type", "title", "detail", "trace_id"] {
            assert!(self.body[text].as_str().is_some_and(|text| !text.is_empty()), "{text}: {self:?}");
        }
        self
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).unwrap()
}

pub const PASSWORD: &str = "tuman nad rekoy 42";

pub fn person(name: &str) -> Value {
    json!({
        "email": format!("{name}@example.org"),
        "password": PASSWORD,
        "name": name,
        "nickname": name,
        "role": "student",
    })
}

/// `Authorization` for the token of an answer's body.
pub fn bearer(signed_in: &Value) -> String {
    format!("Bearer {}", signed_in["token"].as_str().unwrap())
}
