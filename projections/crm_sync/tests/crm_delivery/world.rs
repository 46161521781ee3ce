//! An installation with its log, its process managers and a CRM on a free port.

use std::future::{Future, IntoFuture};
use std::sync::Arc;
use std::time::Duration;

use commands::{Bus, LogSettings, MasterKey};
use crm_sync::deliveries::{CrmDeliveries, DeliveryFilter, DeliveryView, list_deliveries};
use crm_sync::{Backoff, CircuitPolicy, CrmDelivery, CrmIntegration, CrmServer, CrmSettings};
use domain::accounts::{
    AccountCommand, Email, Locale, Nickname, PersonName, Phone, Registration, TimeZoneName,
};
use domain::{
    AccountId, Actor, Clock, Command, CommandContext, CommandId, Dispatch, EventLog, Ids, RandomIds, Receipt,
    Role, Source, SystemClock,
};
use jiff::{SignedDuration, Timestamp};
use migrations::throwaway_database;
use projection_runtime::{Components, ProjectionRuntime, Roles, RuntimeSettings};
use projections::HandlerContext;
use projections::support::{WelcomeTicket, WelcomeTicketHandler};
use rand::SeedableRng;
use rand::rngs::StdRng;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub const KEY: &str = "a-key-that-nobody-may-see";

pub struct World {
    pub pool: PgPool,
    pub bus: Arc<Bus>,
    pub crm: Arc<CrmIntegration>,
    pub welcome: WelcomeTicketHandler,
    pub projections: Arc<ProjectionRuntime>,
    pub root: String,
    http: reqwest::Client,
    cancel: CancellationToken,
}

pub struct Person {
    pub id: AccountId,
    pub name: String,
    pub email: String,
}

impl Drop for World {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// Settings with short delays and without abandonment.
pub fn patient(server: CrmServer) -> CrmSettings {
    CrmSettings {
        concurrency: 8,
        server: CrmServer { connect_timeout_ms: 500, timeout_ms: 500, ..server },
        backoff: Backoff { first_ms: 10, cap_ms: 150 },
        circuit: CircuitPolicy { threshold: 5, open_ms: 20, open_cap_ms: 100, probe_ms: 1_000 },
        max_attempts: 10_000,
        grace: SignedDuration::ZERO,
    }
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(patient, KEY).await
    }

    /// Starts with settings; `key` is the key that the CRM expects.
    pub async fn start_with(settings: impl FnOnce(CrmServer) -> CrmSettings, key: &str) -> Self {
        Self::start_beside(Memory::OfKeys, settings, key).await
    }

    /// Starts with a CRM that ignores the `Idempotency-Key`.
    pub async fn start_beside_an_older_crm() -> Self {
        Self::start_beside(Memory::None, patient, KEY).await
    }

    async fn start_beside(
        memory: Memory,
        settings: impl FnOnce(CrmServer) -> CrmSettings,
        key: &str,
    ) -> Self {
        let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres server");
        let database = throwaway_database(&server).await.unwrap();
        let pool = PgPool::connect_with(database.options.clone()).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let bus = Bus::start(
            database.options,
            &MasterKey::new([7; 32]),
            clock.clone(),
            LogSettings { max_connections: 4, ..LogSettings::default() },
        )
        .await
        .unwrap();
        let cancel = CancellationToken::new();
        let root = serve(key, memory, cancel.clone()).await;
        let log: Arc<dyn EventLog> = Arc::new(bus.log().clone());
        let dispatch: Arc<dyn Dispatch> = bus.clone();
        let crm = CrmIntegration::new(
            settings(CrmServer::new(format!("{root}/api"), SecretString::from(KEY))),
            pool.clone(),
            log.clone(),
            dispatch.clone(),
            clock.clone(),
            Arc::new(RandomIds),
            StdRng::seed_from_u64(7),
        )
        .unwrap();
        let welcome =
            WelcomeTicketHandler(HandlerContext { log: log.clone(), dispatch, clock: clock.clone() });
        let parts = Components {
            pool: pool.clone(),
            log,
            committed: bus.committed(),
            clock,
            read_models: vec![Arc::new(CrmDeliveries)],
            process_managers: vec![Arc::new(WelcomeTicket), Arc::new(CrmDelivery)],
            task_handlers: vec![Arc::new(crm.handler()), Arc::new(welcome.clone())],
        };
        let projections =
            ProjectionRuntime::start(parts, RuntimeSettings::default(), Roles::ALL, cancel.clone())
                .await
                .unwrap();
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap();
        Self { pool, bus, crm, welcome, projections, root, http, cancel }
    }

    pub async fn registers(&self, role: Role, name: &str) -> Person {
        self.registers_with(role, name, &format!("P{}@example.com", RandomIds.next().simple())).await
    }

    pub async fn registers_with(&self, role: Role, name: &str, email: &str) -> Person {
        let id = AccountId(RandomIds.next());
        let handle = id.to_string().replace('-', "");
        let registration = Registration {
            account_id: id,
            role,
            by_admin: role.is_staff(),
            email: Email::parse(email).unwrap(),
            name: PersonName::parse(name).unwrap(),
            nickname: Nickname::parse(&handle[..30]).unwrap(),
            phone: Some(Phone::parse("+79991234567").unwrap()),
            locale: Locale::Ru,
            time_zone: TimeZoneName::default(),
            terms_version: "1".to_owned(),
        };
        self.account(id, AccountCommand::RegisterAccount(registration)).await;
        Person { id, name: name.to_owned(), email: email.to_owned() }
    }

    pub async fn register_many(&self, count: usize) -> Vec<Person> {
        let numbers: Vec<usize> = (0..count).collect();
        let mut people = Vec::new();
        for number in numbers {
            let role = if number % 3 == 0 { Role::Teacher } else { Role::Student };
            people.push(self.registers(role, &format!("Ученик {number}")).await);
        }
        people
    }

    pub async fn account(&self, id: AccountId, command: AccountCommand) -> Receipt {
        self.bus.dispatch(Command::Account(id, command), asked()).await.unwrap()
    }

    /// Occupies the queue of this person with a task that does not end.
    pub async fn hold_lane_of(&self, person: &Person) {
        sqlx::query(
            "insert into process.tasks (id, process, kind, key, lane, payload, due_at, recorded_at, state,
               leased_until, cause, cause_position, correlation_id)
             values ($1, 'test', 'held', $2, $2, '{}', now(), now(), 'running', 'infinity', $1, 0, $1)",
        )
        .bind(RandomIds.next())
        .bind(format!("crm:{}", person.id))
        .execute(&self.pool)
        .await
        .unwrap();
    }

    pub async fn release_lane_of(&self, person: &Person) {
        sqlx::query("delete from process.tasks where kind = 'held' and key = $1")
            .bind(format!("crm:{}", person.id))
            .execute(&self.pool)
            .await
            .unwrap();
    }

    /// Waits until the read model shows every delivery as delivered.
    pub async fn all_delivered(&self, people: usize) {
        eventually(&format!("{people} people are delivered"), || async {
            let deliveries = self.deliveries().await;
            let done = |delivery: &DeliveryView| delivery.status.as_str() == "delivered";
            deliveries.len() == 2 * people && deliveries.iter().all(done)
        })
        .await;
    }

    /// Waits until no task is left.
    pub async fn all_quiet(&self) {
        eventually("no task is left and the read model has seen everything", || async {
            let quiet: bool = sqlx::query_scalar(
                "select not exists (select from process.tasks where state in ('waiting', 'running'))
                   and (select min(position) from process.checkpoints) = (select position from log.head)
                   and (select min(position) from projection.checkpoints) = (select position from log.head)",
            )
            .fetch_one(&self.pool)
            .await
            .unwrap_or(false);
            quiet
        })
        .await;
    }

    pub async fn deliveries(&self) -> Vec<DeliveryView> {
        list_deliveries(&self.pool, DeliveryFilter::default(), None, 10_000).await.unwrap()
    }

    /// Number of events of this type in the log.
    pub async fn events(&self, event_type: &str) -> i64 {
        sqlx::query_scalar("select count(*) from log.events where event_type = $1")
            .bind(event_type)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    pub async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, &format!("/api{path}"), None).await["data"].clone()
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, &format!("/api{path}"), Some(body)).await["data"].clone()
    }

    pub async fn put(&self, path: &str, body: Value) {
        self.call(Method::PUT, &format!("/api{path}"), Some(body)).await;
    }

    pub async fn delete(&self, path: &str) {
        self.call(Method::DELETE, &format!("/api{path}"), None).await;
    }

    pub async fn faults(&self, faults: Value) {
        assert_eq!(self.call(Method::POST, "/__faults", Some(faults)).await["success"], true);
    }

    pub async fn no_faults(&self) {
        self.call(Method::DELETE, "/__faults", None).await;
    }

    pub async fn crm_reset(&self) {
        self.call(Method::POST, "/__reset", None).await;
    }

    /// Requests that the CRM received, oldest first.
    pub async fn received(&self) -> Vec<Value> {
        self.call(Method::GET, "/__log", None).await["data"].as_array().unwrap().clone()
    }

    pub async fn all(&self, path: &str) -> Vec<Value> {
        let mut records = Vec::new();
        for page in 1.. {
            let page = self.get(&format!("{path}?limit=100&page={page}")).await;
            let found = page["data"].as_array().unwrap().clone();
            if found.is_empty() {
                break;
            }
            records.extend(found);
        }
        records
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let request = self.http.request(method, format!("{}{path}", self.root)).bearer_auth(KEY);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Asserts that both sides are equal: every person once, with every field and one welcome ticket.
    pub async fn both_sides_are_equal(&self, people: &[Person]) {
        let (users, tickets) = (self.all("/users").await, self.all("/tickets").await);
        assert_eq!(users.len(), people.len(), "users there");
        for person in people {
            let theirs: Vec<_> = users.iter().filter(|user| user["email"] == person.email.as_str()).collect();
            assert_eq!(theirs.len(), 1, "users with one address");
            assert_eq!(theirs[0]["name"], person.name.as_str());
            assert_eq!(theirs[0]["status"], "active");
            assert_eq!(theirs[0]["subjects"], json!(["Общие предметы"]));
            let id = person.id.to_string();
            let opened: Vec<_> = tickets.iter().filter(|ticket| ticket["createdBy"] == id.as_str()).collect();
            assert_eq!(opened.len(), 1, "tickets of one person");
            assert_eq!(opened[0]["title"], format!("Добро пожаловать, {}!", person.name));
        }
    }
}

/// Support of idempotency keys by the CRM.
#[derive(PartialEq)]
enum Memory {
    OfKeys,
    None,
}

async fn serve(key: &str, memory: Memory, cancel: CancellationToken) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let settings = crm_mock::Settings { key: key.to_owned(), seed: 7, now: Timestamp::now };
    if memory == Memory::OfKeys {
        tokio::spawn(crm_mock::serve_with(listener, settings, async move { cancel.cancelled().await }));
        return root;
    }
    let forget = axum::middleware::map_request(|mut request: axum::extract::Request| async {
        request.headers_mut().remove("idempotency-key");
        request
    });
    let crm = crm_mock::router_with(settings).layer(forget);
    tokio::spawn(axum::serve(listener, crm).with_graceful_shutdown(cancel.cancelled_owned()).into_future());
    root
}

/// Context of an admin's command.
pub fn asked() -> CommandContext {
    let id = RandomIds.next();
    CommandContext {
        actor: Actor::system("test"),
        role: None,
        source: Source::Cli,
        correlation_id: id,
        causation_id: None,
        command_id: CommandId(id),
        traceparent: None,
        expected_version: None,
    }
}

/// Waits until the condition holds, at most half a minute.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    for _ in 0..1_500 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never came true: {what}");
}
