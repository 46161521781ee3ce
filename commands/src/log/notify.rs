//! Tells other processes what was committed, and hears what they say: on connections of their own.
//!
//! A NOTIFY in the writers' transactions would take a global lock at each commit; sent after the
//! commits, at most one per few milliseconds, it costs nothing.

use std::sync::Arc;
use std::time::Duration;

use domain::AccountId;
use sqlx::PgConnection;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::subject_keys::SubjectKeys;

const COMMITTED_CHANNEL: &str = "kafedra_log";
const ERASED_CHANNEL: &str = "kafedra_erased";

/// The two tasks; they end when this is dropped.
pub(crate) struct Notifier {
    tasks: [JoinHandle<()>; 2],
}

impl Notifier {
    /// `own` is what this process committed; `known` gets the highest position that anybody did.
    pub fn start(
        database: PgConnectOptions,
        min_interval: Duration,
        own: watch::Receiver<u64>,
        known: Arc<watch::Sender<u64>>,
        keys: Arc<SubjectKeys>,
    ) -> Self {
        let publisher = publish_commits(database.clone(), min_interval, own);
        let listener = run_listener(database, known, keys);
        #[expect(clippy::disallowed_methods, reason = "both end with the notifier")]
        let tasks = [tokio::spawn(publisher), tokio::spawn(listener)];
        Self { tasks }
    }
}

impl Drop for Notifier {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn publish_commits(database: PgConnectOptions, min_interval: Duration, mut own: watch::Receiver<u64>) {
    let mut connection: Option<PgConnection> = None;
    while own.changed().await.is_ok() {
        let position = *own.borrow_and_update();
        if connection.is_none() {
            // Nothing is written; a flush would only keep the word back.
            let hasty = database.clone().options([("synchronous_commit", "off")]);
            connection = super::connect(&hasty).await.ok();
        }
        if let Some(open) = &mut connection {
            let notification = sqlx::query("select pg_notify($1, $2)")
                .bind(COMMITTED_CHANNEL)
                .bind(position.to_string())
                .execute(open)
                .await;
            if notification.is_err() {
                // Listeners poll as well; the next commit tries a new connection.
                connection = None;
            }
        }
        tokio::time::sleep(min_interval).await;
    }
}

async fn run_listener(database: PgConnectOptions, known: Arc<watch::Sender<u64>>, keys: Arc<SubjectKeys>) {
    loop {
        if let Err(error) = receive(&database, &known, &keys).await {
            tracing::debug!(error = %error, "the listening connection is lost");
        }
        // What was erased while nobody listened must not live on in memory.
        keys.evict_all();
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn receive(
    database: &PgConnectOptions,
    known: &watch::Sender<u64>,
    keys: &SubjectKeys,
) -> Result<(), sqlx::Error> {
    let pool = PgPoolOptions::new().max_connections(1).connect_with(database.clone()).await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen_all([COMMITTED_CHANNEL, ERASED_CHANNEL]).await?;
    keys.evict_all();
    let head: i64 = sqlx::query_scalar("select position from log.head").fetch_one(&mut listener).await?;
    advance_known_position(known, head as u64);
    while let Some(notification) = listener.try_recv().await? {
        if notification.channel() == COMMITTED_CHANNEL {
            advance_known_position(known, notification.payload().parse().unwrap_or(0));
        } else if let Ok(person) = notification.payload().parse::<AccountId>() {
            keys.evict(person);
        }
    }
    Ok(())
}

/// The known position only grows.
fn advance_known_position(known: &watch::Sender<u64>, position: u64) {
    known.send_if_modified(|known| {
        let grown = position > *known;
        *known = position.max(*known);
        grown
    });
}
