//! An installation with the process managers of the CRM, and a CRM on a free port.

use std::future::IntoFuture;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crm_sync::deliveries::{CrmDeliveries, DeliveryFilter, DeliveryView, list_deliveries};
use crm_sync::{Backoff, CircuitPolicy, CrmDelivery, CrmIntegration, CrmServer, CrmSettings};
use domain::accounts::{AccountCommand, Email, PersonName, Phone, Registration};
use domain::{AccountId, Command, Dispatch, Ids, RandomIds, Receipt, Role, SystemClock};
use fixtures::{Installation, Listeners, Running, eventually, person, registration};
use jiff::{SignedDuration, Timestamp};
use projection_runtime::{ProjectionRuntime, RuntimeSettings};
use projections::HandlerContext;
use projections::support::{WelcomeTicket, WelcomeTicketHandler};
use rand::SeedableRng;
use rand::rngs::StdRng;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

pub const KEY: &str = "a-key-that-nobody-may-see";

pub struct World {
    installation: Installation<SystemClock>,
    pub crm: Arc<CrmIntegration>,
    pub welcome: WelcomeTicketHandler,
    pub root: String,
    http: reqwest::Client,
    running: Running,
    _serving: DropGuard,
}

impl Deref for World {
    type Target = Installation<SystemClock>;

    fn deref(&self) -> &Self::Target {
        &self.installation
    }
}

pub struct Person {
    pub id: AccountId,
    pub name: String,
    pub email: String,
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
        let installation = Installation::start().await;
        let serving = CancellationToken::new();
        let root = serve(key, memory, serving.clone()).await;
        let (pool, log, clock) = (installation.pool.clone(), installation.log(), installation.clock.clone());
        let dispatch: Arc<dyn Dispatch> = installation.bus.clone();
        let crm = CrmIntegration::new(
            settings(CrmServer::new(format!("{root}/api"), SecretString::from(KEY))),
            pool,
            log.clone(),
            dispatch.clone(),
            clock.clone(),
            Arc::new(RandomIds),
            StdRng::seed_from_u64(7),
        )
        .unwrap();
        let welcome = WelcomeTicketHandler(HandlerContext { log, dispatch, clock });
        let listeners = Listeners {
            read_models: vec![Arc::new(CrmDeliveries)],
            process_managers: vec![Arc::new(WelcomeTicket), Arc::new(CrmDelivery)],
            task_handlers: vec![Arc::new(crm.handler()), Arc::new(welcome.clone())],
        };
        let running = installation.runs_with(listeners, RuntimeSettings::default()).await;
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap();
        Self { installation, crm, welcome, root, http, running, _serving: serving.drop_guard() }
    }

    pub fn projections(&self) -> &ProjectionRuntime {
        &self.running.projections
    }

    pub async fn registers(&self, role: Role, name: &str) -> Person {
        self.registers_with(role, name, &format!("P{}@example.com", RandomIds.next().simple())).await
    }

    pub async fn registers_with(&self, role: Role, name: &str, email: &str) -> Person {
        let registration = Registration {
            by_admin: role.is_staff(),
            email: Email::parse(email).unwrap(),
            name: PersonName::parse(name).unwrap(),
            phone: Some(Phone::parse("+79991234567").unwrap()),
            ..registration(person(), role)
        };
        let id = self.registers_as(registration).await;
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
        self.tries(Command::Account(id, command)).await.unwrap()
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
        eventually(&format!("{people} people are delivered"), async || {
            let deliveries = self.deliveries().await;
            let done = |delivery: &DeliveryView| delivery.status.as_str() == "delivered";
            deliveries.len() == 2 * people && deliveries.iter().all(done)
        })
        .await;
    }

    pub async fn deliveries(&self) -> Vec<DeliveryView> {
        list_deliveries(&self.pool, DeliveryFilter::default(), None, 10_000).await.unwrap()
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

    /// Serves only these parts of the contract; all of it if empty.
    pub async fn serves_only(&self, parts: &[&str]) {
        assert_eq!(
            self.call(Method::POST, "/__parts", Some(json!({ "only": parts }))).await["success"],
            true
        );
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
    let settings = crm_mock::Settings { key: key.to_owned(), seed: 7, now: Timestamp::now, only: Vec::new() };
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
