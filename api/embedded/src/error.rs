//! Errors of private servers; each message says what to do.

use std::io;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error(
        "PostgreSQL 15 or newer was not found (looked in {looked_in}).\n\
         Install it: `sudo apt-get install postgresql`; or run `make setup`, which needs no root; \
         or set DATABASE_URL to use another server."
    )]
    PostgresMissing { looked_in: String },
    #[error(
        "nats-server 2.9 or newer was not found (looked in {looked_in}).\n\
         Install it: `sudo apt-get install nats-server`; or run `make setup`, which needs no root; \
         or set NATS_URL to use another server."
    )]
    NatsMissing { looked_in: String },
    #[error("`setpriv` was not found; install it: `sudo apt-get install util-linux`")]
    SetprivMissing,
    #[error("{} cannot be run: {reason}", path.display())]
    BadBinary { path: PathBuf, reason: String },
    #[error(
        "another kafedra (process {pid}) runs on {}.\n\
         Stop it first, or choose another folder: KAFEDRA_DATA_DIR=…", data_dir.display()
    )]
    Busy { data_dir: PathBuf, pid: String },
    #[error(
        "{} was made by PostgreSQL {made_by}, but only these versions were found: {found}.\n\
         Nothing was changed. Install PostgreSQL {made_by} (`sudo apt-get install postgresql-{made_by}`), \
         name its folder in KAFEDRA_POSTGRES__BIN_DIR, or choose another folder: KAFEDRA_DATA_DIR=…",
        data.display()
    )]
    OtherVersion { data: PathBuf, made_by: u32, found: String },
    #[error(
        "{} is not a PostgreSQL data directory ({reason}). Nothing was changed.\n\
         Move it, or choose another folder: KAFEDRA_DATA_DIR=…", data.display()
    )]
    NotADataDirectory { data: PathBuf, reason: String },
    #[error(
        "{} belongs to {owner}. Nothing was changed.\n\
         Run as that user or as root, or choose another folder: KAFEDRA_DATA_DIR=…", path.display()
    )]
    OtherOwner { path: PathBuf, owner: String },
    #[error("a {name} of an earlier run (process {pid}) still runs on {} and does not stop", data.display())]
    StillRunning { name: &'static str, pid: i32, data: PathBuf },
    #[error("{name} does not start: {reason}. The end of {}:\n{tail}", log.display())]
    DoesNotStart { name: &'static str, reason: String, log: PathBuf, tail: String },
    #[error("the new database cannot be initialised:\n{output}")]
    Initdb { output: String },
    #[error("the private Postgres refuses the connection: {0}")]
    Database(#[from] sqlx::Error),
    #[error("{action} {}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
}

/// Adds the action and the path to an `io::Error`.
pub(super) trait IoContext<T> {
    fn context(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, EmbeddedError>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn context(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, EmbeddedError> {
        self.map_err(|source| EmbeddedError::Io { action, path: path.into(), source })
    }
}
