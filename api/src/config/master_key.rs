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
}

fn parse_key(text: &str, origin: &str) -> Result<SecretBox<[u8; 32]>, MasterKeyError> {
    let mut key = SecretBox::new(Box::new([0; 32]));
    hex::decode_to_slice(text.trim(), key.expose_secret_mut())
        .map_err(|_| MasterKeyError::NotAKey(origin.into()))?;
    Ok(key)
}
