//! Notifies other OS processes of commits, and listens to their notifications, on separate connections.
//!
//! A NOTIFY in the transaction of an append would take a global lock at each commit. The notifier sends it
//! after the commits, at most once in a few milliseconds, which costs nothing.

use std::sync::Arc;
use std::time::Duration;

use domain::{AccountId, Position};
use sqlx::PgConnection;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::subject_keys::SubjectKeys;

const COMMITTED_CHANNEL: &str = "kafedra_log";
const ERASED_CHANNEL: &str = "kafedra_erased";

/// The publishing and the listening task. They end when the notifier is dropped.
pub(crate) struct Notifier {
    tasks: [JoinHandle<()>; 2],
}

impl Notifier {
    /// Starts the two tasks.
    ///
    /// `own` is the highest position that this OS process has committed. `known` gets the highest position
    /// that any OS process has committed.
    pub fn start(
        database: PgConnectOptions,
        min_interval: Duration,
        own: watch::Receiver<Position>,
        known: Arc<watch::Sender<Position>>,
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

async fn publish_commits(
    database: PgConnectOptions,
    min_interval: Duration,
    mut own: watch::Receiver<Position>,
) {
    let mut connection: Option<PgConnection> = None;
    while own.changed().await.is_ok() {
        let position = *own.borrow_and_update();
        if connection.is_none() {
            // The notification writes no rows; a flush to disk would only delay it.
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

async fn run_listener(
    database: PgConnectOptions,
    known: Arc<watch::Sender<Position>>,
    keys: Arc<SubjectKeys>,
) {
    loop {
        if let Err(error) = receive(&database, &known, &keys).await {
            tracing::debug!(error = %error, "lost the listening connection");
        }
        // A key that was erased while the connection was lost must not stay in memory.
        keys.evict_all();
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn receive(
    database: &PgConnectOptions,
    known: &watch::Sender<Position>,
    keys: &SubjectKeys,
) -> Result<(), sqlx::Error> {
    let pool = PgPoolOptions::new().max_connections(1).connect_with(database.clone()).await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen_all([COMMITTED_CHANNEL, ERASED_CHANNEL]).await?;
    keys.evict_all();
    let head = sqlx::query_scalar!("select position from log.head").fetch_one(&mut listener).await?;
    advance_known_position(known, head.into());
    while let Some(notification) = listener.try_recv().await? {
        if notification.channel() == COMMITTED_CHANNEL {
            advance_known_position(known, notification.payload().parse().unwrap_or_default());
        } else if let Ok(person) = notification.payload().parse::<AccountId>() {
            keys.evict(person);
        }
    }
    Ok(())
}

/// Raises the known position; a lower one changes nothing.
fn advance_known_position(known: &watch::Sender<Position>, position: Position) {
    known.send_if_modified(|known| {
        let grown = position > *known;
        *known = position.max(*known);
        grown
    });
}
