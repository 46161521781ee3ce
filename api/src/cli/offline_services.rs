//! Services of commands that do not serve: the database, the log, the keys.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use commands::{Backfill, BackfillError, Bus, LogSettings, MasterKey};
use domain::{Clock, LogError, RandomIds, SystemClock};
use embedded_servers::{Durability, Servers};
use secrecy::ExposeSecret;
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;

use super::print_message;
use crate::auth::DerivedKeys;
use crate::auth::registration::RegistrationService;
use crate::config::Config;
use crate::startup::{connect_options, load_master_key, migrate_on, require_migrated};
use commands::database_pool::{connect_pool, pool_options};

/// An open log and its database; [`OfflineServices::close`] it, so that appends in flight are committed.
pub struct OfflineServices {
    pub config: Config,
    pub bus: Arc<Bus>,
    pub pool: PgPool,
    pub keys: DerivedKeys,
    options: PgConnectOptions,
    master: MasterKey,
    /// Private servers, if no address is configured.
    servers: Option<Servers>,
}

impl OfflineServices {
    /// Connects to the configured Postgres, or to the private one of `kafedra up`. Starts and migrates the
    /// private one if it does not run.
    ///
    /// # Errors
    /// Returns an error if the database is unavailable or not migrated, or the master key cannot be read.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        let servers = match &config.postgres.url {
            Some(_) => None,
            None => Some(Servers::join_or_start(&config.embedded(Durability::Kept), &print_message).await?),
        };
        let url = match (&servers, &config.postgres.url) {
            (Some(servers), _) => servers.database_url.as_str(),
            (None, url) => url.as_ref().map(|url| url.expose_secret()).unwrap_or_default(),
        };
        let options = connect_options(url).context("postgres.url")?;
        let pool = connect(&config, options.clone()).await?;
        if let Some(servers) = &servers {
            migrate_on(servers).await?;
        }
        require_migrated(&pool).await?;
        let master = load_master_key(&config, &pool).await?;
        let settings = LogSettings {
            max_connections: config.postgres.max_connections.div_ceil(2),
            notify_min_interval: Duration::from_millis(config.relay.notify_min_interval_ms),
            ..LogSettings::default()
        };
        let bus = Bus::start(options.clone(), &master, Arc::new(SystemClock), settings).await?;
        let keys = DerivedKeys::derived_from(&master);
        Ok(Self { config, bus, pool, keys, options, master, servers })
    }

    pub fn registration(&self) -> RegistrationService<'_> {
        RegistrationService { pool: &self.pool, bus: &self.bus, keys: &self.keys, ids: &RandomIds }
    }

    /// Starts to fill the log, which is empty, as of past instants.
    ///
    /// # Errors
    /// [`BackfillError`] if the database is unavailable.
    pub async fn backfill(&self) -> Result<Backfill, BackfillError> {
        Backfill::start(&self.options, &self.master).await
    }

    /// Opens the log with another clock, for decisions as of another time. The caller shuts it down.
    ///
    /// # Errors
    /// [`LogError`] if the database is unavailable.
    pub async fn bus_at(&self, clock: Arc<dyn Clock>) -> Result<Arc<Bus>, LogError> {
        let settings = LogSettings { max_connections: 4, ..LogSettings::default() };
        Bus::start(self.options.clone(), &self.master, clock, settings).await
    }

    /// Commits what is under way and stops what was started.
    pub async fn close(self) {
        self.bus.shutdown().await;
        self.pool.close().await;
        if let Some(servers) = self.servers {
            servers.stop().await;
        }
    }
}

/// Half of the connections; the log has the other half.
async fn connect(config: &Config, options: PgConnectOptions) -> anyhow::Result<PgPool> {
    let timeout = Duration::from_millis(config.postgres.acquire_timeout_ms);
    let pool = pool_options(config.postgres.max_connections.div_ceil(2), timeout);
    connect_pool(pool, options).await.context("the database cannot be reached")
}
