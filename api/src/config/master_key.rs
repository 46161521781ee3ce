//! The master key: from the configuration, or from a file that is created on first start.

use std::io;
use std::path::PathBuf;

use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox};

use super::Config;
use super::key_file::{KeyFileError, read_or_create};

#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    #[error("{0} is not 64 hexadecimal digits (32 bytes)")]
    NotAKey(String),
    #[error("the master key {} can be read by others: `chmod 600` it", .0.display())]
    Exposed(PathBuf),
    #[error(
        "the database has events, but its master key {} does not exist: restore the file, or set \
         keys.master_key_file",
        .0.display()
    )]
    Missing(PathBuf),
    #[error("the master key {} cannot be read or made", path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl Config {
    /// Returns the 32 bytes that wrap the subject keys. Without `keys.master_key` they are read from
    /// [`Config::master_key_file`], which is created (mode 0600) if it does not exist.
    pub fn master_key(&self) -> Result<SecretBox<[u8; 32]>, MasterKeyError> {
        if let Some(key) = &self.keys.master_key {
            return parse_key(key.expose_secret(), "keys.master_key");
        }
        let path = self.master_key_file();
        let text = match read_or_create(&path) {
            Ok(text) => text,
            Err(KeyFileError::Exposed) => return Err(MasterKeyError::Exposed(path)),
            Err(KeyFileError::Io(source)) => return Err(MasterKeyError::Io { path, source }),
        };
        parse_key(&text, &path.display().to_string())
    }

    /// Returns the master key of a database that has events, like [`Config::master_key`], and creates none.
    ///
    /// # Errors
    /// [`MasterKeyError::Missing`] if the key file does not exist.
    pub fn existing_master_key(&self) -> Result<SecretBox<[u8; 32]>, MasterKeyError> {
        let path = self.master_key_file();
        if self.keys.master_key.is_none() && !path.exists() {
            return Err(MasterKeyError::Missing(path));
        }
        self.master_key()
    }
}

fn parse_key(text: &str, origin: &str) -> Result<SecretBox<[u8; 32]>, MasterKeyError> {
    let mut key = SecretBox::new(Box::new([0; 32]));
    hex::decode_to_slice(text.trim(), key.expose_secret_mut())
        .map_err(|_| MasterKeyError::NotAKey(origin.into()))?;
    Ok(key)
}
