//! Key files: read by their owner only, and created on first start.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use embedded_servers::write_private;
use rand::TryRngCore;

pub(super) enum KeyFileError {
    /// Others can read the file.
    Exposed,
    Io(io::Error),
}

/// Reads a key in hexadecimal digits. Creates it (32 bytes, mode 0600) if the file does not exist.
///
/// # Errors
/// [`KeyFileError::Exposed`] if others can read it, [`KeyFileError::Io`] if it cannot be read or created.
pub(super) fn read_or_create(path: &Path) -> Result<String, KeyFileError> {
    if !path.try_exists().map_err(KeyFileError::Io)? {
        create_key_file(path).map_err(KeyFileError::Io)?;
    }
    let mode = fs::metadata(path).map_err(KeyFileError::Io)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeyFileError::Exposed);
    }
    fs::read_to_string(path).map_err(KeyFileError::Io)
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
