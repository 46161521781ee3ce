//! The task that sends all waiting appends in one round trip (natural group commit).

use domain::Position;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::append::{Append, AppendError, CommittedRange};
use super::batch;
use super::own_append;
use super::subject_keys::ClaimKey;

/// Outcome of an append. Every command that depends on it can read it.
pub(crate) type AppendOutcome = Result<CommittedRange, AppendError>;

/// Maximum number of appends in a batch.
const BATCH_LIMIT: usize = 512;
/// Maximum size of the events of a batch, in bytes. A single larger append is sent alone.
const BATCH_BYTES: usize = 8 << 20;
/// Maximum time for which a batch waits for the callers that were just answered.
const LINGER_LIMIT: Duration = Duration::from_micros(500);
/// Timeout of one attempt to send. After it the outcome of the batch is unknown.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for which a batch with an unknown outcome is sent again. Its command ids make that safe.
const RETRY_FOR: Duration = Duration::from_secs(15);

/// Highest committed positions, raised after each batch.
pub(crate) struct CommittedPositions {
    /// Highest position that this OS process has committed.
    pub own: Arc<watch::Sender<Position>>,
    /// Highest position that any OS process has committed, as far as this one knows.
    pub known: Arc<watch::Sender<Position>>,
}

/// Writer of this OS process to the log.
pub(crate) struct Appender {
    sender: mpsc::UnboundedSender<QueuedAppend>,
    task: Mutex<Option<JoinHandle<()>>>,
}

struct QueuedAppend {
    append: Append,
    outcome: watch::Sender<Option<AppendOutcome>>,
}

impl Appender {
    /// Starts the task. It raises `committed` after each batch.
    pub fn start(database: PgConnectOptions, claim_key: ClaimKey, committed: CommittedPositions) -> Self {
        let (sender, queue) = mpsc::unbounded_channel();
        #[expect(clippy::disallowed_methods, reason = "the only appender of the OS process; drain awaits it")]
        let task = tokio::spawn(run_appender(database, claim_key, queue, committed));
        Self { sender, task: Mutex::new(Some(task)) }
    }

    /// Enqueues an append. Appends are written in the order of these calls.
    pub fn enqueue(&self, append: Append) -> watch::Receiver<Option<AppendOutcome>> {
        let (outcome, receiver) = watch::channel(None);
        // A closed queue drops the sender of the outcome, and the receiver notices that.
        let _ = self.sender.send(QueuedAppend { append, outcome });
        receiver
    }

    /// Writes all queued appends, then ends the task. Callers must not enqueue afterwards.
    pub async fn drain(&self) {
        let (outcome, _) = watch::channel(None);
        let last =
            Append { command_id: domain::CommandId(uuid::Uuid::nil()), writes: vec![], new_keys: vec![] };
        let _ = self.sender.send(QueuedAppend { append: last, outcome });
        if let Some(task) = self.task.lock().await.take() {
            let _ = task.await;
        }
    }
}

/// Waits for the outcome of an enqueued append.
pub(crate) async fn wait_for_outcome(receiver: &mut watch::Receiver<Option<AppendOutcome>>) -> AppendOutcome {
    match receiver.wait_for(Option::is_some).await {
        Ok(outcome) => outcome.clone().expect("waited for it"),
        Err(_) => Err(AppendError::Unavailable("the log is closing".to_owned())),
    }
}

async fn run_appender(
    database: PgConnectOptions,
    claim_key: ClaimKey,
    mut queue: mpsc::UnboundedReceiver<QueuedAppend>,
    committed: CommittedPositions,
) {
    let mut connection: Option<PgConnection> = None;
    let mut batch: Vec<QueuedAppend> = Vec::with_capacity(BATCH_LIMIT);
    let mut closing = false;
    let mut last = PreviousBatch::default();
    while !closing {
        if queue.recv_many(&mut batch, BATCH_LIMIT).await == 0 {
            break;
        }
        last.linger(&mut queue, &mut batch).await;
        // An append without writes means that the OS process is shutting down.
        closing = batch.iter().any(|queued| queued.append.writes.is_empty());
        batch.retain(|queued| !queued.append.writes.is_empty());
        while !batch.is_empty() {
            let rest = batch.split_off(batch_len_within_limit(&batch));
            let appends: Vec<&Append> = batch.iter().map(|queued| &queued.append).collect();
            metrics::histogram!("kafedra_log_batch_appends").record(appends.len() as f64);
            let sent = Instant::now();
            let outcomes = send_until_known(&database, &mut connection, &claim_key, &appends).await;
            last = PreviousBatch { appends: appends.len(), took: sent.elapsed() };
            let highest = outcomes.iter().flatten().map(|done| done.last_position).max();
            for (queued, outcome) in batch.drain(..).zip(outcomes) {
                queued.outcome.send_replace(Some(outcome));
            }
            if let Some(highest) = highest {
                for committed in [&committed.own, &committed.known] {
                    committed.send_if_modified(|known| {
                        let grown = highest > *known;
                        *known = highest.max(*known);
                        grown
                    });
                }
            }
            batch = rest;
        }
    }
}

/// Size and duration of the previous batch.
#[derive(Default)]
struct PreviousBatch {
    appends: usize,
    took: Duration,
}

impl PreviousBatch {
    /// Waits for the callers that were just answered, at most a quarter of the previous round trip.
    ///
    /// Without this, the first of them are sent alone and all others wait for that round trip. Each commit
    /// then has only half of the appends.
    async fn linger(&self, queue: &mut mpsc::UnboundedReceiver<QueuedAppend>, batch: &mut Vec<QueuedAppend>) {
        let until = Instant::now() + (self.took / 4).min(LINGER_LIMIT);
        while batch.len() < self.appends && Instant::now() < until {
            // The timer is too coarse for this. A yield lets exactly the ready tasks run.
            tokio::task::yield_now().await;
            while batch.len() < BATCH_LIMIT
                && let Ok(queued) = queue.try_recv()
            {
                batch.push(queued);
            }
        }
    }
}

/// Returns how many of the waiting appends fit into one batch; at least one.
fn batch_len_within_limit(batch: &[QueuedAppend]) -> usize {
    let mut bytes = 0;
    let fits = batch.iter().take_while(|queued| {
        bytes += queued
            .append
            .writes
            .iter()
            .flat_map(|write| &write.events)
            .map(|event| event.payload.len() + event.metadata.len() + 128)
            .sum::<usize>();
        bytes <= BATCH_BYTES
    });
    fits.count().max(1)
}

/// Sends a batch until its outcome is known or [`RETRY_FOR`] is over.
async fn send_until_known(
    database: &PgConnectOptions,
    connection: &mut Option<PgConnection>,
    claim_key: &ClaimKey,
    appends: &[&Append],
) -> Vec<AppendOutcome> {
    let give_up = Instant::now() + RETRY_FOR;
    let mut pause = Duration::from_millis(5);
    let mut sent_before = false;
    loop {
        let sending = send_once(database, connection, claim_key, appends, sent_before);
        let sending = tokio::time::timeout(SEND_TIMEOUT, sending).await;
        let error = match sending.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
            Ok(outcomes) => return outcomes,
            Err(error) => error,
        };
        *connection = None;
        sent_before = true;
        metrics::counter!("kafedra_log_batch_failures_total").increment(1);
        if Instant::now() + pause > give_up {
            tracing::error!(error = %error, appends = appends.len(), "cannot append a batch");
            return vec![Err(AppendError::Unavailable(error.to_string())); appends.len()];
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(500));
    }
}

async fn send_once(
    database: &PgConnectOptions,
    connection: &mut Option<PgConnection>,
    claim_key: &ClaimKey,
    appends: &[&Append],
    sent_before: bool,
) -> Result<Vec<AppendOutcome>, sqlx::Error> {
    if connection.is_none() {
        *connection = Some(super::connect(database).await?);
    }
    let connection = connection.as_mut().expect("connected above");
    let mut outcomes = batch::send(connection, claim_key, appends).await?;
    if sent_before {
        for (append, outcome) in appends.iter().zip(&mut outcomes) {
            if let Ok(committed) = outcome
                && committed.duplicate
            {
                committed.duplicate = !own_append::is_own(connection, append, *committed).await?;
            }
        }
    }
    Ok(outcomes)
}
