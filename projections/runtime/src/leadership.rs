//! Leadership of jobs that one OS process does at a time: PostgreSQL advisory locks on one connection.
//!
//! Leadership saves work; correctness does not depend on it. The compare-and-swap of a checkpoint, or the
//! expected sequence of the stream, refuses the work of a second leader. A lost lock is therefore noticed
//! soon, not at once.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// Interval of attempts to take a lock that another OS process holds.
const RETRY_INTERVAL: Duration = Duration::from_millis(250);
/// Interval of checks of the connection while no lock is requested.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// Time after which the server ends a session of the lock holder that asks nothing, in milliseconds.
const IDLE_SESSION_TIMEOUT: &str = "10000";
/// Timeout after which a silent connection is dropped, and all its locks with it.
const SILENCE_MAX: Duration = Duration::from_secs(5);

/// Client of the lock holder. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Leadership {
    requests: mpsc::UnboundedSender<LockRequest>,
}

/// Leadership under one name, until the lease is dropped or lost.
#[derive(Debug)]
pub(crate) struct Lease {
    name: String,
    lost: CancellationToken,
    requests: mpsc::UnboundedSender<LockRequest>,
}

#[derive(Debug)]
enum LockRequest {
    Acquire { name: String, granted: oneshot::Sender<Lease> },
    Release { name: String },
}

impl Leadership {
    /// Returns a client, and the future of the task that holds the locks.
    ///
    /// The task ends and releases the locks when `cancel` is cancelled.
    pub(crate) fn start(
        pool: &PgPool,
        cancel: CancellationToken,
    ) -> (Self, impl Future<Output = ()> + use<>) {
        let (requests, incoming) = mpsc::unbounded_channel();
        let holder = LockHolder {
            pool: pool.clone(),
            incoming,
            requests: requests.clone(),
            waiting: Vec::new(),
            held: HashMap::new(),
        };
        (Self { requests }, holder.run(cancel))
    }

    /// Waits until this OS process leads under `name`. Waits forever if the lock holder has ended.
    pub(crate) async fn acquire(&self, name: &str) -> Lease {
        let (granted, grant) = oneshot::channel();
        let _ = self.requests.send(LockRequest::Acquire { name: name.to_owned(), granted });
        match grant.await {
            Ok(lease) => lease,
            Err(_) => std::future::pending().await,
        }
    }
}

impl Lease {
    /// Waits until the lock is lost. Another OS process may lead from then on.
    pub(crate) async fn lost(&self) {
        self.lost.cancelled().await;
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.lost.is_cancelled()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let _ = self.requests.send(LockRequest::Release { name: std::mem::take(&mut self.name) });
    }
}

/// Returns the key of an advisory lock: the first eight bytes of the SHA-256 of its name.
pub(crate) fn lock_key(name: &str) -> i64 {
    let hash = Sha256::digest(format!("kafedra:{name}"));
    i64::from_be_bytes(hash[..8].try_into().expect("a hash has 32 bytes"))
}

/// Returns the name of the lock of a read model or process manager.
pub(crate) fn listener_lock(name: &str) -> String {
    format!("listener:{name}")
}

/// Returns the name of the lock of the relay of a stream.
pub(crate) fn relay_lock(stream: &str) -> String {
    format!("relay:{stream}")
}

/// Loads the keys of the advisory locks that are held in this database, by any OS process.
pub(crate) async fn load_held_keys(pool: &PgPool) -> Result<HashSet<i64>, sqlx::Error> {
    let keys: Vec<i64> = sqlx::query_scalar(
        "select classid::bigint << 32 | objid::bigint
         from pg_catalog.pg_locks
         where locktype = 'advisory' and objsubid = 1 and granted
           and database = (select oid from pg_catalog.pg_database where datname = current_database())",
    )
    .fetch_all(pool)
    .await?;
    Ok(keys.into_iter().collect())
}

struct LockHolder {
    pool: PgPool,
    incoming: mpsc::UnboundedReceiver<LockRequest>,
    requests: mpsc::UnboundedSender<LockRequest>,
    waiting: Vec<(String, oneshot::Sender<Lease>)>,
    held: HashMap<String, CancellationToken>,
}

impl LockHolder {
    async fn run(mut self, cancel: CancellationToken) {
        let mut connection: Option<PgConnection> = None;
        loop {
            let pause = if self.waiting.is_empty() { CHECK_INTERVAL } else { RETRY_INTERVAL };
            let look_at = Instant::now() + pause;
            loop {
                tokio::select! {
                    () = cancel.cancelled() => return self.mark_all_lost(),
                    () = tokio::time::sleep_until(look_at) => break,
                    request = self.incoming.recv() => {
                        let Some(request) = request else { return };
                        let fresh = matches!(request, LockRequest::Acquire { .. });
                        self.handle_request(request, &mut connection).await;
                        if fresh { break }
                    }
                }
            }
            if connection.is_none() {
                connection = self.connect().await;
            }
            let Some(open) = connection.as_mut() else {
                sleep(RETRY_INTERVAL).await;
                continue;
            };
            let tried = timeout(SILENCE_MAX, try_locks(open, &mut self.waiting)).await;
            match tried {
                Ok(Ok(granted)) => self.grant(granted),
                Ok(Err(_)) | Err(_) => {
                    connection = None;
                    self.mark_all_lost();
                }
            }
        }
    }

    async fn connect(&self) -> Option<PgConnection> {
        let options = self.pool.connect_options();
        // The server ends a session whose machine is gone without a word, and its locks with it.
        let options = options.as_ref().clone().options([("idle_session_timeout", IDLE_SESSION_TIMEOUT)]);
        match timeout(SILENCE_MAX, PgConnection::connect_with(&options)).await {
            Ok(Ok(connection)) => Some(connection),
            Ok(Err(error)) => {
                tracing::debug!(%error, "cannot connect for leadership");
                None
            }
            Err(_) => None,
        }
    }

    async fn handle_request(&mut self, request: LockRequest, connection: &mut Option<PgConnection>) {
        match request {
            LockRequest::Acquire { name, granted } => self.waiting.push((name, granted)),
            LockRequest::Release { name } => {
                if self.held.remove(&name).is_some()
                    && let Some(open) = connection.as_mut()
                {
                    let unlock =
                        sqlx::query("select pg_advisory_unlock($1)").bind(lock_key(&name)).execute(open);
                    if !matches!(timeout(SILENCE_MAX, unlock).await, Ok(Ok(_))) {
                        *connection = None;
                        self.mark_all_lost();
                    }
                }
            }
        }
    }

    fn grant(&mut self, granted: Vec<(String, oneshot::Sender<Lease>)>) {
        for (name, request) in granted {
            let lost = CancellationToken::new();
            self.held.insert(name.clone(), lost.clone());
            // If the requester no longer waits, the dropped lease releases the lock.
            let _ = request.send(Lease { name, lost, requests: self.requests.clone() });
        }
    }

    fn mark_all_lost(&mut self) {
        for (_, lost) in self.held.drain() {
            lost.cancel();
        }
    }
}

/// Tries every requested lock. The query also checks the connection.
async fn try_locks(
    connection: &mut PgConnection,
    waiting: &mut Vec<(String, oneshot::Sender<Lease>)>,
) -> Result<Vec<(String, oneshot::Sender<Lease>)>, sqlx::Error> {
    waiting.retain(|(_, request)| !request.is_closed());
    let keys: Vec<i64> = waiting.iter().map(|(name, _)| lock_key(name)).collect();
    let got: Vec<bool> =
        sqlx::query_scalar("select pg_try_advisory_lock(key) from unnest($1::bigint[]) with ordinality as wanted (key, place) order by place")
            .bind(&keys)
            .fetch_all(connection)
            .await?;
    let mut granted = Vec::new();
    for ((name, request), got) in std::mem::take(waiting).into_iter().zip(got) {
        if got {
            granted.push((name, request));
        } else {
            waiting.push((name, request));
        }
    }
    Ok(granted)
}
