//! One installation: its servers, its CRM, its processes, and its people.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Output;

use serde_json::Value;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tempfile::TempDir;

use crate::app::{command, free_ports};
use crate::{
    App, Crm, HttpClient, Newcomer, Person, Servers, Stream, TcpProxy, VideoNode, kafedra, random_u64,
};

/// Process roles of a process that does everything.
const EVERYTHING: &str = "api,relay,read-models,processes";

/// Settings of a world.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Keeps the limits of `default.toml`; otherwise the limits are out of reach.
    pub default_limits: bool,
    /// Private servers that write to the disk and may be killed, behind proxies that may be cut.
    pub own_servers: bool,
    /// Additional variables for every process.
    pub environment: Vec<(&'static str, String)>,
}

/// A running installation; dropping it stops everything.
pub struct World {
    // Drop order: processes end before their servers, the folder goes last.
    pub app: App,
    pub crm: Crm,
    pub pool: PgPool,
    pub stream: Stream,
    pub proxies: Option<Proxies>,
    pub servers: Servers,
    pub master_key: [u8; 32],
    environment: BTreeMap<String, String>,
    pub folder: TempDir,
}

/// Proxies between the processes and their servers.
pub struct Proxies {
    pub postgres: TcpProxy,
    pub nats: TcpProxy,
    pub crm: TcpProxy,
}

impl World {
    pub async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    /// # Panics
    /// If a part does not start; the message names it.
    pub async fn with(settings: Settings) -> Self {
        let folder = tempfile::Builder::new().prefix("kafedra-world-").tempdir().expect("a folder");
        open_to_servers(&folder);
        let servers = match settings.own_servers {
            true => Servers::private(&folder.path().join("servers")).await,
            false => Servers::shared(),
        };
        let database = migrations::throwaway_database(servers.database_url()).await.expect("a database");
        let crm = Crm::start().await;
        let proxies = match settings.own_servers {
            true => Some(Proxies::lay(&database.options, servers.nats_url(), &crm).await),
            false => None,
        };
        let stream_name = format!("t{:016x}", random_u64());
        let master_key: [u8; 32] = rand::random();
        let mut environment = BTreeMap::from([
            ("DATABASE_URL".into(), database.url.clone()),
            ("NATS_URL".into(), servers.nats_url().to_owned()),
            ("CRM_API_URL".into(), crm.url.clone()),
            ("CRM_API_KEY".into(), crm.key.clone()),
            ("KAFEDRA_MASTER_KEY".into(), hex::encode(master_key)),
            ("KAFEDRA_NATS__STREAM".into(), stream_name.clone()),
            ("KAFEDRA_DATA_DIR".into(), folder.path().join("data").display().to_string()),
            ("KAFEDRA_POSTGRES__MAX_CONNECTIONS".into(), "12".into()),
            ("KAFEDRA_CRM__BACKOFF_BASE_MS".into(), "20".into()),
            ("KAFEDRA_CRM__BACKOFF_CAP_MS".into(), "500".into()),
            ("KAFEDRA_CRM__CIRCUIT__OPEN_MS".into(), "300".into()),
            ("KAFEDRA_PROCESSES__TASK_LEASE_MS".into(), "4000".into()),
            // Only tests of lesson rooms need the streams of the video service.
            ("KAFEDRA_VIDEO__ENABLED".into(), "false".into()),
            ("PATH".into(), path()),
            ("RUST_BACKTRACE".into(), "1".into()),
        ]);
        if let Some(proxies) = &proxies {
            proxies.lead(&mut environment, &database.options, servers.nats_url());
        }
        if !settings.default_limits {
            lift_limits(&mut environment);
        }
        environment.extend(settings.environment.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let pool = PgPoolOptions::new().max_connections(4).connect_with(database.options);
        let pool = pool.await.expect("the database answers");
        let stream = Stream::connect(servers.nats_url(), &stream_name).await;
        let app = App::start(environment.clone(), EVERYTHING, folder.path()).await;
        Self { app, crm, pool, stream, proxies, servers, master_key, environment, folder }
    }

    /// Environment of the processes.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    /// Starts a second process of the same installation.
    pub async fn another_app(&self) -> App {
        App::start(self.environment.clone(), EVERYTHING, self.folder.path()).await
    }

    /// Starts a second process of the same installation with other settings.
    pub async fn another_app_with<const N: usize>(&self, settings: [(&str, &str); N]) -> App {
        let mut environment = self.environment.clone();
        environment.extend(settings.map(|(name, value)| (name.to_owned(), value.to_owned())));
        App::start(environment, EVERYTHING, self.folder.path()).await
    }

    /// Starts a process with only these roles: `api`, `relay`, `read-models`, `processes`.
    pub async fn app_with_roles(&self, roles: &'static str) -> App {
        App::start(self.environment.clone(), roles, self.folder.path()).await
    }

    /// Starts a node of the video service, without waiting.
    pub fn starts_video_node(&self, name: &str) -> VideoNode {
        let mut environment = self.environment.clone();
        environment.insert("KAFEDRA_VIDEO__NODE".into(), name.to_owned());
        let [port] = free_ports();
        environment.insert("KAFEDRA_VIDEO__LISTEN".into(), format!("127.0.0.1:{port}"));
        environment.insert("KAFEDRA_VIDEO__MEDIA".into(), "127.0.0.1:0".into());
        VideoNode::start(command(&environment), self.folder.path().join(format!("video-{name}.log")))
    }

    /// Runs a command of the program against this installation.
    pub async fn kafedra(&self, arguments: &[&str]) -> Output {
        kafedra(&self.environment, arguments).await
    }

    pub fn client(&self) -> &HttpClient {
        &self.app.client
    }

    pub fn student(&self) -> Newcomer {
        Newcomer::new(self.client(), "student")
    }

    pub fn teacher(&self) -> Newcomer {
        Newcomer::new(self.client(), "teacher")
    }

    /// Creates an admin with the command line, as the first admin is created.
    ///
    /// # Panics
    /// If the command fails.
    pub async fn admin(&self) -> Person {
        let new = Newcomer::new(self.client(), "admin");
        let made = self
            .kafedra(&[
                "admin",
                "create",
                "--email",
                &new.email,
                "--name",
                &new.name,
                "--nickname",
                &new.nickname,
                "--password",
                &new.password,
            ])
            .await;
        assert!(made.status.success(), "admin create: {}", String::from_utf8_lossy(&made.stderr));
        let account: Value = serde_json::from_slice(&made.stdout).expect("the account as JSON");
        let person = Person {
            client: new.client,
            id: account["id"].as_str().expect("an id").to_owned(),
            email: new.email,
            password: new.password,
            name: new.name,
            nickname: new.nickname,
            phone: new.phone,
            token: String::new(),
            position: 0,
        };
        person.signs_in().await
    }

    pub async fn support(&self, admin: &Person) -> Person {
        self.staff(admin, "support").await
    }

    pub async fn analyst(&self, admin: &Person) -> Person {
        self.staff(admin, "analyst").await
    }

    pub async fn auditor(&self, admin: &Person) -> Person {
        self.staff(admin, "auditor").await
    }

    /// Registers a person; an admin then gives them this role only.
    async fn staff(&self, admin: &Person, role: &str) -> Person {
        let person = self.student().registers().await;
        let path = format!("/admin/accounts/{}/roles", person.id);
        for (action, role) in [("grant", role), ("revoke", "student")] {
            let body =
                serde_json::json!({ "action": action, "role": role, "reason": "the tests need staff" });
            admin.post(&path, body).await.ok();
        }
        person
    }
}

impl Proxies {
    async fn lay(database: &PgConnectOptions, nats_url: &str, crm: &Crm) -> Self {
        let postgres = format!("{}:{}", database.get_host(), database.get_port());
        let to = async |address: &str| {
            let address = tokio::net::lookup_host(address).await.expect("an address").next().expect("one");
            TcpProxy::to(address).await.expect("a free port")
        };
        Self {
            postgres: to(&postgres).await,
            nats: to(&host_of(nats_url)).await,
            crm: TcpProxy::to(crm.address).await.expect("a free port"),
        }
    }

    /// Points the processes at the proxies.
    fn lead(&self, environment: &mut BTreeMap<String, String>, database: &PgConnectOptions, nats_url: &str) {
        use sqlx::ConnectOptions;
        let through = |address: SocketAddr| (address.ip().to_string(), address.port());
        let (host, port) = through(self.postgres.address);
        let database = database.clone().host(&host).port(port).to_url_lossy().to_string();
        environment.insert("DATABASE_URL".into(), database);
        let nats = nats_url.replace(&host_of(nats_url), &self.nats.address.to_string());
        environment.insert("NATS_URL".into(), nats);
        environment.insert("CRM_API_URL".into(), format!("http://{}/api", self.crm.address));
    }
}

/// `host:port` of `nats://user:password@host:port`.
fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.trim_end_matches('/').to_owned()
}

fn lift_limits(environment: &mut BTreeMap<String, String>) {
    environment.insert("KAFEDRA_HTTP__CONNECTIONS_PER_NETWORK".into(), "10000".into());
    let limits = [
        "ACCOUNT_PER_MINUTE",
        "ACCOUNT_BURST",
        "ADDRESS_PER_MINUTE",
        "ADDRESS_BURST",
        "SIGN_IN_PER_MINUTE",
        "SIGN_IN_BURST",
        "REGISTRATION_PER_MINUTE",
        "REGISTRATION_BURST",
    ];
    for limit in limits {
        environment.insert(format!("KAFEDRA_HTTP__LIMITS__{limit}"), "1000000".into());
    }
}

/// Opens the folder for private servers, which may run as another user than root.
fn open_to_servers(folder: &TempDir) {
    use std::os::unix::fs::PermissionsExt;
    let open = std::fs::Permissions::from_mode(0o711);
    std::fs::set_permissions(folder.path(), open).expect("the folder belongs to the test");
}

fn path() -> String {
    std::env::var_os("PATH").and_then(|path| path.into_string().ok()).unwrap_or_default()
}
