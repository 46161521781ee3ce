//! Lock of a data directory, and the addresses of the servers that run on it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::{EmbeddedError, IoContext};
use crate::private_file::write_private;

/// File names inside the data directory.
const LOCK_FILE: &str = "lock";
const ADDRESSES_FILE: &str = "servers.toml";

/// A reader of [`ServerAddresses`] holds the shared lock for a moment; a starting OS process waits that long.
const READER_TIMEOUT: Duration = Duration::from_millis(300);

/// Lock that is held while servers run on a data directory. The kernel frees it when the OS process exits.
pub(super) struct Lock {
    /// The open file is the lock.
    _file: File,
    data_dir: PathBuf,
}

/// Addresses of the private servers that are running.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ServerAddresses {
    pub database_url: String,
    pub nats_url: String,
}

impl Lock {
    pub(super) async fn acquire(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let path = data_dir.join(LOCK_FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .context("cannot write", &path)?;
        let deadline = tokio::time::Instant::now() + READER_TIMEOUT;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if tokio::time::Instant::now() < deadline => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(TryLockError::WouldBlock) => {
                    let pid = fs::read_to_string(&path).unwrap_or_default().trim().to_owned();
                    return Err(EmbeddedError::Busy { data_dir: data_dir.into(), pid });
                }
                Err(TryLockError::Error(source)) => return Err(source).context("cannot lock", &path),
            }
        }
        let written = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        written.context("cannot write", &path)?;
        let lock = Self { _file: file, data_dir: data_dir.into() };
        // A killed run may have left its addresses.
        lock.withdraw();
        Ok(lock)
    }

    /// Returns `true` if the lock of this folder is free.
    pub(super) fn is_free(data_dir: &Path) -> bool {
        File::open(data_dir.join(LOCK_FILE)).is_ok_and(|file| file.try_lock_shared().is_ok())
    }

    /// Writes the addresses for other commands on this data directory. The file contains passwords: mode 0600.
    pub(super) fn publish(&self, addresses: &ServerAddresses) -> Result<(), EmbeddedError> {
        let path = self.data_dir.join(ADDRESSES_FILE);
        let text = toml::to_string(addresses).expect("two texts are valid TOML");
        let draft = path.with_extension("new");
        write_private(&draft, text.as_bytes())
            .and_then(|()| fs::rename(&draft, &path))
            .context("cannot write", &path)
    }

    pub(super) fn withdraw(&self) {
        // A missing file is fine.
        let _ = fs::remove_file(self.data_dir.join(ADDRESSES_FILE));
    }
}

impl ServerAddresses {
    /// Returns the servers that a running OS process has on this data directory.
    pub fn read(data_dir: &Path) -> Option<Self> {
        if Lock::is_free(data_dir) {
            return None;
        }
        toml::from_str(&fs::read_to_string(data_dir.join(ADDRESSES_FILE)).ok()?).ok()
    }
}
