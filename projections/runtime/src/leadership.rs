//! Who does what only one may do: Postgres advisory locks, held on one connection of this process.
//!
//! Leadership saves work, it protects nothing: what two leaders would do is refused by the
//! compare-and-swap of a checkpoint or by the expected sequence of the stream. So a lost lock is
//! noticed soon, not at once.

use std::collections::HashMap;
use std::time::Duration;

use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How often a lock that another process holds is tried again.
const TRY_EVERY: Duration = Duration::from_millis(250);
/// How often the connection is looked at while nothing is wanted.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A connection that is silent for so long is given up, and every lock with it.
const SILENCE_MAX: Duration = Duration::from_secs(5);

/// Asks for leaderships. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Leadership {
    wishes: mpsc::UnboundedSender<Wish>,
}

/// Leadership under one name, until it is dropped or lost.
#[derive(Debug)]
pub(crate) struct Lease {
    name: String,
    lost: CancellationToken,
    wishes: mpsc::UnboundedSender<Wish>,
}

#[derive(Debug)]
enum Wish {
    Lead { name: String, granted: oneshot::Sender<Lease> },
    Release { name: String },
}

impl Leadership {
    /// Starts the one task that holds the locks; it ends, and releases them, when `cancel` says so.
    pub(crate) fn start(
        pool: &PgPool,
        cancel: CancellationToken,
    ) -> (Self, impl Future<Output = ()> + use<>) {
        let (wishes, heard) = mpsc::unbounded_channel();
        let holder = Holder {
            pool: pool.clone(),
            heard,
            wishes: wishes.clone(),
            waiting: Vec::new(),
            held: HashMap::new(),
        };
        (Self { wishes }, holder.run(cancel))
    }

    /// Waits until this process leads under `name`; for ever when the holder has ended.
    pub(crate) async fn lead(&self, name: &str) -> Lease {
        let (granted, grant) = oneshot::channel();
        let _ = self.wishes.send(Wish::Lead { name: name.to_owned(), granted });
        match grant.await {
            Ok(lease) => lease,
            Err(_) => std::future::pending().await,
        }
    }
}

impl Lease {
    /// Ends when the lock is lost: another process may lead now.
    pub(crate) async fn lost(&self) {
        self.lost.cancelled().await;
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.lost.is_cancelled()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let _ = self.wishes.send(Wish::Release { name: std::mem::take(&mut self.name) });
    }
}

/// The key of an advisory lock: the first eight bytes of the SHA-256 of its name.
pub(crate) fn lock_key(name: &str) -> i64 {
    let hash = Sha256::digest(format!("kafedra:{name}"));
    i64::from_be_bytes(hash[..8].try_into().expect("a hash has 32 bytes"))
}

struct Holder {
    pool: PgPool,
    heard: mpsc::UnboundedReceiver<Wish>,
    wishes: mpsc::UnboundedSender<Wish>,
    waiting: Vec<(String, oneshot::Sender<Lease>)>,
    held: HashMap<String, CancellationToken>,
}

impl Holder {
    async fn run(mut self, cancel: CancellationToken) {
        let mut connection: Option<PgConnection> = None;
        loop {
            let pause = if self.waiting.is_empty() { LOOK_EVERY } else { TRY_EVERY };
            let look_at = Instant::now() + pause;
            loop {
                tokio::select! {
                    () = cancel.cancelled() => return self.give_up_all(),
                    () = tokio::time::sleep_until(look_at) => break,
                    wish = self.heard.recv() => {
                        let Some(wish) = wish else { return };
                        let fresh = matches!(wish, Wish::Lead { .. });
                        self.hear(wish, &mut connection).await;
                        if fresh { break }
                    }
                }
            }
            if connection.is_none() {
                connection = self.connect().await;
            }
            let Some(open) = connection.as_mut() else {
                sleep(TRY_EVERY).await;
                continue;
            };
            let tried = timeout(SILENCE_MAX, try_all(open, &mut self.waiting)).await;
            match tried {
                Ok(Ok(granted)) => self.grant(granted),
                Ok(Err(_)) | Err(_) => {
                    connection = None;
                    self.give_up_all();
                }
            }
        }
    }

    async fn connect(&self) -> Option<PgConnection> {
        let options = self.pool.connect_options();
        match timeout(SILENCE_MAX, PgConnection::connect_with(&options)).await {
            Ok(Ok(connection)) => Some(connection),
            Ok(Err(error)) => {
                tracing::debug!(%error, "no connection for leadership");
                None
            }
            Err(_) => None,
        }
    }

    async fn hear(&mut self, wish: Wish, connection: &mut Option<PgConnection>) {
        match wish {
            Wish::Lead { name, granted } => self.waiting.push((name, granted)),
            Wish::Release { name } => {
                if self.held.remove(&name).is_some()
                    && let Some(open) = connection.as_mut()
                {
                    let unlock =
                        sqlx::query("select pg_advisory_unlock($1)").bind(lock_key(&name)).execute(open);
                    if !matches!(timeout(SILENCE_MAX, unlock).await, Ok(Ok(_))) {
                        *connection = None;
                        self.give_up_all();
                    }
                }
            }
        }
    }

    fn grant(&mut self, granted: Vec<(String, oneshot::Sender<Lease>)>) {
        for (name, wish) in granted {
            let lost = CancellationToken::new();
            self.held.insert(name.clone(), lost.clone());
            // Nobody waits any more: dropping the lease releases the lock.
            let _ = wish.send(Lease { name, lost, wishes: self.wishes.clone() });
        }
    }

    fn give_up_all(&mut self) {
        for (_, lost) in self.held.drain() {
            lost.cancel();
        }
    }
}

/// Tries every lock that is wanted; also shows whether the connection lives.
async fn try_all(
    connection: &mut PgConnection,
    waiting: &mut Vec<(String, oneshot::Sender<Lease>)>,
) -> Result<Vec<(String, oneshot::Sender<Lease>)>, sqlx::Error> {
    waiting.retain(|(_, wish)| !wish.is_closed());
    let keys: Vec<i64> = waiting.iter().map(|(name, _)| lock_key(name)).collect();
    let got: Vec<bool> =
        sqlx::query_scalar("select pg_try_advisory_lock(key) from unnest($1::bigint[]) with ordinality as wanted (key, place) order by place")
            .bind(&keys)
            .fetch_all(connection)
            .await?;
    let mut granted = Vec::new();
    for ((name, wish), got) in std::mem::take(waiting).into_iter().zip(got) {
        if got {
            granted.push((name, wish));
        } else {
            waiting.push((name, wish));
        }
    }
    Ok(granted)
}
