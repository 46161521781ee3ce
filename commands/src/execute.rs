//! Executes commands: loads, decides, appends, and retries if another writer was faster.

use std::sync::Arc;
use std::time::Duration;

use domain::{
    Clock, CommandContext, DispatchError, Receipt, Refusal, StreamId, StreamVersion, VersionedStream,
};
use rand::Rng;
use serde_json::Value;
use sqlx::PgPool;

use crate::locked_streams::{LockedStreams, cached_state, cached_state_mut, empty_state};
use crate::log::{
    Append, AppendError, AppendOutcome, Appender, Loader, NewSnapshot, Sealer, SnapshotWriter, StreamWrite,
    SubjectKeys, is_snapshot_due, wait_for_outcome,
};
use crate::step::{AnyState, CommandStep, NewEvent, sha256_hex};
use crate::stream_cache::{InFlightAppend, StreamCache};

/// Number of attempts before the executor returns [`DispatchError::Contended`].
const ATTEMPTS: u32 = 50;

/// Executor of commands.
pub(crate) struct Executor {
    pub pool: PgPool,
    pub clock: Arc<dyn Clock>,
    pub cache: StreamCache,
    pub loader: Loader,
    pub appender: Appender,
    pub sealer: Arc<Sealer>,
    pub keys: Arc<SubjectKeys>,
    pub snapshots: SnapshotWriter,
}

/// Result of one attempt.
enum AttemptResult {
    Done(Receipt),
    /// Another writer was faster, or the in-flight events that the decision used have failed.
    Retry,
}

impl Executor {
    /// Decides the steps, each on its own stream, and commits them in one append.
    ///
    /// # Errors
    /// [`DispatchError::Contended`] after [`ATTEMPTS`] lost races. The other variants as of
    /// [`domain::Dispatch::dispatch_atomically`].
    pub async fn execute(
        &self,
        steps: &[Box<dyn CommandStep>],
        context: &CommandContext,
    ) -> Result<Receipt, DispatchError> {
        for attempt in 0..ATTEMPTS {
            match self.execute_once(steps, context).await? {
                AttemptResult::Done(receipt) => return Ok(receipt),
                AttemptResult::Retry => {
                    metrics::counter!("kafedra_command_retries_total").increment(1);
                    if attempt > 0 {
                        tokio::time::sleep(retry_delay(attempt)).await;
                    }
                }
            }
        }
        Err(DispatchError::Contended)
    }

    async fn execute_once(
        &self,
        steps: &[Box<dyn CommandStep>],
        context: &CommandContext,
    ) -> Result<AttemptResult, DispatchError> {
        let mut locked = self.lock_streams(steps).await?;
        let before: Vec<StreamVersion> =
            locked.entries.iter().map(|(_, entry)| cached_state(entry).version).collect();
        if let Some(expected) = context.expected_version
            && locked.version_of(steps[0].stream()) != expected
        {
            return self
                .confirm_on_committed_state(
                    steps,
                    locked,
                    &before,
                    context,
                    Unconfirmed::Version { expected },
                )
                .await;
        }
        let now = self.clock.now();
        let mut decided: Vec<(usize, Vec<NewEvent>)> = Vec::new();
        for step in steps {
            let index = locked.index_of(step.stream());
            let entry = &mut locked.entries[index].1;
            match step.decide(&mut cached_state_mut(entry).state, now) {
                Ok(events) => {
                    let state = cached_state_mut(entry);
                    state.version = state.version + events.len() as u64;
                    decided.push((index, events));
                }
                Err(refusal) => {
                    locked.evict_changed(&before);
                    return self
                        .confirm_on_committed_state(
                            steps,
                            locked,
                            &before,
                            context,
                            Unconfirmed::Refused(refusal),
                        )
                        .await;
                }
            }
        }
        if decided.iter().all(|(_, events)| events.is_empty()) {
            return self
                .confirm_on_committed_state(steps, locked, &before, context, Unconfirmed::NoChange)
                .await;
        }
        self.append(steps, locked, &before, decided, context).await
    }

    /// Locks every stream, and loads the streams that are not cached.
    ///
    /// The locks are taken in the order of the stream ids, so that no two commands wait for each other.
    async fn lock_streams(&self, steps: &[Box<dyn CommandStep>]) -> Result<LockedStreams, DispatchError> {
        let mut streams: Vec<&Box<dyn CommandStep>> = steps.iter().collect();
        streams.sort_by(|a, b| a.stream().cmp(b.stream()));
        streams.dedup_by(|a, b| a.stream() == b.stream());
        let mut entries = Vec::with_capacity(streams.len());
        for step in streams {
            let mut entry = self.cache.lock(step.stream()).await;
            if entry.cached.is_none() {
                let mut cached = empty_state(step.initial_state());
                let apply = |state: &mut AnyState, loaded| step.apply_stream(state, loaded);
                self.refresh(&mut cached, step.stream(), Some(step.snapshot_version()), &apply).await?;
                entry.cached = Some(cached);
            }
            entries.push((step.stream().clone(), entry));
        }
        Ok(LockedStreams { entries })
    }

    async fn append(
        &self,
        steps: &[Box<dyn CommandStep>],
        mut locked: LockedStreams,
        before: &[StreamVersion],
        mut decided: Vec<(usize, Vec<NewEvent>)>,
        context: &CommandContext,
    ) -> Result<AttemptResult, DispatchError> {
        let sealed = {
            let mut trees: Vec<&mut Value> =
                decided.iter_mut().flat_map(|(_, events)| events).map(|event| &mut event.payload).collect();
            self.sealer.seal(&mut trees).await
        };
        let new_keys = match sealed {
            Ok(new_keys) => new_keys,
            Err(error) => {
                locked.evict_all();
                return Err(DispatchError::Unavailable(Box::new(error)));
            }
        };
        let metadata = serde_json::to_string(&context.metadata()).expect("metadata is a flat map of texts");
        let metadata_sha256 = sha256_hex(&metadata);
        let mut writes: Vec<StreamWrite> = locked
            .entries
            .iter()
            .zip(before)
            .map(|((stream, entry), version)| StreamWrite {
                stream: stream.clone(),
                expected_version: *version,
                decided_on: entry.in_flight().map(|append| append.command_id),
                events: Vec::new(),
            })
            .collect();
        for (index, events) in decided {
            writes[index]
                .events
                .extend(events.into_iter().map(|event| event.encode(&metadata, &metadata_sha256)));
        }
        // An unchanged stream is a part of the decision too: the append checks its version.
        let outcome = self.appender.enqueue(Append {
            command_id: context.command_id,
            writes,
            new_keys: new_keys.iter().map(|new| (new.subject, new.wrapped.clone())).collect(),
        });
        let append = InFlightAppend { command_id: context.command_id, outcome: outcome.clone() };
        let generations = locked.release_with_in_flight(&append, before);
        let outcome = wait_for_outcome(&mut outcome.clone()).await;
        match outcome {
            Ok(done) if !done.duplicate => {
                for new in new_keys {
                    self.keys.insert_committed(new.subject, new.key);
                }
                self.write_snapshots(steps, before, &generations).await;
                let streams = versions_by_step(steps, &generations);
                Ok(AttemptResult::Done(Receipt { position: done.last_position, streams, replayed: false }))
            }
            other => {
                for (stream, generation, _) in &generations {
                    self.cache.evict(stream, *generation).await;
                }
                self.handle_append_error(steps, other, context).await
            }
        }
    }

    async fn handle_append_error(
        &self,
        steps: &[Box<dyn CommandStep>],
        outcome: AppendOutcome,
        context: &CommandContext,
    ) -> Result<AttemptResult, DispatchError> {
        match outcome {
            Ok(first) => Ok(AttemptResult::Done(self.restore_receipt(first).await?)),
            Err(AppendError::Stale | AppendError::KeyConflict) => Ok(AttemptResult::Retry),
            Err(AppendError::Claimed { taker, claim }) => {
                if let Some(first) = self.find_receipt(context).await? {
                    return Ok(AttemptResult::Done(first));
                }
                let step =
                    steps.iter().find(|step| step.stream().aggregate_type == taker).unwrap_or(&steps[0]);
                Err(DispatchError::Refused(step.claim_refusal(claim)))
            }
            Err(AppendError::Unavailable(reason)) => Err(DispatchError::Unavailable(reason.into())),
            Err(AppendError::Fault(reason)) => Err(DispatchError::Fault(reason.into())),
        }
    }

    /// Enqueues a snapshot of each stream that passed a multiple of its snapshot interval.
    async fn write_snapshots(
        &self,
        steps: &[Box<dyn CommandStep>],
        before: &[StreamVersion],
        after: &[(StreamId, u64, StreamVersion)],
    ) {
        for ((stream, generation, version), before) in after.iter().zip(before) {
            let step =
                steps.iter().find(|step| step.stream() == stream).expect("a locked stream comes from a step");
            if !is_snapshot_due(*before, *version, step.snapshot_every()) {
                continue;
            }
            let entry = self.cache.lock(stream).await;
            // Only a committed state becomes a snapshot: an append in flight may still fail.
            if entry.generation != *generation || entry.in_flight().is_some() {
                continue;
            }
            let Some(cached) = &entry.cached else { continue };
            let Ok(state) = step.snapshot(&cached.state) else { continue };
            let snapshot = NewSnapshot {
                stream: stream.clone(),
                version: cached.version,
                position: cached.position(),
                snapshot_version: step.snapshot_version(),
                state,
            };
            drop(entry);
            self.snapshots.enqueue(snapshot);
        }
    }

    /// Confirms a refusal, an unchanged state or an unexpected version on the newest committed state.
    ///
    /// Without this, the answer could follow from a stale state or from in-flight events that fail later.
    async fn confirm_on_committed_state(
        &self,
        steps: &[Box<dyn CommandStep>],
        mut locked: LockedStreams,
        before: &[StreamVersion],
        context: &CommandContext,
        unconfirmed: Unconfirmed,
    ) -> Result<AttemptResult, DispatchError> {
        let in_flight: Vec<_> = locked.entries.iter().filter_map(|(_, entry)| entry.in_flight()).collect();
        if !in_flight.is_empty() {
            drop(locked);
            for mut append in in_flight {
                let _ = wait_for_outcome(&mut append.outcome).await;
            }
            return Ok(AttemptResult::Retry);
        }
        let mut moved = false;
        for ((stream, entry), seen) in locked.entries.iter_mut().zip(before) {
            let step =
                steps.iter().find(|step| step.stream() == stream).expect("a locked stream comes from a step");
            // The state is evicted if earlier steps changed it before a step refused: load from the start.
            let cached = entry.cached.get_or_insert_with(|| empty_state(step.initial_state()));
            let apply = |state: &mut AnyState, loaded| step.apply_stream(state, loaded);
            self.refresh(cached, stream, None, &apply).await?;
            moved |= cached.version != *seen;
        }
        if moved {
            return Ok(AttemptResult::Retry);
        }
        let unchanged = Receipt {
            position: locked
                .entries
                .iter()
                .map(|(_, entry)| cached_state(entry).position())
                .max()
                .unwrap_or_default(),
            streams: steps
                .iter()
                .map(|step| VersionedStream {
                    stream: step.stream().clone(),
                    version: locked.version_of(step.stream()),
                })
                .collect(),
            replayed: false,
        };
        drop(locked);
        if let Some(first) = self.find_receipt(context).await? {
            return Ok(AttemptResult::Done(first));
        }
        match unconfirmed {
            Unconfirmed::NoChange => Ok(AttemptResult::Done(unchanged)),
            Unconfirmed::Refused(refusal) => Err(DispatchError::Refused(refusal)),
            Unconfirmed::Version { expected } => {
                Err(DispatchError::StaleVersion { expected, actual: unchanged.version() })
            }
        }
    }
}

/// An answer that is correct only if the state was the newest committed one.
enum Unconfirmed {
    Refused(Refusal),
    NoChange,
    Version { expected: StreamVersion },
}

/// Returns the streams in the order of the steps, with their present versions.
fn versions_by_step(
    steps: &[Box<dyn CommandStep>],
    generations: &[(StreamId, u64, StreamVersion)],
) -> Vec<VersionedStream> {
    steps
        .iter()
        .filter_map(|step| generations.iter().find(|(stream, ..)| stream == step.stream()))
        .map(|(stream, _, version)| VersionedStream { stream: stream.clone(), version: *version })
        .collect()
}

fn retry_delay(attempt: u32) -> Duration {
    #[expect(clippy::disallowed_methods, reason = "random delays spread the writers of several OS processes")]
    let micros = rand::rng().random_range(0..2_000 * u64::from(attempt.min(10)));
    Duration::from_micros(micros)
}

pub(crate) fn unavailable(error: sqlx::Error) -> DispatchError {
    DispatchError::Unavailable(Box::new(error))
}
