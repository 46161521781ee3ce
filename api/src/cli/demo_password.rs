//! The password of all demo people: generated once, stored in the data directory.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use embedded_servers::write_private;
use rand::TryRngCore;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// Name inside the data directory.
const FILE: &str = "demo.json";

#[derive(Debug, thiserror::Error)]
pub enum DemoPasswordError {
    #[error("{} is not a valid password file; remove it, and a new password is generated", .0.display())]
    NotReadable(PathBuf),
    #[error("{} cannot be read or created", path.display())]
    Io { path: PathBuf, source: io::Error },
}

#[derive(Deserialize, Serialize)]
struct DemoFile {
    password: String,
}

/// Returns the password from `<data_dir>/demo.json` (mode 0600), which is created if it does not exist.
///
/// # Errors
/// [`DemoPasswordError`] if the file cannot be read, created or parsed.
pub fn demo_password(data_dir: &Path) -> Result<SecretString, DemoPasswordError> {
    let path = data_dir.join(FILE);
    let failed = |source| DemoPasswordError::Io { path: path.clone(), source };
    if !path.try_exists().map_err(failed)? {
        create_file(data_dir, &path).map_err(failed)?;
    }
    let text = fs::read_to_string(&path).map_err(failed)?;
    let kept: DemoFile =
        serde_json::from_str(&text).map_err(|_| DemoPasswordError::NotReadable(path.clone()))?;
    Ok(kept.password.into())
}

/// Generates a password that can be typed: 80 random bits in groups of letters and digits.
///
/// # Errors
/// Returns an error if the system has no randomness.
pub fn generate_password() -> io::Result<SecretString> {
    // Letters and digits that look alike are left out.
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyzACDEFGHKL";
    let mut bytes = [0; 16];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(io::Error::other)?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-").into())
}

/// Creates the file by a link, so that of two concurrent OS processes one succeeds.
fn create_file(data_dir: &Path, path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir)?;
    let kept = DemoFile { password: generate_password()?.expose_secret().to_owned() };
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let text = serde_json::to_string(&kept).expect("a text is valid JSON");
    let linked = write_private(&draft, text.as_bytes()).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let _ = fs::remove_file(&draft);
    linked
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_demo_password_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path().join("data");
        let first = demo_password(&data_dir).unwrap();
        assert!(first.expose_secret().len() >= 16);
        assert_eq!(first.expose_secret(), demo_password(&data_dir).unwrap().expose_secret());
        let mode = fs::metadata(data_dir.join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
