//! A private Postgres: initialised once, on loopback, with a random password.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tokio::time::Instant;

use super::binaries::{PostgresBinaries, find_postgres};
use super::data_dir::{DataDir, random_hex};
use super::error::{EmbeddedError, IoContext};
use super::owner::{DATABASE, OWNER, forbid_roles, prepare};
use super::process::{Server, rotate_log, stop_stale_server};
use super::{Durability, EmbeddedSettings, Progress, log_tail};
use crate::private_file::write_private;

/// Superuser of the server, for administration only.
const ADMIN: &str = "kafedra";
/// Longest start, which includes the recovery after a kill.
const START_TIMEOUT: Duration = Duration::from_secs(120);
/// Number of ports that are tried. Another program may take a free port before the server listens on it.
const MAX_PORT_ATTEMPTS: u32 = 5;

pub(super) struct Postgres {
    /// Address of the database with the role that owns it.
    pub url: String,
    /// Address of the database with the superuser.
    pub admin_url: String,
    pub server: Server,
    durability: Durability,
}

/// A data directory and the programs of its version.
struct Cluster<'a> {
    data_dir: &'a DataDir,
    data: PathBuf,
    log: PathBuf,
    password: String,
    owner_password: String,
    binaries: PostgresBinaries,
    durability: Durability,
}

impl Postgres {
    pub(super) async fn start(
        settings: &EmbeddedSettings,
        data_dir: &DataDir,
        progress: Progress<'_>,
    ) -> Result<Self, EmbeddedError> {
        let data = data_dir.servers_dir.join("postgres");
        let log = data_dir.servers_dir.join("postgres.log");
        let made_by = data_version(&data)?;
        let binaries = find_postgres(settings, &data, made_by)?;
        let binaries = make_reachable(binaries, data_dir)?;
        stop_stale_server("Postgres", "postgres", &data, Signal::INT).await?;
        rotate_log(&log)?;
        let password = load_or_create_password(
            &data_dir.servers_dir.join("postgres.password"),
            &data,
            made_by.is_some(),
        )?;
        let owner_file = data_dir.servers_dir.join("postgres.owner-password");
        let owner_password = load_or_create_password(&owner_file, &data, false)?;
        let durability = settings.durability;
        let cluster = Cluster { data_dir, data, log, password, owner_password, binaries, durability };
        if made_by.is_none() {
            progress(&format!("initialising a private Postgres {} …", cluster.binaries.major));
            cluster.initialise().await?;
        }
        cluster.remove_stale_pid_file();
        progress(&format!("starting Postgres {} …", cluster.binaries.major));
        cluster.start().await
    }

    /// Takes the right to create roles from the program, after the first migration.
    pub(super) async fn finish_setup(&self) -> Result<(), EmbeddedError> {
        match self.durability {
            Durability::Kept => Ok(forbid_roles(&self.admin_url.parse()?).await?),
            Durability::Throwaway => Ok(()),
        }
    }
}

impl Cluster<'_> {
    /// Initialises under a temporary name, so that a directory with the final name is complete.
    async fn initialise(&self) -> Result<(), EmbeddedError> {
        let draft = self.data.with_extension("new");
        if draft.exists() {
            fs::remove_dir_all(&draft).context("cannot remove the unfinished", &draft)?;
        }
        self.data_dir.run_as.make_private_dir(&draft)?;
        let password_file = self.data.with_extension("initial-password");
        write_private(&password_file, self.password.as_bytes())
            .and_then(|()| self.data_dir.run_as.give_ownership(&password_file))
            .context("cannot write", &password_file)?;
        let mut initdb = self.data_dir.run_as.command(&self.binaries.bin_dir.join("initdb"), "KILL");
        initdb.arg("-D").arg(&draft).arg("--pwfile").arg(&password_file);
        initdb.args(["-U", ADMIN, "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]);
        initdb.args(self.locale());
        if self.durability == Durability::Throwaway {
            initdb.arg("-N");
        }
        let output = tokio::task::spawn_blocking(move || initdb.output()).await;
        let output =
            output.expect("running initdb does not panic").map_err(missing_program_error(&self.binaries))?;
        let _ = fs::remove_file(&password_file);
        if !output.status.success() {
            let said = [output.stdout, output.stderr].concat();
            return Err(EmbeddedError::Initdb { output: String::from_utf8_lossy(&said).into_owned() });
        }
        fs::rename(&draft, &self.data).context("cannot name", &self.data)
    }

    /// Returns the locale: Unicode rules for letters (Cyrillic names are searched without case), order by code
    /// point.
    fn locale(&self) -> &'static [&'static str] {
        match self.binaries.major {
            // Since version 17 Postgres has built-in tables and needs no installed locale.
            17.. => &["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
            _ => &["--locale=C.UTF-8"],
        }
    }

    /// Removes `postmaster.pid` if its process id belongs to another program after a kill. Postgres would take
    /// that program for a running server. If the id is unused, Postgres detects that itself.
    fn remove_stale_pid_file(&self) {
        let path = self.data.join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&path) else { return };
        let pid = text.lines().next().unwrap_or_default();
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        if !name.is_empty() && name.trim() != "postgres" {
            let _ = fs::remove_file(&path);
        }
    }

    async fn start(&self) -> Result<Postgres, EmbeddedError> {
        let mut tries_left = MAX_PORT_ATTEMPTS;
        loop {
            let port = free_port()?;
            let server = self.spawn(port);
            let url = |user: &str, password: &str| {
                format!("postgres://{user}:{password}@127.0.0.1:{port}/{DATABASE}?sslmode=disable")
            };
            let admin_url = url(ADMIN, &self.password);
            match self.wait_until_ready(&server, &admin_url).await {
                Ok(()) => {
                    server.enable_restart();
                    let url = url(OWNER, &self.owner_password);
                    return Ok(Postgres { url, admin_url, server, durability: self.durability });
                }
                Err(EmbeddedError::DoesNotStart { tail, .. })
                    if tail.contains("Address already in use") && tries_left > 1 =>
                {
                    tries_left -= 1;
                    rotate_log(&self.log)?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn spawn(&self, port: u16) -> Server {
        let (data, durability, run_as) = (self.data.clone(), self.durability, self.data_dir.run_as);
        let program = self.binaries.bin_dir.join("postgres");
        let stop_signal = match durability {
            Durability::Kept => Signal::INT,
            Durability::Throwaway => Signal::QUIT,
        };
        Server::spawn("Postgres", self.log.clone(), stop_signal, move || {
            let mut command = run_as.command(&program, "INT");
            command.arg("-D").arg(&data);
            for setting in server_settings(durability) {
                command.arg("-c").arg(setting);
            }
            command.arg("-c").arg(format!("port={port}"));
            command
        })
    }

    /// Waits until the server accepts connections, and prepares the database and its owner.
    async fn wait_until_ready(&self, server: &Server, admin_url: &str) -> Result<(), EmbeddedError> {
        let start_error = |reason: String| EmbeddedError::DoesNotStart {
            name: "Postgres",
            reason,
            log: self.log.clone(),
            tail: log_tail(&self.log),
        };
        let admin: PgConnectOptions = admin_url.parse()?;
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            match PgConnection::connect_with(&admin.clone().database("postgres")).await {
                Ok(connection) => {
                    connection.close().await?;
                    return Ok(prepare(&admin, &self.owner_password, self.durability).await?);
                }
                Err(sqlx::Error::Database(error)) if !is_starting(error.as_ref()) => {
                    return Err(sqlx::Error::Database(error).into());
                }
                Err(error) if Instant::now() > deadline => return Err(start_error(error.to_string())),
                Err(_) => {}
            }
            if let Some(reason) = server.failure() {
                return Err(start_error(reason));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Returns `true` for 57P03 `cannot_connect_now`: starting up, shutting down, recovering.
fn is_starting(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.code().as_deref() == Some("57P03")
}

fn server_settings(durability: Durability) -> Vec<&'static str> {
    let mut settings = vec![
        "listen_addresses=127.0.0.1",
        // No Unix socket, because its path may be too long for the system.
        "unix_socket_directories=",
        "timezone=UTC",
        "log_timezone=UTC",
        "logging_collector=off",
        "log_destination=stderr",
    ];
    settings.extend(match durability {
        Durability::Kept => &["max_connections=200"][..],
        Durability::Throwaway => &[
            "max_connections=500",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_wal_size=4GB",
        ],
    });
    settings
}

/// Returns the Postgres version of a data directory, or `None` if there is no directory.
fn data_version(data: &Path) -> Result<Option<u32>, EmbeddedError> {
    if !data.exists() {
        return Ok(None);
    }
    let invalid_dir = |reason: String| EmbeddedError::NotADataDirectory { data: data.into(), reason };
    let text = fs::read_to_string(data.join("PG_VERSION"));
    let text = text.map_err(|error| invalid_dir(format!("PG_VERSION: {error}")))?;
    let version = text.trim().parse().map_err(|_| invalid_dir(format!("PG_VERSION says {text:?}")))?;
    Ok(Some(version))
}

/// Loads the password from its file beside the data, or creates it with mode 0600.
fn load_or_create_password(path: &Path, data: &Path, is_initialised: bool) -> Result<String, EmbeddedError> {
    match fs::read_to_string(path) {
        Ok(password) => Ok(password.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && is_initialised => {
            let reason = format!("its password file {} is gone", path.display());
            Err(EmbeddedError::NotADataDirectory { data: data.into(), reason })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let password = random_hex(16);
            write_private(path, password.as_bytes()).context("cannot write", path)?;
            Ok(password)
        }
        Err(error) => Err(error).context("cannot read", path),
    }
}

/// Makes the programs runnable. The folder above `bin` is needed too: it has the libraries and templates.
fn make_reachable(binaries: PostgresBinaries, data_dir: &DataDir) -> Result<PostgresBinaries, EmbeddedError> {
    let root = binaries.bin_dir.parent().unwrap_or(&binaries.bin_dir);
    let program = data_dir.make_runnable(root, &binaries.bin_dir.join("postgres"))?;
    let bin_dir = program.parent().expect("a program lies in a folder").to_owned();
    Ok(PostgresBinaries { bin_dir, major: binaries.major })
}

fn free_port() -> Result<u16, EmbeddedError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let port = listener.and_then(|listener| listener.local_addr()).map(|address| address.port());
    port.context("no free port on", "127.0.0.1")
}

fn missing_program_error(binaries: &PostgresBinaries) -> impl Fn(io::Error) -> EmbeddedError {
    let path = binaries.bin_dir.join("initdb");
    move |error| match Command::new("setpriv").arg("--version").output() {
        Err(_) => EmbeddedError::SetprivMissing,
        Ok(_) => EmbeddedError::BadBinary { path: path.clone(), reason: error.to_string() },
    }
}
