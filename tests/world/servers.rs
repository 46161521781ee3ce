//! Servers of a world: shared by all tests, or private ones that a test may kill or stop.

use std::path::{Path, PathBuf};

use embedded_servers::{Durability, EmbeddedSettings};
use rustix::process::{Pid, Signal, kill_process};

/// Postgres and NATS of a world.
pub enum Servers {
    /// Servers of `DATABASE_URL` and `NATS_URL`; a test never stops them.
    Shared { database_url: String, nats_url: String },
    /// Servers of this world alone. They write through to the disk and restart on their addresses.
    Private(Box<embedded_servers::Servers>),
}

impl Servers {
    /// # Panics
    /// If the tests do not run under `kafedra exec --throwaway --`.
    pub fn shared() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the environment names the servers of the tests")]
        let told = |name: &str| {
            std::env::var(name).unwrap_or_else(|_| panic!("{name}: run under `kafedra exec --throwaway --`"))
        };
        Servers::Shared { database_url: told("DATABASE_URL"), nats_url: told("NATS_URL") }
    }

    /// # Panics
    /// If a server is missing or does not start.
    pub async fn private(data_dir: &Path) -> Self {
        let named = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let settings = EmbeddedSettings {
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

    /// Address of the database with the superuser of the server.
    ///
    /// # Panics
    /// If the server is shared.
    pub fn admin_database_url(&self) -> &str {
        self.own().admin_database_url().expect("a private server has one")
    }

    pub fn nats_url(&self) -> &str {
        match self {
            Servers::Shared { nats_url, .. } => nats_url,
            Servers::Private(servers) => &servers.nats_url,
        }
    }

    /// Process id of the postmaster; `None` while it restarts.
    ///
    /// # Panics
    /// If the server is shared.
    pub fn postgres(&self) -> Option<u32> {
        self.own().postgres_pid()
    }

    /// Process id of `nats-server`; `None` while it restarts.
    pub fn nats(&self) -> Option<u32> {
        self.own().nats_pid()
    }

    /// Stops every OS process of Postgres. Their connections stay open, and the kernel goes on taking new ones.
    ///
    /// # Panics
    /// If the server is shared, or restarts at the moment.
    #[must_use]
    pub fn freezes_postgres(&self) -> Frozen {
        Frozen::tree(self.postgres().expect("Postgres runs"))
    }

    fn own(&self) -> &embedded_servers::Servers {
        match self {
            Servers::Private(servers) => servers,
            Servers::Shared { .. } => panic!("a shared server is not ours to hurt"),
        }
    }
}

/// OS processes of a server that stand still. They go on when this value is dropped.
pub struct Frozen(Vec<u32>);

impl Frozen {
    /// Stops a process and all that it has started. A stopped process starts no further ones.
    fn tree(root: u32) -> Self {
        let mut frozen = Self(vec![root]);
        let mut at = 0;
        while let Some(&pid) = frozen.0.get(at) {
            signal(Some(pid), Signal::STOP);
            is_stopped(pid);
            frozen.0.extend(children_of(pid));
            at += 1;
        }
        frozen
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        self.0.iter().for_each(|pid| signal(Some(*pid), Signal::CONT));
    }
}

/// Returns the state letter and the parent of a process; `None` if it has ended.
fn state_and_parent(pid: u32) -> Option<(char, u32)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses before these fields may have spaces.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// Waits until the kernel has stopped a process: the signal arrives later than its call returns.
fn is_stopped(pid: u32) {
    while state_and_parent(pid).is_some_and(|(state, _)| state != 'T' && state != 'Z') {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

fn children_of(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("the kernel lists its processes");
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter(|pid| state_and_parent(*pid).is_some_and(|(_, of)| of == parent)).collect()
}

/// Sends a signal to a process that this test started; a process that has ended is ignored.
pub fn signal(pid: Option<u32>, signal: Signal) {
    if let Some(pid) = pid.and_then(|pid| Pid::from_raw(pid.cast_signed())) {
        let _ = kill_process(pid, signal);
    }
}
