//! Fills an empty log in bulk: aggregates decide at past instants, and their events are appended in batches.
//!
//! A backfill writes everything that an append writes. No other writer may append at the same time. The log
//! is new, and the states stay in memory instead of being loaded.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cqrs_es::Aggregate;
use domain::{AccountId, Claim, Command, CommandContext, Position, Refusal, StreamId, StreamVersion};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::append::EncodedEvent;
use super::batch::ClaimColumns;
use super::seal::{SealError, Sealer};
use super::subject_keys::{ClaimKey, SubjectKey, SubjectKeys};
use crate::bus::step_for;
use crate::keys::MasterKey;
use crate::step::{AnyState, NewEvent, sha256_hex};

/// Number of events from which a batch is written.
const BATCH_EVENTS: usize = 5_000;
/// Position of the first `analyze` of the claim tables; the next ones follow whenever the position has
/// doubled.
///
/// PostgreSQL chooses the plan of a claim search by the size of the tables.
const FIRST_ANALYZE: Position = Position(20_000);

/// A running backfill of the log.
pub struct Backfill {
    sealer: Sealer,
    keys: BTreeMap<AccountId, SubjectKey>,
    streams: HashMap<StreamId, StreamState>,
    /// Appends in the order of writing: by instant, then by the order of the decisions.
    decided: BTreeMap<(Timestamp, u64), DecidedAppend>,
    count: u64,
    appended_until: Timestamp,
    batches: mpsc::Sender<BackfillBatch>,
    writer: JoinHandle<Result<Position, BackfillError>>,
}

/// Reason why a backfill cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum BackfillError {
    #[error("refused at {at}: {} ({})", .refusal.code, .refusal.detail)]
    Refused { at: Timestamp, refusal: Refusal },
    #[error("{0} is before the instant up to which events are already appended")]
    TooLate(Timestamp),
    #[error("another writer has appended to the log, or the backfill writer has failed")]
    ConcurrentWriter,
    #[error("a backfill cannot erase a person")]
    ErasureNotSupported,
    #[error("personal data cannot be sealed")]
    SealFailed(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

struct StreamState {
    state: AnyState,
    version: StreamVersion,
}

/// The events of one command, or of several commands that are appended together.
struct DecidedAppend {
    context: CommandContext,
    events: Vec<(StreamId, StreamVersion, NewEvent)>,
}

impl Backfill {
    /// Starts a backfill on a migrated database whose log is empty.
    ///
    /// # Errors
    /// [`BackfillError::Database`] if the database is unavailable.
    pub async fn start(database: &PgConnectOptions, master: &MasterKey) -> Result<Self, BackfillError> {
        let mut connection = PgConnection::connect_with(database).await?;
        connection.execute("set synchronous_commit = off; set jit = off").await?;
        // All keys are generated here: the pool is never used.
        let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(database.clone());
        let sealer = Sealer::new(SubjectKeys::new(pool, master));
        let (batches, queue) = mpsc::channel(1);
        #[expect(clippy::disallowed_methods, reason = "the one writer; `finish` awaits it")]
        let writer = tokio::spawn(run_writer(connection, Arc::new(ClaimKey::new(master)), queue));
        Ok(Self {
            sealer,
            keys: BTreeMap::new(),
            streams: HashMap::new(),
            decided: BTreeMap::new(),
            count: 0,
            appended_until: Timestamp::MIN,
            batches,
            writer,
        })
    }

    /// Decides the commands as of `at`, as one append. The instants of one stream must not decrease.
    ///
    /// # Errors
    /// [`BackfillError::Refused`] if a rule refuses a command. The caller must then discard the backfill,
    /// because a part of the commands may be decided. [`BackfillError::TooLate`] if `at` is before the
    /// instant of the last [`append_until`](Self::append_until). [`BackfillError::ErasureNotSupported`] if an
    /// event erases a person.
    pub fn record(
        &mut self,
        at: Timestamp,
        context: CommandContext,
        commands: Vec<Command>,
    ) -> Result<(), BackfillError> {
        if at < self.appended_until {
            return Err(BackfillError::TooLate(at));
        }
        let mut events = Vec::new();
        for command in commands {
            let step = step_for(command);
            let stream = self.streams.entry(step.stream().clone()).or_insert_with(|| StreamState {
                state: step.initial_state(),
                version: StreamVersion::START,
            });
            let decided = step
                .decide(&mut stream.state, at)
                .map_err(|refusal| BackfillError::Refused { at, refusal })?;
            for event in decided {
                if event.erases.is_some() {
                    return Err(BackfillError::ErasureNotSupported);
                }
                stream.version = stream.version.next();
                events.push((step.stream().clone(), stream.version, event));
            }
        }
        if !events.is_empty() {
            // The executor orders the events of an append by stream, too.
            events.sort_by(|(one, ..), (other, ..)| one.cmp(other));
            self.count += 1;
            self.decided.insert((at, self.count), DecidedAppend { context, events });
        }
        Ok(())
    }

    /// Drops the state of a stream. The caller must send it no further commands.
    pub fn drop_stream<A: Aggregate>(&mut self, id: impl std::fmt::Display) {
        self.streams.remove(&StreamId::of::<A>(id));
    }

    /// Appends the events before `until`. Later calls of [`record`](Self::record) must not be before it.
    ///
    /// # Errors
    /// [`BackfillError::SealFailed`] if personal data cannot be sealed. [`BackfillError::ConcurrentWriter`]
    /// if the writer has failed; [`finish`](Self::finish) then returns its error.
    pub async fn append_until(&mut self, until: Timestamp) -> Result<(), BackfillError> {
        self.appended_until = until;
        let rest = self.decided.split_off(&(until, 0));
        let mut batch = Vec::new();
        let mut size = 0;
        for ((at, _), append) in std::mem::replace(&mut self.decided, rest) {
            size += append.events.len();
            batch.push((at, append));
            if size >= BATCH_EVENTS {
                self.send(std::mem::take(&mut batch)).await?;
                size = 0;
            }
        }
        if batch.is_empty() { Ok(()) } else { self.send(batch).await }
    }

    /// Appends the remaining events. Returns the position of the last event; [`Position::START`] if there is none.
    ///
    /// # Errors
    /// [`BackfillError::Database`] if the database failed, now or before. [`BackfillError::ConcurrentWriter`]
    /// if another writer has appended. [`BackfillError::SealFailed`] if personal data cannot be sealed.
    pub async fn finish(mut self) -> Result<Position, BackfillError> {
        let appended = self.append_until(Timestamp::MAX).await;
        drop(self.batches);
        let written = self.writer.await.expect("the writer does not panic")?;
        appended.map(|()| written)
    }

    async fn send(&mut self, mut appends: Vec<(Timestamp, DecidedAppend)>) -> Result<(), BackfillError> {
        let mut trees: Vec<&mut Value> = appends
            .iter_mut()
            .flat_map(|(_, append)| &mut append.events)
            .map(|(.., event)| &mut event.payload)
            .collect();
        let new_keys = self.sealer.seal_known(&mut trees, &mut self.keys);
        let new_keys = new_keys.map_err(|error: SealError| BackfillError::SealFailed(Box::new(error)))?;
        let keys = new_keys.into_iter().map(|new| (new.subject.uuid(), new.wrapped)).unzip();
        let mut batch = BackfillBatch { keys, ..BackfillBatch::default() };
        for (at, append) in appends {
            batch.add_append(at, append);
        }
        // If the writer has failed, `finish` returns its error.
        self.batches.send(batch).await.map_err(|_| BackfillError::ConcurrentWriter)
    }
}

/// Columns of [`backfill.sql`](backfill.sql), and the changes of claims.
#[derive(Default)]
struct BackfillBatch {
    types: Vec<String>,
    ids: Vec<String>,
    sequences: Vec<i64>,
    event_types: Vec<String>,
    event_versions: Vec<String>,
    payloads: Vec<String>,
    metadata: Vec<String>,
    payload_sha256: Vec<String>,
    metadata_sha256: Vec<String>,
    instants: Vec<Timestamp>,
    command_ids: Vec<Uuid>,
    first: Vec<i64>,
    last: Vec<i64>,
    keys: (Vec<Uuid>, Vec<Vec<u8>>),
    claims: Vec<(StreamId, Claim)>,
}

impl BackfillBatch {
    fn add_append(&mut self, at: Timestamp, append: DecidedAppend) {
        let metadata =
            serde_json::to_string(&append.context.metadata()).expect("metadata is a flat map of texts");
        let metadata_sha256 = sha256_hex(&metadata);
        self.command_ids.push(append.context.command_id.0);
        self.first.push(self.ids.len() as i64 + 1);
        for (stream, sequence, event) in append.events {
            let EncodedEvent { event_type, event_version, payload, payload_sha256, claims, .. } =
                event.encode("", "");
            self.claims.extend(claims.into_iter().map(|claim| (stream.clone(), claim)));
            self.types.push(stream.aggregate_type);
            self.ids.push(stream.aggregate_id);
            self.sequences.push(sequence.to_bigint());
            self.event_types.push(event_type);
            self.event_versions.push(event_version);
            self.payloads.push(payload);
            self.metadata.push(metadata.clone());
            self.payload_sha256.push(payload_sha256);
            self.metadata_sha256.push(metadata_sha256.clone());
            self.instants.push(at);
        }
        self.last.push(self.ids.len() as i64);
    }
}

/// Writes one batch after the other. Returns the position of the last event.
async fn run_writer(
    mut connection: PgConnection,
    claim_key: Arc<ClaimKey>,
    mut batches: mpsc::Receiver<BackfillBatch>,
) -> Result<Position, BackfillError> {
    let (mut position, mut next_analyze) = (Position::START, FIRST_ANALYZE);
    while let Some(batch) = batches.recv().await {
        position = write_batch(&mut connection, &claim_key, position, batch).await?;
        if position >= next_analyze {
            connection.execute("analyze log.unique_claims, log.time_claims").await?;
            next_analyze = Position(position.0 * 2);
        }
    }
    connection.close().await?;
    Ok(position)
}

async fn write_batch(
    connection: &mut PgConnection,
    claim_key: &ClaimKey,
    position: Position,
    batch: BackfillBatch,
) -> Result<Position, BackfillError> {
    let Some(first) = batch.instants.first().map(|first| first.to_sqlx()) else { return Ok(position) };
    let instants: Vec<_> = batch.instants.iter().map(|at| at.to_sqlx()).collect();
    let mut transaction = connection.begin().await?;
    transaction.execute("lock table log.append_order in share update exclusive mode").await?;
    let written: Option<Position> = sqlx::query_scalar(include_str!("backfill.sql"))
        .bind(position)
        .bind(&batch.types)
        .bind(&batch.ids)
        .bind(&batch.sequences)
        .bind(&batch.event_types)
        .bind(&batch.event_versions)
        .bind(&batch.payloads)
        .bind(&batch.metadata)
        .bind(&batch.payload_sha256)
        .bind(&batch.metadata_sha256)
        .bind(instants)
        .bind(&batch.command_ids)
        .bind(&batch.first)
        .bind(&batch.last)
        .bind(&batch.keys.0)
        .bind(first)
        .bind(&batch.keys.1)
        .fetch_optional(&mut *transaction)
        .await?;
    let written = written.ok_or(BackfillError::ConcurrentWriter)?;
    let mut claims = ClaimColumns::default();
    for (owner, claim) in &batch.claims {
        claims.add(0, &owner.aggregate_type, &owner.aggregate_id, claim, claim_key);
    }
    claims.apply(&mut transaction).await?;
    transaction.commit().await?;
    Ok(written)
}
