//! The task that sends all waiting appends in one round trip (natural group commit).

use std::sync::{Arc, Weak};
use std::time::Duration;

use domain::Position;
use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::append::{Append, AppendError, CommittedRange};
use super::batch;
use super::own_append;
use super::subject_keys::ClaimKey;
use crate::supervise::supervise;

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

/// Maximum number of appends that wait. Further ones are refused.
const QUEUE_LIMIT: usize = 16_384;
/// Maximum time that an append may wait before it is sent. Afterwards it is refused.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(20);

/// Highest committed positions, raised after each batch.
pub(crate) struct CommittedPositions {
    /// Highest position that this OS process has committed.
    pub own: Arc<watch::Sender<Position>>,
    /// Highest position that any OS process has committed, as far as this one knows.
    pub known: Arc<watch::Sender<Position>>,
}

/// Writer of this OS process to the log.
pub(crate) struct Appender {
    sender: mpsc::Sender<QueuedAppend>,
    task: Mutex<Option<JoinHandle<()>>>,
}

struct QueuedAppend {
    append: Append,
    queued_at: Instant,
    /// Upgrades while a caller waits for the outcome.
    caller: Weak<()>,
    outcome: watch::Sender<Option<AppendOutcome>>,
}

/// An append in the queue, as its caller sees it.
pub(crate) struct EnqueuedAppend {
    pub outcome: watch::Receiver<Option<AppendOutcome>>,
    /// The append is not sent for the first time after this is dropped.
    _caller: Arc<()>,
}

impl Appender {
    /// Starts the task. It raises `committed` after each batch.
    pub fn start(database: PgConnectOptions, claim_key: ClaimKey, committed: CommittedPositions) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE_LIMIT);
        #[expect(clippy::disallowed_methods, reason = "the only appender of the OS process; drain awaits it")]
        let task = tokio::spawn(async move {
            let queue = Mutex::new(queue);
            supervise("appender", || async {
                run_appender(&database, &claim_key, &mut *queue.lock().await, &committed).await;
            })
            .await;
        });
        Self { sender, task: Mutex::new(Some(task)) }
    }

    /// Enqueues an append. Appends are written in the order of these calls.
    ///
    /// The outcome is [`AppendError::Unavailable`] at once if the queue is full.
    pub fn enqueue(&self, append: Append) -> EnqueuedAppend {
        let (sender, outcome) = watch::channel(None);
        let caller = Arc::new(());
        let queued = QueuedAppend {
            append,
            queued_at: Instant::now(),
            caller: Arc::downgrade(&caller),
            outcome: sender,
        };
        match self.sender.try_send(queued) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(queued)) => {
                let full = AppendError::Unavailable("too many appends wait".to_owned());
                queued.outcome.send_replace(Some(Err(full)));
            }
            // This drops the sender of the outcome, and the receiver notices that.
            Err(mpsc::error::TrySendError::Closed(_)) => {}
        }
        EnqueuedAppend { outcome, _caller: caller }
    }

    /// Returns the number of appends in the queue, without those that are being written.
    pub fn queued(&self) -> usize {
        self.sender.max_capacity() - self.sender.capacity()
    }

    /// Writes all queued appends, then ends the task. Callers must not enqueue afterwards.
    pub async fn drain(&self) {
        let (outcome, _) = watch::channel(None);
        let last =
            Append { command_id: domain::CommandId(uuid::Uuid::nil()), writes: vec![], new_keys: vec![] };
        let (queued_at, caller) = (Instant::now(), Weak::new());
        let _ = self.sender.send(QueuedAppend { append: last, queued_at, caller, outcome }).await;
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
    database: &PgConnectOptions,
    claim_key: &ClaimKey,
    queue: &mut mpsc::Receiver<QueuedAppend>,
    committed: &CommittedPositions,
) {
    let mut connection: Option<PgConnection> = None;
    let mut batch: Vec<QueuedAppend> = Vec::with_capacity(BATCH_LIMIT);
    let mut closing = false;
    let mut last = PreviousBatch::default();
    while !closing {
        if queue.recv_many(&mut batch, BATCH_LIMIT).await == 0 {
            break;
        }
        last.linger(queue, &mut batch).await;
        // An append without writes means that the OS process is shutting down.
        closing = batch.iter().any(|queued| queued.append.writes.is_empty());
        batch.retain(|queued| !queued.append.writes.is_empty());
        refuse_abandoned(&mut batch);
        while !batch.is_empty() {
            let rest = batch.split_off(batch_len_within_limit(&batch));
            let appends: Vec<&Append> = batch.iter().map(|queued| &queued.append).collect();
            metrics::histogram!("kafedra_log_batch_appends").record(appends.len() as f64);
            let sent = Instant::now();
            let outcomes = send_until_known(database, &mut connection, claim_key, &appends).await;
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

/// Refuses the appends whose caller is gone or has waited for too long. They were not sent yet.
fn refuse_abandoned(batch: &mut Vec<QueuedAppend>) {
    batch.retain(|queued| {
        let is_late = queued.queued_at.elapsed() > QUEUE_TIMEOUT;
        let wanted = queued.caller.strong_count() > 0 && !is_late;
        if !wanted {
            let reason = if is_late { "the append has waited for too long" } else { "no caller waits" };
            queued.outcome.send_replace(Some(Err(AppendError::Unavailable(reason.to_owned()))));
        }
        wanted
    });
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
    async fn linger(&self, queue: &mut mpsc::Receiver<QueuedAppend>, batch: &mut Vec<QueuedAppend>) {
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
