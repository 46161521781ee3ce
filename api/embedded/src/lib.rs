//! Private Postgres and NATS servers on one machine, for installations without configured servers.
//! They stop with the OS process that started them.

mod binaries;
mod data_dir;
mod error;
mod lock;
mod nats;
mod owner;
mod postgres;
mod private_file;
mod process;

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

pub use error::EmbeddedError;
pub use lock::ServerAddresses;
pub use private_file::write_private;

use data_dir::DataDir;
use lock::Lock;
use nats::Nats;
use postgres::Postgres;

/// Receives messages for people while servers are found, initialised and started.
pub type Progress<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Settings of the private servers.
#[derive(Clone, Debug)]
pub struct EmbeddedSettings {
    /// Folder of the servers' data, logs, passwords, and the lock.
    pub data_dir: PathBuf,
    /// Folder of the programs that `make setup` has fetched because it could not install them.
    pub tools_dir: PathBuf,
    /// A server to use instead of a private Postgres.
    pub database_url: Option<SecretString>,
    /// A server to use instead of a private NATS.
    pub nats_url: Option<SecretString>,
    /// Folder with `postgres` and `initdb`, instead of found ones.
    pub postgres_bin_dir: Option<PathBuf>,
    /// Path of `nats-server`, instead of a found one.
    pub nats_bin: Option<PathBuf>,
    pub durability: Durability,
}

/// Durability of the data of private servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Data is kept in the data directory and synced to the disk.
    Kept,
    /// Data is in a temporary folder that is removed at the end, and is never synced. For tests.
    Throwaway,
}

/// The addresses of the servers, and the private servers, which stop when this value is dropped.
pub struct Servers {
    pub database_url: String,
    pub nats_url: String,
    postgres: Option<Postgres>,
    nats: Option<Nats>,
    // Dropped last and in this order, so that the lock is free only after all servers have stopped.
    data_dir: Option<DataDir>,
    lock: Option<Lock>,
}

impl Servers {
    /// Starts the servers without a configured address. Both servers accept connections when this returns.
    ///
    /// A server that dies later is restarted on the same address. All servers stop when this value is dropped,
    /// and also when this OS process is killed.
    ///
    /// # Errors
    /// [`EmbeddedError`], whose message says what to do. The function never removes or changes existing data.
    pub async fn start(settings: &EmbeddedSettings, progress: Progress<'_>) -> Result<Self, EmbeddedError> {
        let given = |url: &Option<SecretString>| url.as_ref().map(|url| url.expose_secret().to_owned());
        let (given_database, given_nats) = (given(&settings.database_url), given(&settings.nats_url));
        if let (Some(database_url), Some(nats_url)) = (&given_database, &given_nats) {
            let (database_url, nats_url) = (database_url.clone(), nats_url.clone());
            return Ok(Self {
                database_url,
                nats_url,
                postgres: None,
                nats: None,
                data_dir: None,
                lock: None,
            });
        }
        let (data_dir, lock) = DataDir::open(settings).await?;
        let postgres = async {
            match given_database {
                Some(_) => Ok(None),
                None => Postgres::start(settings, &data_dir, progress).await.map(Some),
            }
        };
        let nats = async {
            match given_nats {
                Some(_) => Ok(None),
                None => Nats::start(settings, &data_dir, progress).await.map(Some),
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
            data_dir: Some(data_dir),
            lock: Some(lock),
        };
        servers.publish()?;
        Ok(servers)
    }

    /// Uses the private servers of another OS process on this data directory, if it runs, and leaves them
    /// running. Otherwise starts servers as [`Servers::start`].
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

    /// Returns the address of the private Postgres with its superuser, for administration.
    pub fn admin_database_url(&self) -> Option<&str> {
        self.postgres.as_ref().map(|postgres| postgres.admin_url.as_str())
    }

    /// Takes from the program the rights that only the first migration needs. Tests keep them.
    ///
    /// # Errors
    /// [`EmbeddedError::Database`] if the private Postgres is unavailable.
    pub async fn finish_setup(&self) -> Result<(), EmbeddedError> {
        match &self.postgres {
            Some(postgres) => postgres.finish_setup().await,
            None => Ok(()),
        }
    }

    /// Returns the current process id of the private Postgres.
    pub fn postgres_pid(&self) -> Option<u32> {
        self.postgres.as_ref().and_then(|postgres| postgres.server.pid())
    }

    /// Returns the current process id of the private NATS.
    pub fn nats_pid(&self) -> Option<u32> {
        self.nats.as_ref().and_then(|nats| nats.server.pid())
    }

    /// Stops the private servers in order: NATS, then Postgres with a checkpoint.
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
        drop(self.data_dir.take());
        drop(self.lock.take());
    }
}

/// Returns the last lines of a server's log, for an error message.
fn log_tail(path: &Path) -> String {
    let text = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
