//! Load, decide, append; again if someone was faster; the receipt.

use std::sync::Arc;
use std::time::Duration;

use domain::{AccountId, Clock, Context, Decider, DispatchError, Receipt, Refusal, StreamId, StreamVersion};
use rand::Rng;
use serde_json::Value;
use sqlx::PgPool;

use crate::locked_streams::{Turn, absorb, cold, warm, warm_mut};
use crate::log::{
    Append, AppendError, Appender, LoadFailure, Loader, NewSnapshot, Outcome, Sealer, Snapshots, StreamWrite,
    SubjectKeys, Wanted, outcome_of, snapshot_due,
};
use crate::step::{Decided, Step, fold, text_sha256, typed, unborn};
use crate::stream_cache::{Lanes, OnItsWay};

/// After so many lost races the caller hears of it.
const ATTEMPTS: u32 = 50;

/// Carries out commands.
pub(crate) struct Executor {
    pub pool: PgPool,
    pub clock: Arc<dyn Clock>,
    pub lanes: Lanes,
    pub loader: Loader,
    pub appender: Appender,
    pub sealer: Arc<Sealer>,
    pub keys: Arc<SubjectKeys>,
    pub snapshots: Snapshots,
}

/// An aggregate as it stands in the log.
#[derive(Clone, Debug)]
pub struct Loaded<A> {
    pub state: Arc<A>,
    /// Sequence of its last event; 0 when there is none.
    pub version: u64,
    /// Position of its last event; 0 when there is none.
    pub position: u64,
}

/// What one attempt led to.
enum Attempt {
    Answer(Receipt),
    /// Somebody was faster, or what was decided on did not come to be.
    Again,
}

impl Executor {
    /// Decides the steps, each on its own stream, and commits them in one append.
    pub async fn execute(
        &self,
        steps: &[Box<dyn Step>],
        context: &Context,
    ) -> Result<Receipt, DispatchError> {
        for attempt in 0..ATTEMPTS {
            match self.attempt(steps, context).await? {
                Attempt::Answer(receipt) => return Ok(receipt),
                Attempt::Again => {
                    metrics::counter!("kafedra_command_retries_total").increment(1);
                    if attempt > 0 {
                        tokio::time::sleep(jitter(attempt)).await;
                    }
                }
            }
        }
        Err(DispatchError::Contended)
    }

    /// The state of a stream with every committed event.
    pub async fn load<A: Decider>(&self, stream: &StreamId) -> Result<Loaded<A>, DispatchError> {
        let mut lane = self.lanes.enter(stream).await;
        if let Some(pending) = lane.pending() {
            // Only what is committed is shown.
            drop(lane);
            let _ = outcome_of(&mut pending.outcome.clone()).await;
            lane = self.lanes.enter(stream).await;
            if lane.pending().is_some() {
                // A busy stream: fold it beside the lane.
                return self.load_apart(stream).await;
            }
        }
        let mut warm = lane.warm.take().unwrap_or_else(|| cold(unborn::<A>()));
        let wanted = Wanted {
            stream: stream.clone(),
            after_version: warm.version,
            snapshot_version: Some(A::SNAPSHOT_VERSION),
        };
        let loaded = self.loader.load(wanted).await.map_err(load_error)?;
        absorb(&mut warm, loaded, |state, loaded| fold::<A>(state, loaded))?;
        let answer = Loaded {
            state: Arc::clone(typed::<A>(&warm.state)),
            version: warm.version,
            position: warm.position,
        };
        lane.warm = Some(warm);
        Ok(answer)
    }

    async fn load_apart<A: Decider>(&self, stream: &StreamId) -> Result<Loaded<A>, DispatchError> {
        let wanted =
            Wanted { stream: stream.clone(), after_version: 0, snapshot_version: Some(A::SNAPSHOT_VERSION) };
        let mut warm = cold(unborn::<A>());
        absorb(&mut warm, self.loader.load(wanted).await.map_err(load_error)?, |state, loaded| {
            fold::<A>(state, loaded)
        })?;
        Ok(Loaded {
            state: Arc::clone(typed::<A>(&warm.state)),
            version: warm.version,
            position: warm.position,
        })
    }

    async fn attempt(&self, steps: &[Box<dyn Step>], context: &Context) -> Result<Attempt, DispatchError> {
        let mut turn = self.enter(steps).await?;
        let before: Vec<u64> = turn.lanes.iter().map(|(_, lane)| warm(lane).version).collect();
        if let Some(expected) = context.expected_version
            && turn.version_of(steps[0].stream()) != expected
        {
            return self.doubt(steps, turn, &before, context, Doubt::Version { expected }).await;
        }
        let now = self.clock.now();
        let mut decided: Vec<(usize, Vec<Decided>)> = Vec::new();
        for step in steps {
            let index = turn.index_of(step.stream());
            let lane = &mut turn.lanes[index].1;
            match step.decide(&mut warm_mut(lane).state, now) {
                Ok(events) => {
                    warm_mut(lane).version += events.len() as u64;
                    decided.push((index, events));
                }
                Err(refusal) => {
                    turn.undo(&before);
                    return self.doubt(steps, turn, &before, context, Doubt::Refused(refusal)).await;
                }
            }
        }
        if decided.iter().all(|(_, events)| events.is_empty()) {
            return self.doubt(steps, turn, &before, context, Doubt::AlreadySo).await;
        }
        self.append(steps, turn, &before, decided, context).await
    }

    /// Takes the turn on every stream, in the order of their names so that nobody waits in a circle,
    /// and loads what is cold.
    async fn enter(&self, steps: &[Box<dyn Step>]) -> Result<Turn, DispatchError> {
        let mut streams: Vec<&Box<dyn Step>> = steps.iter().collect();
        streams.sort_by(|a, b| a.stream().cmp(b.stream()));
        streams.dedup_by(|a, b| a.stream() == b.stream());
        let mut lanes = Vec::with_capacity(streams.len());
        for step in streams {
            let mut lane = self.lanes.enter(step.stream()).await;
            if lane.warm.is_none() {
                let mut warm = cold(step.unborn());
                let wanted = Wanted {
                    stream: step.stream().clone(),
                    after_version: 0,
                    snapshot_version: Some(step.snapshot_version()),
                };
                let loaded = self.loader.load(wanted).await.map_err(load_error)?;
                absorb(&mut warm, loaded, |state, loaded| step.fold(state, loaded))?;
                lane.warm = Some(warm);
            }
            lanes.push((step.stream().clone(), lane));
        }
        Ok(Turn { lanes })
    }

    async fn append(
        &self,
        steps: &[Box<dyn Step>],
        mut turn: Turn,
        before: &[u64],
        mut decided: Vec<(usize, Vec<Decided>)>,
        context: &Context,
    ) -> Result<Attempt, DispatchError> {
        let sealed = {
            let mut trees: Vec<&mut Value> =
                decided.iter_mut().flat_map(|(_, events)| events).map(|event| &mut event.payload).collect();
            self.sealer.seal(&mut trees).await
        };
        let made = match sealed {
            Ok(made) => made,
            Err(error) => {
                turn.discard();
                return Err(DispatchError::Unavailable(Box::new(error)));
            }
        };
        let metadata = serde_json::to_string(&context.metadata()).expect("metadata is a flat map of texts");
        let metadata_sha256 = text_sha256(&metadata);
        let mut writes: Vec<StreamWrite> = turn
            .lanes
            .iter()
            .zip(before)
            .map(|((stream, lane), version)| StreamWrite {
                stream: stream.clone(),
                expected_version: *version,
                base: lane.pending().map(|append| append.command_id),
                events: Vec::new(),
            })
            .collect();
        for (index, events) in decided {
            writes[index]
                .events
                .extend(events.into_iter().map(|event| event.encode(&metadata, &metadata_sha256)));
        }
        // A stream on which nothing had to change is still part of the decision: its version counts.
        let new_keys: Vec<(AccountId, [u8; 32], Vec<u8>)> = made.0;
        let outcome = self.appender.enqueue(Append {
            command_id: context.command_id,
            writes,
            new_keys: new_keys.iter().map(|(who, _, wrapped)| (*who, wrapped.clone())).collect(),
        });
        let append = OnItsWay { command_id: context.command_id, outcome: outcome.clone() };
        let generations = turn.leave(&append, before);
        let outcome = outcome_of(&mut outcome.clone()).await;
        match outcome {
            Ok(done) if !done.duplicate => {
                for (subject, key, _) in new_keys {
                    self.keys.committed(subject, key);
                }
                self.keep_snapshots(steps, before, &generations).await;
                let streams = steps_versions(steps, &generations);
                Ok(Attempt::Answer(Receipt { position: done.last_position, streams, replayed: false }))
            }
            other => {
                for (stream, generation, _) in &generations {
                    self.lanes.discard(stream, *generation).await;
                }
                self.not_appended(steps, other, context).await
            }
        }
    }

    async fn not_appended(
        &self,
        steps: &[Box<dyn Step>],
        outcome: Outcome,
        context: &Context,
    ) -> Result<Attempt, DispatchError> {
        match outcome {
            Ok(first) => Ok(Attempt::Answer(self.first_receipt(first).await?)),
            Err(AppendError::Stale | AppendError::KeyLost) => Ok(Attempt::Again),
            Err(AppendError::Claimed { taker, claim }) => {
                if let Some(first) = self.find_receipt(context).await? {
                    return Ok(Attempt::Answer(first));
                }
                let step =
                    steps.iter().find(|step| step.stream().aggregate_type == taker).unwrap_or(&steps[0]);
                Err(DispatchError::Refused(step.refused_claim(claim)))
            }
            Err(AppendError::Unavailable(reason)) => Err(DispatchError::Unavailable(reason.into())),
            Err(AppendError::Fault(reason)) => Err(DispatchError::Fault(reason.into())),
        }
    }

    /// Keeps a snapshot of each stream that grew past a milestone.
    async fn keep_snapshots(&self, steps: &[Box<dyn Step>], before: &[u64], after: &[(StreamId, u64, u64)]) {
        for ((stream, generation, version), before) in after.iter().zip(before) {
            let step = steps.iter().find(|step| step.stream() == stream).expect("a lane comes from a step");
            if !snapshot_due(*before, *version, step.snapshot_every()) {
                continue;
            }
            let lane = self.lanes.enter(stream).await;
            // Only a committed state is kept: what follows may still fail.
            if lane.generation != *generation || lane.pending().is_some() {
                continue;
            }
            let Some(warm) = &lane.warm else { continue };
            let Ok(state) = step.snapshot(&warm.state) else { continue };
            let snapshot = NewSnapshot {
                stream: stream.clone(),
                version: warm.version,
                position: warm.position(),
                snapshot_version: step.snapshot_version(),
                state,
            };
            drop(lane);
            self.snapshots.keep(snapshot);
        }
    }

    /// A refusal, an unchanged state or an unexpected version may rest on a state that is stale, or
    /// on events that never come to be. Only the newest committed state may say so.
    async fn doubt(
        &self,
        steps: &[Box<dyn Step>],
        mut turn: Turn,
        before: &[u64],
        context: &Context,
        doubt: Doubt,
    ) -> Result<Attempt, DispatchError> {
        let pending: Vec<_> = turn.lanes.iter().filter_map(|(_, lane)| lane.pending()).collect();
        if !pending.is_empty() {
            drop(turn);
            for mut append in pending {
                let _ = outcome_of(&mut append.outcome).await;
            }
            return Ok(Attempt::Again);
        }
        let mut moved = false;
        for ((stream, lane), seen) in turn.lanes.iter_mut().zip(before) {
            let step = steps.iter().find(|step| step.stream() == stream).expect("a lane comes from a step");
            // A part of the steps may have been folded in before one refused: then from the start.
            let warm = lane.warm.get_or_insert_with(|| cold(step.unborn()));
            let wanted =
                Wanted { stream: stream.clone(), after_version: warm.version, snapshot_version: None };
            let loaded = self.loader.load(wanted).await.map_err(load_error)?;
            absorb(warm, loaded, |state, loaded| step.fold(state, loaded))?;
            moved |= warm.version != *seen;
        }
        if moved {
            return Ok(Attempt::Again);
        }
        let unchanged = Receipt {
            position: turn.lanes.iter().map(|(_, lane)| warm(lane).position()).max().unwrap_or(0),
            streams: steps
                .iter()
                .map(|step| StreamVersion {
                    stream: step.stream().clone(),
                    version: turn.version_of(step.stream()),
                })
                .collect(),
            replayed: false,
        };
        drop(turn);
        if let Some(first) = self.find_receipt(context).await? {
            return Ok(Attempt::Answer(first));
        }
        match doubt {
            Doubt::AlreadySo => Ok(Attempt::Answer(unchanged)),
            Doubt::Refused(refusal) => Err(DispatchError::Refused(refusal)),
            Doubt::Version { expected } => {
                Err(DispatchError::StaleVersion { expected, actual: unchanged.version() })
            }
        }
    }
}

/// What was decided, if the state is right.
enum Doubt {
    Refused(Refusal),
    AlreadySo,
    Version { expected: u64 },
}

/// The streams in the order of the steps, with the versions they have now.
fn steps_versions(steps: &[Box<dyn Step>], generations: &[(StreamId, u64, u64)]) -> Vec<StreamVersion> {
    steps
        .iter()
        .filter_map(|step| generations.iter().find(|(stream, ..)| stream == step.stream()))
        .map(|(stream, _, version)| StreamVersion { stream: stream.clone(), version: *version })
        .collect()
}

fn jitter(attempt: u32) -> Duration {
    #[expect(clippy::disallowed_methods, reason = "chance keeps writers on several processes apart")]
    let micros = rand::rng().random_range(0..2_000 * u64::from(attempt.min(10)));
    Duration::from_micros(micros)
}

fn load_error(failure: LoadFailure) -> DispatchError {
    match failure {
        LoadFailure::Unavailable(_) => DispatchError::Unavailable(Box::new(failure)),
        LoadFailure::Unreadable(_) => DispatchError::Fault(Box::new(failure)),
    }
}

pub(crate) fn unavailable(error: sqlx::Error) -> DispatchError {
    DispatchError::Unavailable(Box::new(error))
}
