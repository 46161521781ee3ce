//! Executes commands: loads, decides, appends, and retries if another writer was faster.

use std::sync::Arc;
use std::time::Duration;

use domain::{
    Clock, CommandContext, DispatchError, Receipt, Refusal, StreamId, StreamVersion, VersionedStream,
};
use rand::Rng;
use serde_json::Value;
use sqlx::PgPool;

use crate::locked_streams::{LockedStream, LockedStreams, empty_state};
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
        let before: Vec<StreamVersion> = locked.streams.iter().map(|locked| locked.cached.version).collect();
        if let Some(expected) = context.expected_versions.first().copied()
            && !context.expected_versions.contains(&locked.version_of(steps[0].stream()))
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
            let cached = &mut locked.streams[index].cached;
            match step.decide(&mut cached.state, now) {
                Ok(events) => {
                    cached.version = cached.version + events.len() as u64;
                    decided.push((index, events));
                }
                Err(refusal) => {
                    reset_changed(steps, &mut locked, &before);
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
        let mut locked = Vec::with_capacity(streams.len());
        for step in streams {
            let mut entry = self.cache.lock(step.stream()).await;
            let cached = match entry.cached.take() {
                Some(cached) => cached,
                None => {
                    let mut cached = empty_state(step.initial_state());
                    let apply = |state: &mut AnyState, loaded| step.apply_stream(state, loaded);
                    self.refresh(&mut cached, step.stream(), Some(step.snapshot_version()), &apply).await?;
                    cached
                }
            };
            locked.push(LockedStream::new(step.stream().clone(), cached, entry));
        }
        Ok(LockedStreams { streams: locked })
    }

    async fn append(
        &self,
        steps: &[Box<dyn CommandStep>],
        locked: LockedStreams,
        before: &[StreamVersion],
        mut decided: Vec<(usize, Vec<NewEvent>)>,
        context: &CommandContext,
    ) -> Result<AttemptResult, DispatchError> {
        let sealed = {
            let mut trees: Vec<&mut Value> =
                decided.iter_mut().flat_map(|(_, events)| events).map(|event| &mut event.payload).collect();
            self.sealer.seal(&mut trees).await
        };
        let new_keys = sealed.map_err(|error| DispatchError::Unavailable(Box::new(error)))?;
        let metadata = serde_json::to_string(&context.metadata()).expect("metadata is a flat map of texts");
        let metadata_sha256 = sha256_hex(&metadata);
        let mut writes: Vec<StreamWrite> = locked
            .streams
            .iter()
            .zip(before)
            .map(|(locked, version)| StreamWrite {
                stream: locked.stream.clone(),
                expected_version: *version,
                decided_on: locked.cached.in_flight().map(|append| append.command_id),
                events: Vec::new(),
            })
            .collect();
        for (index, events) in decided {
            writes[index]
                .events
                .extend(events.into_iter().map(|event| event.encode(&metadata, &metadata_sha256)));
        }
        let erased: Vec<_> =
            writes.iter().flat_map(|write| &write.events).filter_map(|event| event.erases).collect();
        // An unchanged stream is a part of the decision too: the append checks its version.
        let enqueued = self.appender.enqueue(Append {
            command_id: context.command_id,
            writes,
            new_keys: new_keys.iter().map(|new| (new.subject, new.wrapped.clone())).collect(),
        });
        let append = InFlightAppend { command_id: context.command_id, outcome: enqueued.outcome.clone() };
        let generations = locked.release_with_in_flight(&append, before);
        let outcome = wait_for_outcome(&mut enqueued.outcome.clone()).await;
        match outcome {
            Ok(done) if !done.duplicate => {
                for person in erased {
                    self.keys.evict(person);
                }
                for new in new_keys {
                    self.keys.insert_committed(&new);
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
            let step = step_of(steps, stream);
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
        let in_flight: Vec<_> =
            locked.streams.iter().filter_map(|locked| locked.cached.in_flight()).collect();
        if !in_flight.is_empty() {
            locked.release_unchanged();
            for mut append in in_flight {
                let _ = wait_for_outcome(&mut append.outcome).await;
            }
            return Ok(AttemptResult::Retry);
        }
        let mut moved = false;
        for (locked, seen) in locked.streams.iter_mut().zip(before) {
            let step = step_of(steps, &locked.stream);
            let apply = |state: &mut AnyState, loaded| step.apply_stream(state, loaded);
            self.refresh(&mut locked.cached, &locked.stream, None, &apply).await?;
            moved |= locked.cached.version != *seen;
        }
        if moved {
            locked.release_unchanged();
            return Ok(AttemptResult::Retry);
        }
        let unchanged = Receipt {
            position: locked.streams.iter().map(|locked| locked.cached.position()).max().unwrap_or_default(),
            streams: steps
                .iter()
                .map(|step| VersionedStream {
                    stream: step.stream().clone(),
                    version: locked.version_of(step.stream()),
                })
                .collect(),
            replayed: false,
        };
        locked.release_unchanged();
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

/// Returns the first step on a locked stream.
fn step_of<'a>(steps: &'a [Box<dyn CommandStep>], stream: &StreamId) -> &'a dyn CommandStep {
    let step = steps.iter().find(|step| step.stream() == stream);
    step.expect("a locked stream comes from a step").as_ref()
}

/// Replaces the states that earlier steps changed before a step refused by the states before the first event.
/// `before` has their versions before.
fn reset_changed(steps: &[Box<dyn CommandStep>], locked: &mut LockedStreams, before: &[StreamVersion]) {
    for (locked, version) in locked.streams.iter_mut().zip(before) {
        if locked.cached.version != *version {
            locked.cached = empty_state(step_of(steps, &locked.stream).initial_state());
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
