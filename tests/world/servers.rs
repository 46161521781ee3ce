//! The servers of a world: those that all tests share, or private ones that may be killed.

use std::path::{Path, PathBuf};

use embedded_servers::{Durability, Embedded};
use rustix::process::{Pid, Signal, kill_process};

/// Where Postgres and NATS are.
pub enum Servers {
    /// Of `DATABASE_URL` and `NATS_URL`; never touched by a test.
    Shared { database_url: String, nats_url: String },
    /// Of this world alone, writing through to the disk, started again on their addresses when they die.
    Private(Box<embedded_servers::Servers>),
}

impl Servers {
    /// # Panics
    /// The tests do not run under `kafedra exec --throwaway --`.
    pub fn shared() -> Self {
        #[expect(clippy::disallowed_methods, reason = "tests are told their servers by the environment")]
        let told = |name: &str| {
            std::env::var(name).unwrap_or_else(|_| panic!("{name}: run under `kafedra exec --throwaway --`"))
        };
        Servers::Shared { database_url: told("DATABASE_URL"), nats_url: told("NATS_URL") }
    }

    /// # Panics
    /// No server can be found or started.
    pub async fn private(data_dir: &Path) -> Self {
        let named = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let settings = Embedded {
            data_dir: data_dir.into(),
            tools_dir: named("KAFEDRA_TOOLS_DIR")
                .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools")),
            database_url: None,
            nats_url: None,
            postgres_bin_dir: named("KAFEDRA_POSTGRES__BIN_DIR"),
            nats_bin: named("KAFEDRA_NATS__BIN"),
            durability: Durability::Kept,
        };
        let started = embedded_servers::Servers::start(&settings, &|_| {}).await;
        Servers::Private(Box::new(started.expect("private servers start: see `make setup`")))
    }

    pub fn database_url(&self) -> &str {
        match self {
            Servers::Shared { database_url, .. } => database_url,
            Servers::Private(servers) => &servers.database_url,
        }
    }

    pub fn nats_url(&self) -> &str {
        match self {
            Servers::Shared { nats_url, .. } => nats_url,
            Servers::Private(servers) => &servers.nats_url,
        }
    }

    /// The postmaster at this moment; none while it is being started again.
    ///
    /// # Panics
    /// The server is shared.
    pub fn postgres(&self) -> Option<u32> {
        self.own().postgres_pid()
    }

    /// The same of `nats-server`.
    pub fn nats(&self) -> Option<u32> {
        self.own().nats_pid()
    }

    fn own(&self) -> &embedded_servers::Servers {
        match self {
            Servers::Private(servers) => servers,
            Servers::Shared { .. } => panic!("a shared server is not ours to hurt"),
        }
    }
}

/// Sends a signal to a process that this test started; one that has ended is not missed.
pub fn signal(pid: Option<u32>, signal: Signal) {
    if let Some(pid) = pid.and_then(|pid| Pid::from_raw(pid.cast_signed())) {
        let _ = kill_process(pid, signal);
    }
}
