//! Finds the programs of the servers: configured, installed, or fetched into `.tools/`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::EmbeddedSettings;
use super::error::EmbeddedError;

const MIN_POSTGRES: u32 = 15;
const MIN_NATS: (u32, u32) = (2, 9);
/// `nats-server` lies in a folder that is not on an ordinary user's PATH.
const SYSTEM_FOLDERS: [&str; 5] = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin", "/sbin"];

/// `postgres` and `initdb` of one version.
#[derive(Clone, Debug)]
pub(super) struct PostgresBinaries {
    pub bin_dir: PathBuf,
    pub major: u32,
}

/// `nats-server` and its version.
#[derive(Clone, Debug)]
pub(super) struct NatsBinary {
    pub path: PathBuf,
    pub version: (u32, u32),
}

/// Finds the programs of version `wanted` for an existing data directory, or else the first new enough ones.
pub(super) fn find_postgres(
    settings: &EmbeddedSettings,
    data: &Path,
    wanted: Option<u32>,
) -> Result<PostgresBinaries, EmbeddedError> {
    let folders = match &settings.postgres_bin_dir {
        Some(folder) => vec![folder.clone()],
        None => postgres_folders(&settings.tools_dir),
    };
    let mut found = vec![];
    for bin_dir in folders.iter().filter(|folder| folder.join("initdb").exists()) {
        match program_version(&bin_dir.join("postgres")) {
            Ok((major, _)) => found.push(PostgresBinaries { bin_dir: bin_dir.clone(), major }),
            // A configured folder must work; a found one may be a leftover.
            Err(error) if settings.postgres_bin_dir.is_some() => return Err(error),
            Err(error) => tracing::debug!(%error, "program not usable"),
        }
    }
    let chosen = found
        .iter()
        .find(|binaries| wanted.map_or(binaries.major >= MIN_POSTGRES, |major| binaries.major == major));
    match (chosen, wanted) {
        (Some(chosen), _) => Ok(chosen.clone()),
        (None, Some(made_by)) if !found.is_empty() => {
            let found =
                found.iter().map(|binaries| format!("{} ({})", binaries.major, binaries.bin_dir.display()));
            let found = found.collect::<Vec<_>>().join(", ");
            Err(EmbeddedError::OtherVersion { data: data.into(), made_by, found })
        }
        _ => Err(EmbeddedError::PostgresMissing { looked_in: join_unique(&folders) }),
    }
}

pub(super) fn find_nats(settings: &EmbeddedSettings) -> Result<NatsBinary, EmbeddedError> {
    let candidates = match &settings.nats_bin {
        Some(path) => vec![path.clone()],
        None => {
            let mut folders: Vec<PathBuf> = SYSTEM_FOLDERS.iter().map(PathBuf::from).collect();
            folders.extend(search_path());
            folders.push(absolute(&settings.tools_dir));
            folders.into_iter().map(|folder| folder.join("nats-server")).collect()
        }
    };
    for path in candidates.iter().filter(|path| path.exists()) {
        match program_version(path) {
            Ok(version) if version >= MIN_NATS => return Ok(NatsBinary { path: path.clone(), version }),
            Err(error) if settings.nats_bin.is_some() => return Err(error),
            Ok(_) | Err(_) => tracing::debug!(path = %path.display(), "program not usable"),
        }
    }
    Err(EmbeddedError::NatsMissing { looked_in: join_unique(&candidates) })
}

/// Returns the folders to search: Debian's (newest first), PATH, other distributions', `.tools/`.
fn postgres_folders(tools_dir: &Path) -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    debian.sort_by_key(|folder| std::cmp::Reverse(folder_version(folder)));
    let mut folders = debian;
    folders.extend(search_path());
    folders.push("/usr/local/bin".into());
    folders.push("/usr/bin".into());
    folders.push(absolute(tools_dir).join("postgres/bin"));
    folders
}

fn folder_version(bin: &Path) -> u32 {
    let version = bin.parent().and_then(Path::file_name).and_then(OsStr::to_str);
    version.and_then(|version| version.parse().ok()).unwrap_or(0)
}

fn search_path() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.into())
}

/// Parses the output of `--version`: `postgres (PostgreSQL) 15.14 (Debian …)`, `nats-server: v2.9.10`.
fn program_version(program: &Path) -> Result<(u32, u32), EmbeddedError> {
    let bad = |reason: String| EmbeddedError::BadBinary { path: program.into(), reason };
    let output = Command::new(program).arg("--version").output().map_err(|error| bad(error.to_string()))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let version = stdout.split_whitespace().find_map(|word| {
        let mut numbers = word.trim_start_matches('v').split(|c: char| !c.is_ascii_digit());
        let major = numbers.next()?.parse().ok()?;
        Some((major, numbers.next().and_then(|minor| minor.parse().ok()).unwrap_or(0)))
    });
    version.ok_or_else(|| bad(format!("its version cannot be parsed: {stdout}{stderr}")))
}

fn join_unique(paths: &[PathBuf]) -> String {
    let mut seen = vec![];
    for path in paths.iter().map(|path| path.display().to_string()) {
        if !seen.contains(&path) {
            seen.push(path);
        }
    }
    seen.join(", ")
}
