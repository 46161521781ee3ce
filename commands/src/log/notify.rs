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
use tokio::time::timeout;

use super::subject_keys::SubjectKeys;
use crate::database_pool::{deadline, within};
use crate::supervise::supervise;

const COMMITTED_CHANNEL: &str = "kafedra_log";
const ERASED_CHANNEL: &str = "kafedra_erased";

/// Interval of notifications without a commit. They show the listeners that their connection lives.
const HEARTBEAT: Duration = Duration::from_secs(3);
/// Time without any notification after which a listener opens another connection.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// Time by which the last event may be ahead of the server's clock before that is reported.
const CLOCK_AHEAD_MAX: f64 = 5.0;

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
        let publishing = database.clone();
        let publisher = async move {
            supervise("notifier", || publish_commits(&publishing, min_interval, own.clone())).await;
        };
        let listener =
            async move { supervise("log listener", || run_listener(&database, &known, &keys)).await };
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
    database: &PgConnectOptions,
    min_interval: Duration,
    mut own: watch::Receiver<Position>,
) {
    let mut connection: Option<PgConnection> = None;
    loop {
        let is_heartbeat = match timeout(HEARTBEAT, own.changed()).await {
            Ok(Ok(())) => false,
            Ok(Err(_closed)) => return,
            Err(_elapsed) => true,
        };
        let position = *own.borrow_and_update();
        if connection.is_none() {
            // The notification writes no rows; a flush to disk would only delay it.
            let hasty = database.clone().options([("synchronous_commit", "off")]);
            connection = super::connect(&hasty).await.ok();
        }
        if let Some(open) = &mut connection
            && notify(open, position, is_heartbeat).await.is_err()
        {
            // Listeners poll as well; the next commit tries a new connection.
            connection = None;
        }
        tokio::time::sleep(min_interval).await;
    }
}

/// Sends one notification. A heartbeat also reports how far the last event is ahead of the server's clock.
async fn notify(
    connection: &mut PgConnection,
    position: Position,
    is_heartbeat: bool,
) -> Result<(), sqlx::Error> {
    let notification =
        sqlx::query("select pg_notify($1, $2)").bind(COMMITTED_CHANNEL).bind(position.to_string());
    deadline(notification.execute(&mut *connection)).await?;
    if is_heartbeat {
        let ahead = sqlx::query_scalar(
            "select extract(epoch from recorded_at - clock_timestamp())::float8 from log.head",
        );
        let ahead: f64 = deadline(ahead.fetch_one(connection)).await?;
        metrics::gauge!("kafedra_log_clock_ahead_seconds").set(ahead.max(0.0));
        if ahead > CLOCK_AHEAD_MAX {
            tracing::error!(ahead, "the last event is ahead of the server's clock: that clock was wrong");
        }
    }
    Ok(())
}

async fn run_listener(database: &PgConnectOptions, known: &watch::Sender<Position>, keys: &SubjectKeys) {
    loop {
        if let Err(error) = receive(database, known, keys).await {
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
    let open = async {
        let pool = PgPoolOptions::new().max_connections(1).connect_with(database.clone()).await?;
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen_all([COMMITTED_CHANNEL, ERASED_CHANNEL]).await?;
        Ok(listener)
    };
    let mut listener = deadline(open).await?;
    keys.evict_all();
    let head = sqlx::query_scalar!(r#"select position as "position!" from log.head"#);
    let head = deadline(head.fetch_one(&mut listener)).await?;
    advance_known_position(known, head.into());
    while let Some(notification) = within(SILENCE_MAX, listener.try_recv()).await? {
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
