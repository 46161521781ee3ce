//! Private Postgres and NATS servers for one machine: started when no address is configured, ended with us.

mod binaries;
mod error;
mod home;
mod lock;
mod nats;
mod postgres;
mod private_file;
mod process;

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

pub use error::EmbeddedError;
pub use lock::ServerAddresses;
pub use private_file::write_private;

use home::DataDir;
use lock::Lock;
use nats::Nats;
use postgres::Postgres;

/// What is said to a person while servers are found, initialised and started.
pub type Progress<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// What to start, and where.
#[derive(Clone, Debug)]
pub struct EmbeddedSettings {
    /// Holds the servers' data, logs, passwords, and the lock.
    pub data_dir: PathBuf,
    /// Holds the binaries that `make setup` fetched where it could not install.
    pub tools_dir: PathBuf,
    /// A server to use instead of a private Postgres.
    pub database_url: Option<SecretString>,
    /// A server to use instead of a private NATS.
    pub nats_url: Option<SecretString>,
    /// Folder with `postgres` and `initdb`, instead of those that are found.
    pub postgres_bin_dir: Option<PathBuf>,
    /// Path of `nats-server`, instead of the one that is found.
    pub nats_bin: Option<PathBuf>,
    pub durability: Durability,
}

/// Whether what the servers are told shall survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Kept in the data directory, written through to the disk.
    Kept,
    /// In a temporary folder that is removed at the end, never synced: for tests.
    Throwaway,
}

/// The addresses of the servers to use, and the private ones among them, which end with this value.
pub struct Servers {
    pub database_url: String,
    pub nats_url: String,
    postgres: Option<Postgres>,
    nats: Option<Nats>,
    // Dropped last and in this order: the lock is free only when nothing runs any more.
    home: Option<DataDir>,
    lock: Option<Lock>,
}

impl Servers {
    /// Starts the servers whose address is not given; both answer when this returns.
    ///
    /// A server that dies later is started again on its old address. All end with this value, and also
    /// when this process is killed.
    ///
    /// # Errors
    /// Every [`EmbeddedError`] says what to do. Data is never removed or changed to get out of one.
    pub async fn start(settings: &EmbeddedSettings, progress: Progress<'_>) -> Result<Self, EmbeddedError> {
        let given = |url: &Option<SecretString>| url.as_ref().map(|url| url.expose_secret().to_owned());
        let (given_database, given_nats) = (given(&settings.database_url), given(&settings.nats_url));
        if let (Some(database_url), Some(nats_url)) = (&given_database, &given_nats) {
            let (database_url, nats_url) = (database_url.clone(), nats_url.clone());
            return Ok(Self { database_url, nats_url, postgres: None, nats: None, home: None, lock: None });
        }
        let (home, lock) = DataDir::open(settings).await?;
        let postgres = async {
            match given_database {
                Some(_) => Ok(None),
                None => Postgres::start(settings, &home, progress).await.map(Some),
            }
        };
        let nats = async {
            match given_nats {
                Some(_) => Ok(None),
                None => Nats::start(settings, &home, progress).await.map(Some),
            }
        };
        let (postgres, nats) = tokio::join!(postgres, nats);
        let (postgres, nats) = (postgres?, nats?);
        let database_url = postgres.as_ref().map(|server| server.url.clone());
        let nats_url = nats.as_ref().map(|server| server.url.clone());
        let servers = Self {
            database_url: database_url.or(given_database).expect("given or started"),
            nats_url: nats_url.or(given_nats).expect("given or started"),
            postgres,
            nats,
            home: Some(home),
            lock: Some(lock),
        };
        servers.publish()?;
        Ok(servers)
    }

    /// The same, but if another process of this data directory already runs its private servers, theirs
    /// are used and are left addresses at the end.
    pub async fn join_or_start(
        settings: &EmbeddedSettings,
        progress: Progress<'_>,
    ) -> Result<Self, EmbeddedError> {
        match (settings.durability, ServerAddresses::read(&settings.data_dir)) {
            (Durability::Kept, Some(addresses)) => {
                let mut theirs = settings.clone();
                theirs.database_url.get_or_insert(addresses.database_url.into());
                theirs.nats_url.get_or_insert(addresses.nats_url.into());
                Self::start(&theirs, progress).await
            }
            _ => Self::start(settings, progress).await,
        }
    }

    /// Process id of the private Postgres at this moment.
    pub fn postgres_pid(&self) -> Option<u32> {
        self.postgres.as_ref().and_then(|postgres| postgres.server.pid())
    }

    /// Process id of the private NATS at this moment.
    pub fn nats_pid(&self) -> Option<u32> {
        self.nats.as_ref().and_then(|nats| nats.server.pid())
    }

    /// Ends the private servers in order: NATS, then Postgres with a checkpoint.
    pub async fn stop(self) {
        tokio::task::spawn_blocking(move || drop(self)).await.expect("ending servers does not panic");
    }

    fn publish(&self) -> Result<(), EmbeddedError> {
        let Some(lock) = &self.lock else { return Ok(()) };
        let (database_url, nats_url) = (self.database_url.clone(), self.nats_url.clone());
        lock.publish(&ServerAddresses { database_url, nats_url })
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        if let Some(lock) = &self.lock {
            lock.withdraw();
        }
        drop(self.nats.take());
        drop(self.postgres.take());
        drop(self.home.take());
        drop(self.lock.take());
    }
}

/// The last lines of a server's log, for an error message.
fn log_tail(path: &Path) -> String {
    let text = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
