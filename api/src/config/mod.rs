//! The configuration: `default.toml`, then a file, then the environment, checked and typed.

mod environment;
mod key_file;
mod lesson_requests;
mod master_key;
mod redact;
mod video;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use embedded_servers::{Durability, EmbeddedSettings};
use figment::Figment;
use figment::providers::{Format, Toml};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use environment::Environment;
use lesson_requests::LessonRequests;
pub use master_key::MasterKeyError;
use redact::{redact, redact_url};
pub use video::VideoKeyError;

/// Every setting with its default and a description.
pub const DEFAULTS: &str = include_str!("../../default.toml");

/// The file that is read if none is named.
const DEFAULT_FILE: &str = "kafedra.toml";

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration file {} does not exist", .0.display())]
    FileMissing(PathBuf),
    #[error(
        "the configuration is not valid: {0}\n`kafedra config --defaults` prints every setting with its meaning"
    )]
    Invalid(String),
}

/// The effective settings; `default.toml` describes each.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub data_dir: PathBuf,
    pub tools_dir: PathBuf,
    pub shutdown_grace_ms: u64,
    pub listen: Listen,
    pub web: Web,
    pub log: Log,
    pub postgres: Postgres,
    pub nats: Nats,
    pub keys: KeySettings,
    pub http: Http,
    pub session: SessionSettings,
    pub live: Live,
    pub idempotency: Idempotency,
    pub crm: Crm,
    pub mail: Mail,
    pub video: Video,
    pub relay: Relay,
    pub read_models: ReadModels,
    pub lesson_requests: LessonRequests,
    pub processes: Processes,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Listen {
    pub api: SocketAddr,
    pub metrics: SocketAddr,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    pub dir: PathBuf,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub level: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Json,
    Text,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Postgres {
    #[serde(default, serialize_with = "redact_url", skip_serializing_if = "Option::is_none")]
    pub url: Option<SecretString>,
    pub max_connections: u32,
    pub acquire_timeout_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bin_dir: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Nats {
    #[serde(default, serialize_with = "redact_url", skip_serializing_if = "Option::is_none")]
    pub url: Option<SecretString>,
    pub stream: String,
    pub replicas: usize,
    pub request_timeout_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bin: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KeySettings {
    #[serde(default, serialize_with = "redact", skip_serializing_if = "Option::is_none")]
    pub master_key: Option<SecretString>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub master_key_file: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    pub allowed_origins: Vec<String>,
    pub trusted_proxies: Vec<String>,
    pub connections: usize,
    pub connections_per_network: usize,
    pub first_bytes_ms: u64,
    pub cookie_secure: bool,
    pub phone_region: String,
    pub body_limit_bytes: usize,
    pub upload_limit_bytes: usize,
    pub request_timeout_ms: u64,
    pub min_position_wait_ms: u64,
    pub limits: Limits,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub account_per_minute: u32,
    pub account_burst: u32,
    pub address_per_minute: u32,
    pub address_burst: u32,
    pub sign_in_per_minute: u32,
    pub sign_in_burst: u32,
    pub registration_per_minute: u32,
    pub registration_burst: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SessionSettings {
    pub lifetime_days: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Live {
    pub sockets: usize,
    pub sockets_per_account: usize,
    pub queue: usize,
    pub frame_bytes: usize,
    pub frames_per_second: u32,
    pub frames_burst: u32,
    pub ping_ms: u64,
    pub send_within_ms: u64,
    pub session_check_ms: u64,
    pub presence_ms: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Idempotency {
    pub keep_hours: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Crm {
    pub url: String,
    #[serde(default, serialize_with = "redact", skip_serializing_if = "Option::is_none")]
    pub key: Option<SecretString>,
    pub timeout_ms: u64,
    pub concurrency: usize,
    pub max_attempts: u32,
    pub backoff_base_ms: u64,
    pub backoff_cap_ms: u64,
    pub grace_ms: u64,
    pub circuit: Circuit,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Circuit {
    pub open_after_failures: u32,
    pub open_ms: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub transport: MailTransport,
    #[serde(default, serialize_with = "redact_url", skip_serializing_if = "Option::is_none")]
    pub smtp_url: Option<SecretString>,
    pub from: String,
    pub public_url: String,
    pub timeout_ms: u64,
    pub max_attempts: u32,
    pub backoff_base_ms: u64,
    pub backoff_cap_ms: u64,
    pub digest_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    File,
    Smtp,
    Log,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Video {
    pub enabled: bool,
    pub node: String,
    pub listen: SocketAddr,
    pub media: SocketAddr,
    pub announce: Vec<SocketAddr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    pub origins: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_key_file: Option<PathBuf>,
    pub auto_admit: bool,
    pub turn_urls: Vec<String>,
    #[serde(default, serialize_with = "redact", skip_serializing_if = "Option::is_none")]
    pub turn_secret: Option<SecretString>,
    pub workers: usize,
    pub drain_ms: u64,
    pub development_page: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Relay {
    pub max_in_flight: usize,
    pub poll_ms: u64,
    pub notify_min_interval_ms: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReadModels {
    pub batch: usize,
    pub poll_ms: u64,
    pub allow_downgrade: bool,
    pub revision: i32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Processes {
    pub task_lease_ms: u64,
    pub keep_done_days: u32,
}

impl Config {
    /// Loads the defaults, then `path` (or `./kafedra.toml` if it exists), then the environment.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::from_layers(path, environment.collect())
    }

    /// Loads the configuration as [`Config::load`], with the environment as an argument.
    pub fn from_layers(
        path: Option<&Path>,
        environment: BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let mut layers = Figment::from(Toml::string(DEFAULTS));
        match path {
            Some(path) if !path.is_file() => return Err(ConfigError::FileMissing(path.into())),
            Some(path) => layers = layers.merge(Toml::file_exact(path)),
            None if Path::new(DEFAULT_FILE).is_file() => {
                layers = layers.merge(Toml::file_exact(DEFAULT_FILE))
            }
            None => {}
        }
        let base = layers.clone();
        let config: Self = layers
            .merge(Environment { variables: environment, base })
            .extract()
            .map_err(|error| ConfigError::Invalid(error.to_string().replace("`default.", "`")))?;
        config.validate()?;
        Ok(config)
    }

    /// Returns the effective settings as TOML. Without `show_secrets`, keys and passwords in URLs are
    /// "[redacted]".
    pub fn to_toml(&self, show_secrets: bool) -> String {
        let mut table =
            toml::Table::try_from(self).expect("every setting is a text, a number, a list or a table");
        if show_secrets {
            for (section, key, secret) in self.secrets() {
                let Some(secret) = secret else { continue };
                table[section][key] = secret.expose_secret().into();
            }
        }
        toml::to_string(&table).expect("a table of plain values is always valid TOML")
    }

    /// Returns the settings of the private servers.
    pub fn embedded(&self, durability: Durability) -> EmbeddedSettings {
        EmbeddedSettings {
            data_dir: self.data_dir.clone(),
            tools_dir: self.tools_dir.clone(),
            database_url: self.postgres.url.clone(),
            nats_url: self.nats.url.clone(),
            postgres_bin_dir: self.postgres.bin_dir.clone(),
            nats_bin: self.nats.bin.clone(),
            durability,
        }
    }

    /// Returns the file of the master key, which is read if `keys.master_key` is not set.
    pub fn master_key_file(&self) -> PathBuf {
        self.keys.master_key_file.clone().unwrap_or_else(|| self.data_dir.join("keys/master.key"))
    }

    fn secrets(&self) -> [(&'static str, &'static str, &Option<SecretString>); 6] {
        [
            ("postgres", "url", &self.postgres.url),
            ("nats", "url", &self.nats.url),
            ("keys", "master_key", &self.keys.master_key),
            ("crm", "key", &self.crm.key),
            ("mail", "smtp_url", &self.mail.smtp_url),
            ("video", "turn_secret", &self.video.turn_secret),
        ]
    }

    /// Checks the ranges of settings, which their types cannot express.
    fn validate(&self) -> Result<(), ConfigError> {
        let rules = [
            (self.postgres.max_connections >= 2, "postgres.max_connections is at least 2"),
            (matches!(self.nats.replicas, 1 | 3 | 5), "nats.replicas is 1, 3 or 5"),
            (is_stream_name(&self.nats.stream), "nats.stream is made of letters, digits, - and _"),
            (self.http.connections >= 1, "http.connections is at least 1"),
            (self.http.connections_per_network >= 1, "http.connections_per_network is at least 1"),
            (self.http.first_bytes_ms >= 100, "http.first_bytes_ms is at least 100"),
            (self.session.lifetime_days >= 1, "session.lifetime_days is at least 1"),
            (self.live.queue >= 1, "live.queue is at least 1"),
            ((64..=65_536).contains(&self.live.frame_bytes), "live.frame_bytes is 64 to 65536"),
            (self.live.frames_per_second >= 1, "live.frames_per_second is at least 1"),
            (self.live.frames_burst >= 1, "live.frames_burst is at least 1"),
            (self.live.ping_ms >= 100, "live.ping_ms is at least 100"),
            (self.live.session_check_ms >= 100, "live.session_check_ms is at least 100"),
            (self.live.presence_ms >= 100, "live.presence_ms is at least 100"),
            (self.idempotency.keep_hours >= 24, "idempotency.keep_hours is at least 24"),
            (self.crm.concurrency >= 1, "crm.concurrency is at least 1"),
            (self.crm.max_attempts >= 1, "crm.max_attempts is at least 1"),
            (self.crm.backoff_base_ms >= 1, "crm.backoff_base_ms is at least 1"),
            (self.mail.max_attempts >= 1, "mail.max_attempts is at least 1"),
            (
                self.mail.transport != MailTransport::Smtp || self.mail.smtp_url.is_some(),
                "mail.transport is smtp, but mail.smtp_url is not set",
            ),
            (is_stream_name(&self.video.node), "video.node is made of letters, digits, - and _"),
            (!self.video.media.ip().is_unspecified(), "video.media is a concrete address"),
            (
                self.video.turn_urls.is_empty() || self.video.turn_secret.is_some(),
                "video.turn_urls is set, but video.turn_secret is not",
            ),
            (self.relay.max_in_flight >= 1, "relay.max_in_flight is at least 1"),
            (self.processes.task_lease_ms >= 1000, "processes.task_lease_ms is at least 1000"),
            (self.processes.keep_done_days >= 1, "processes.keep_done_days is at least 1"),
            (self.read_models.batch >= 1, "read_models.batch is at least 1"),
            ((0..=1_000).contains(&self.read_models.revision), "read_models.revision is 0 to 1000"),
        ];
        match rules.into_iter().chain(self.lesson_requests.rules()).find(|(holds, _)| !holds) {
            Some((_, rule)) => Err(ConfigError::Invalid(rule.into())),
            None => Ok(()),
        }
    }
}

fn is_stream_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}
