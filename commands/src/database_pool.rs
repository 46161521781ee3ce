//! Connections to PostgreSQL that notice a silent server, a read-only server and dropped requests.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection, PgPool, Row};
use tokio::time::{Instant, timeout};

/// Timeout of a statement of this crate, and of a statement that one caller awaits.
pub const QUERY_TIMEOUT: Duration = Duration::from_secs(10);
/// Timeout of the check of a pooled connection. A server that is silent for longer counts as gone.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// Settings by which the server ends sessions of clients that are gone without closing their connection.
///
/// A machine that lost its power or its network would otherwise keep its locks for about two hours.
const SESSION_SETTINGS: [(&str, &str); 6] = [
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "20000"),
    ("client_connection_check_interval", "10000"),
    ("idle_in_transaction_session_timeout", "60000"),
];

/// Adds the settings of every session: the server notices within half a minute that the client is gone.
pub fn session_options(options: PgConnectOptions) -> PgConnectOptions {
    options.options(SESSION_SETTINGS)
}

/// Returns the options of a pool that lends only usable connections.
///
/// A request can be dropped after BEGIN is sent and before the reply. sqlx then counts no transaction and does
/// not roll it back. Later statements on that connection would fail, or would never be committed. A server can
/// become read-only after a failover, or silent without closing its connections. The pool closes the
/// connections of all these cases. The check is a round trip after the caller has its result.
pub fn pool_options(max_connections: u32, acquire_timeout: Duration) -> PgPoolOptions {
    let silence = Arc::new(Silence::default());
    PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(move |connection, usage| {
            let silence = silence.clone();
            Box::pin(async move { Ok(silence.is_usable(connection, usage.idle_for).await) })
        })
        .after_release(|connection, _| {
            Box::pin(
                async move { within(CHECK_TIMEOUT, is_writable_outside_of_transaction(connection)).await },
            )
        })
}

/// Opens a pool. If no connection is made in time, the error is that of one more attempt, with its cause.
///
/// # Errors
/// [`sqlx::Error`] if the database cannot be reached.
pub async fn connect_pool(pool: PgPoolOptions, database: PgConnectOptions) -> Result<PgPool, sqlx::Error> {
    match pool.connect_with(database.clone()).await {
        Err(sqlx::Error::PoolTimedOut) => match PgConnection::connect_with(&database).await {
            Err(cause) => Err(cause),
            Ok(_) => Err(sqlx::Error::PoolTimedOut),
        },
        other => other,
    }
}

/// Outside of a transaction, a simple query begins its own: both instants are the same.
async fn is_writable_outside_of_transaction(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let check = "select now() = statement_timestamp() and not current_setting('transaction_read_only')::bool";
    connection.fetch_one(check).await?.try_get(0)
}

/// The last instant at which a pooled connection was found silent.
#[derive(Default)]
struct Silence {
    found_at: Mutex<Option<Instant>>,
}

impl Silence {
    /// Returns true if an idle connection answers. Connections that were idle when another one was found
    /// silent are refused without a check, so that a request does not wait for each of them.
    async fn is_usable(&self, connection: &mut PgConnection, idle_for: Duration) -> bool {
        let now = Instant::now();
        let last_used = now.checked_sub(idle_for).unwrap_or(now);
        if self.found_at.lock().expect("no holder of this lock panics").is_some_and(|at| last_used < at) {
            return false;
        }
        match timeout(CHECK_TIMEOUT, connection.ping()).await {
            Ok(answered) => answered.is_ok(),
            Err(_elapsed) => {
                *self.found_at.lock().expect("no holder of this lock panics") = Some(Instant::now());
                false
            }
        }
    }
}

/// Runs a statement under [`QUERY_TIMEOUT`].
///
/// # Errors
/// [`sqlx::Error::Io`] of the kind [`ErrorKind::TimedOut`] if the time is over; otherwise the statement's.
pub(crate) async fn deadline<T>(
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    within(QUERY_TIMEOUT, work).await
}

/// Runs a statement under a timeout.
///
/// # Errors
/// [`sqlx::Error::Io`] of the kind [`ErrorKind::TimedOut`] if the time is over; otherwise the statement's.
pub async fn within<T>(
    longest: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    timeout(longest, work).await.unwrap_or_else(|_| {
        Err(sqlx::Error::Io(std::io::Error::new(ErrorKind::TimedOut, "no answer in time")))
    })
}
