//! The master key: from the configuration, or from a file that is created on first start.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use embedded_servers::write_private;
use rand::TryRngCore;
use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox};

use super::Config;

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
        let failed = |source| MasterKeyError::Io { path: path.clone(), source };
        if !path.try_exists().map_err(failed)? {
            create_key_file(&path).map_err(failed)?;
        }
        let mode = fs::metadata(&path).map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(MasterKeyError::Exposed(path));
        }
        let text = fs::read_to_string(&path).map_err(failed)?;
        parse_key(&text, &path.display().to_string())
    }
}

fn parse_key(text: &str, origin: &str) -> Result<SecretBox<[u8; 32]>, MasterKeyError> {
    let mut key = SecretBox::new(Box::new([0; 32]));
    hex::decode_to_slice(text.trim(), key.expose_secret_mut())
        .map_err(|_| MasterKeyError::NotAKey(origin.into()))?;
    Ok(key)
}

/// Creates the file under another name and links it. Of two concurrent OS processes one succeeds, and a
/// crash leaves no partial key.
fn create_key_file(path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !folder.exists() {
        fs::create_dir_all(folder.parent().unwrap_or(Path::new(".")))?;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut bytes = [0; 32];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(io::Error::other)?;
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let written = write_private(&draft, hex::encode(bytes).as_bytes());
    let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let _ = fs::remove_file(&draft);
    linked?;
    File::open(folder)?.sync_all()
}
