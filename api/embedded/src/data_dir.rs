//! Folders of the private servers, and the user that they run as.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rand::TryRngCore;
use sha2::{Digest, Sha256};

use super::error::{EmbeddedError, IoContext};
use super::lock::Lock;
use super::{Durability, EmbeddedSettings};

/// Folder for root, whose folders (often `/root`, mode 0700) the servers' user cannot reach.
const SERVERS_DIR: &str = "/var/lib/kafedra";
const THROWAWAY_PREFIX: &str = "kafedra-throwaway-";

/// The folders of one run.
pub(super) struct DataDir {
    /// Folder of this program: the lock and the addresses.
    pub data_dir: PathBuf,
    /// Folder of the servers: data, logs and passwords. The same folder, unless their user cannot reach it.
    pub servers_dir: PathBuf,
    pub run_as: RunAs,
    is_throwaway: bool,
}

/// The user that servers run as. Postgres refuses to run as root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunAs {
    CurrentUser,
    User { uid: u32, gid: u32 },
}

impl DataDir {
    /// Creates the folders and acquires their lock.
    pub(super) async fn open(settings: &EmbeddedSettings) -> Result<(Self, Lock), EmbeddedError> {
        let is_throwaway = settings.durability == Durability::Throwaway;
        let data_dir = match settings.durability {
            Durability::Kept => {
                let data_dir =
                    std::path::absolute(&settings.data_dir).context("not a path:", &settings.data_dir)?;
                make_dir(&data_dir).map_err(|error| owner_error(error, &data_dir))?;
                data_dir
            }
            Durability::Throwaway => create_throwaway_dir()?,
        };
        let lock = Lock::acquire(&data_dir).await.map_err(|error| owner_error(error, &data_dir))?;
        let run_as = RunAs::for_owner_of(&data_dir)?;
        let servers_dir = match run_as.can_reach(&data_dir)? {
            true => data_dir.clone(),
            false => Path::new(SERVERS_DIR).join(fingerprint(&data_dir)),
        };
        make_dir(&servers_dir)?;
        let run_as = RunAs::for_owner_of(&servers_dir)?;
        Ok((Self { data_dir, servers_dir, run_as, is_throwaway }, lock))
    }

    /// Returns `program` if the servers' user can run it, else the path of a copy that they can run. `whole` is
    /// the part to copy: the program, or a folder around it.
    pub(super) fn make_runnable(&self, whole: &Path, program: &Path) -> Result<PathBuf, EmbeddedError> {
        if self.run_as.can_reach(program)? {
            return Ok(program.into());
        }
        // Another version at the same path gets another copy. The name stays, so that the process list shows it.
        let modified = fs::metadata(program).context("cannot read", program)?.mtime();
        let folder = Path::new(SERVERS_DIR).join("tools").join(format!("{}-{modified}", fingerprint(whole)));
        let name = Path::new(whole.file_name().unwrap_or_default());
        if !folder.exists() {
            let draft = folder.with_extension("new");
            make_dir(&draft)?;
            let copied = Command::new("cp").arg("-aT").arg(whole).arg(draft.join(name)).status();
            let copied = copied.and_then(|status| match status.success() {
                true => fs::rename(&draft, &folder),
                false => Err(std::io::Error::other(status.to_string())),
            });
            copied.context("cannot copy the servers to", &folder)?;
        }
        match program.strip_prefix(whole) {
            Ok(inside) if inside != Path::new("") => Ok(folder.join(name).join(inside)),
            _ => Ok(folder.join(name)),
        }
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        if self.is_throwaway {
            let _ = fs::remove_dir_all(&self.servers_dir);
            let _ = fs::remove_dir_all(&self.data_dir);
        }
    }
}

impl RunAs {
    /// Chooses the user. For root: the owner of existing data, else `postgres`, else an unprivileged system user.
    fn for_owner_of(dir: &Path) -> Result<Self, EmbeddedError> {
        let own_uid = rustix::process::geteuid().as_raw();
        let owner = ["postgres", "nats"].iter().find_map(|name| fs::metadata(dir.join(name)).ok());
        match owner {
            Some(owner) if own_uid == 0 && owner.uid() != 0 => {
                Ok(Self::User { uid: owner.uid(), gid: owner.gid() })
            }
            Some(owner) if own_uid != 0 && owner.uid() != own_uid => {
                let owner = user_name(owner.uid());
                Err(EmbeddedError::OtherOwner { path: dir.into(), owner })
            }
            _ if own_uid == 0 => {
                let (uid, gid) =
                    find_user("postgres").or_else(|| find_user("nobody")).unwrap_or((65534, 65534));
                Ok(Self::User { uid, gid })
            }
            _ => Ok(Self::CurrentUser),
        }
    }

    /// Returns a command that runs `program` without the environment of this OS process. The program gets
    /// `death_signal` when the spawning thread ends. It has its own process group, so that Ctrl-C does not
    /// reach it.
    pub(super) fn command(self, program: &Path, death_signal: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", death_signal, "--no-new-privs"]).args(self.user_arguments());
        command.arg("--").arg(program);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").current_dir("/");
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.stdin(Stdio::null());
        command
    }

    /// Creates a folder that only the servers' user may enter.
    pub(super) fn make_private_dir(self, path: &Path) -> Result<(), EmbeddedError> {
        match DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            made => made.and_then(|()| self.give_ownership(path)),
        }
        .context("cannot make", path)
    }

    /// Gives a file to the servers' user.
    pub(super) fn give_ownership(self, path: &Path) -> std::io::Result<()> {
        match self {
            Self::CurrentUser => Ok(()),
            Self::User { uid, gid } => chown(path, Some(uid), Some(gid)),
        }
    }

    /// Returns `true` if the user can reach the path. A command run as that user checks it, because modes,
    /// access lists and mounts all matter.
    fn can_reach(self, path: &Path) -> Result<bool, EmbeddedError> {
        if self == Self::CurrentUser {
            return Ok(true);
        }
        let status = Command::new("setpriv")
            .args(self.user_arguments())
            .args(["--", "test", "-x"])
            .arg(path)
            .stderr(Stdio::null())
            .status()
            .map_err(|_| EmbeddedError::SetprivMissing)?;
        Ok(status.success())
    }

    fn user_arguments(self) -> Vec<String> {
        match self {
            Self::CurrentUser => vec![],
            Self::User { uid, gid } => {
                vec![format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".into()]
            }
        }
    }
}

/// Creates a folder for its owner only. The folders of root may be passed through, because the servers inside run
/// as another user; no other user may list them.
fn make_dir(path: &Path) -> Result<(), EmbeddedError> {
    let mode = if rustix::process::geteuid().is_root() { 0o711 } else { 0o700 };
    DirBuilder::new().recursive(true).mode(mode).create(path).context("cannot make", path)
}

/// Replaces a permission error by one that names the owner of the path.
fn owner_error(error: EmbeddedError, path: &Path) -> EmbeddedError {
    let is_forbidden = matches!(&error, EmbeddedError::Io { source, .. }
        if source.kind() == std::io::ErrorKind::PermissionDenied);
    let existing = path.ancestors().find_map(|path| Some((path, fs::metadata(path).ok()?.uid())));
    match existing {
        Some((path, uid)) if is_forbidden => {
            EmbeddedError::OtherOwner { path: path.into(), owner: user_name(uid) }
        }
        _ => error,
    }
}

/// Creates a temporary folder, and removes those of killed runs before. A folder younger than a minute stays,
/// because its run may not have locked it yet.
fn create_throwaway_dir() -> Result<PathBuf, EmbeddedError> {
    let base = std::env::temp_dir();
    for entry in fs::read_dir(&base).context("cannot read", &base)?.flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(THROWAWAY_PREFIX);
        let age = entry.metadata().and_then(|about| about.modified()).map(|at| at.elapsed());
        let is_young = age.is_ok_and(|age| age.is_ok_and(|age| age < Duration::from_secs(60)));
        if is_ours && !is_young && Lock::is_free(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let path = base.join(format!("{THROWAWAY_PREFIX}{}", random_hex(8)));
    make_dir(&path)?;
    Ok(path)
}

/// Returns `bytes` random bytes in hexadecimal digits.
pub(super) fn random_hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    rand::rngs::OsRng.try_fill_bytes(&mut random).expect("the system has randomness");
    hex::encode(random)
}

fn fingerprint(path: &Path) -> String {
    hex::encode(&Sha256::digest(path.as_os_str().as_encoded_bytes())[..8])
}

fn find_user(name: &str) -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let user = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = user.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

fn user_name(uid: u32) -> String {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let named = users.lines().find(|line| line.split(':').nth(2) == Some(&uid.to_string()));
    named.and_then(|line| line.split(':').next()).map_or_else(|| format!("user {uid}"), str::to_owned)
}
