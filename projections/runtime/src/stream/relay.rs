//! Publishes the log to JetStream in order of position, so that stream sequence = position.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State as Connection;
use async_nats::jetstream::context::{ContextBuilder, PublishAckFuture, PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::publish::PublishAck;
use async_nats::jetstream::{self, stream::Stream};
use domain::{Clock, EventLog, LogError, Position, SealedEvent};
use futures::stream::{FuturesOrdered, StreamExt};
use futures::{FutureExt, future::BoxFuture};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::connection::StreamSettings;
use super::jetstream::{JetStreamError, delete_stream, ensure_stream};
use super::relay_state::{RelayReport, RelayState, save_report};
use super::wire::{WireError, event_headers, parse_leaf_hash, subject_for};
use crate::error::error_chain;
use crate::leadership::{Leadership, Lease, relay_lock};

/// Number of events read from the log at once.
const PAGE_EVENTS: usize = 1_000;
/// Pause before a retry if NATS or the log is unavailable; doubled up to [`PAUSE_MAX`].
const PAUSE: Duration = Duration::from_millis(50);
const PAUSE_MAX: Duration = Duration::from_secs(1);
/// Pause before a retry of a problem that only an operator can solve.
const LONG_PAUSE: Duration = Duration::from_secs(5);
/// Interval at which the position is stored for other OS processes.
const RECORD_EVERY: Duration = Duration::from_secs(1);

/// Remedy for a stream that does not belong to the log.
const REMEDY: &str = "stop the program that writes to it, then delete the stream or set another nats.stream; the relay \
                      fills it from the log";

/// Relay of one stream.
#[derive(Clone)]
pub(crate) struct Relay {
    pub(crate) pool: PgPool,
    pub(crate) log: Arc<dyn EventLog>,
    /// Highest position known to be committed.
    pub(crate) committed: watch::Receiver<Position>,
    pub(crate) client: async_nats::Client,
    pub(crate) settings: StreamSettings,
    pub(crate) leadership: Leadership,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) report: watch::Sender<RelayReport>,
    /// Interval of polls of the log, in case `committed` misses a change.
    pub(crate) poll_interval: Duration,
}

/// Reason why publishing stopped.
enum StopReason {
    Unavailable(String),
    Diverged(String),
    Refused(String),
    /// The relay has deleted the stream, to fill it again.
    StreamRecreated,
}

impl Relay {
    /// Publishes while this OS process is the leader. Ends when `cancel` is cancelled.
    pub(crate) async fn run(self, cancel: CancellationToken) {
        let name = relay_lock(&self.settings.name);
        let jetstream =
            ContextBuilder::new().timeout(self.settings.request_timeout).build(self.client.clone());
        loop {
            self.report_state(RelayState::Standby, None, None);
            let lease = tokio::select! {
                () = cancel.cancelled() => return,
                lease = self.leadership.acquire(&name) => lease,
            };
            tokio::select! {
                () = cancel.cancelled() => return,
                () = lease.lost() => {}
                () = self.run_as_leader(&jetstream, &lease) => {}
            }
        }
    }

    async fn run_as_leader(&self, jetstream: &jetstream::Context, lease: &Lease) {
        let mut pause = PAUSE;
        let mut was_at = Position::START;
        while !lease.is_lost() {
            let stop = self.publish(jetstream).await;
            let position = self.report.borrow().position;
            let stuck = std::mem::replace(&mut was_at, position) == position;
            pause = match stop {
                StopReason::StreamRecreated => PAUSE,
                StopReason::Unavailable(detail) => {
                    self.report_state(RelayState::Waiting, None, Some(detail));
                    if stuck { (pause * 2).min(PAUSE_MAX) } else { PAUSE }
                }
                StopReason::Diverged(detail) => {
                    self.report_state(RelayState::Diverged, None, Some(detail));
                    LONG_PAUSE
                }
                StopReason::Refused(detail) => {
                    self.report_state(RelayState::Refused, None, Some(detail));
                    LONG_PAUSE
                }
            };
            self.persist_report().await;
            sleep(pause).await;
        }
    }

    /// Publishes from the last sequence of the stream, until a reason to stop.
    async fn publish(&self, jetstream: &jetstream::Context) -> StopReason {
        match self.publish_until_stopped(jetstream).await {
            Ok(never) => match never {},
            Err(stop) => stop,
        }
    }

    async fn publish_until_stopped(
        &self,
        jetstream: &jetstream::Context,
    ) -> Result<std::convert::Infallible, StopReason> {
        if self.client.connection_state() != Connection::Connected {
            return Err(StopReason::Unavailable("NATS is unavailable".to_owned()));
        }
        let stream = ensure_stream(jetstream, &self.settings).await?;
        let state = &stream.cached_info().state;
        let last = state.last_sequence;
        if state.messages < last {
            // The stream is purged or has gaps. Removed messages cannot be inserted again. On an emptied
            // stream nats-server 2.9 checks the expected sequence against a stale one.
            tracing::warn!(stream = self.settings.name, last, "recreating a stream with gaps");
            delete_stream(jetstream, &self.settings.name).await?;
            return Err(StopReason::StreamRecreated);
        }
        let last = Position(last);
        self.compare_last(&stream, last).await?;
        self.report_state(RelayState::Running, Some(last), None);
        self.persist_report().await;
        let mut pipeline = PublishPipeline {
            relay: self,
            jetstream,
            committed: self.committed.clone(),
            read_to: last,
            queue: VecDeque::new(),
            reading: None,
            acks: FuturesOrdered::new(),
        };
        let Err(stop) = pipeline.run().await;
        if last == Position::START && matches!(stop, StopReason::Unavailable(_)) {
            self.recreate_if_stale(jetstream).await?;
        }
        Err(stop)
    }

    /// Checks that the last event of the stream is the event of the log at that position.
    async fn compare_last(&self, stream: &Stream, last: Position) -> Result<(), StopReason> {
        if last == Position::START {
            return Ok(());
        }
        let Some(row) = self.log.read(last.previous(), 1).await?.pop() else {
            let head = self.log.head().await?;
            return Err(StopReason::Diverged(format!(
                "the stream ends at {last}, the log at {head}: {REMEDY}"
            )));
        };
        let message = stream
            .get_raw_message(last.0)
            .await
            .map_err(|error| StopReason::Unavailable(error.to_string()))?;
        if parse_leaf_hash(&message.headers).ok() == Some(row.leaf_hash) {
            Ok(())
        } else {
            Err(StopReason::Diverged(format!(
                "the stream holds another event at {last} than the log: {REMEDY}"
            )))
        }
    }

    /// Deletes an empty stream that has refused the first event, because it keeps a stale sequence.
    async fn recreate_if_stale(&self, jetstream: &jetstream::Context) -> Result<(), StopReason> {
        let stream = ensure_stream(jetstream, &self.settings).await?;
        let state = &stream.cached_info().state;
        if state.messages == 0 && self.log.head().await? > Position::START && state.last_sequence == 0 {
            delete_stream(jetstream, &self.settings.name).await?;
        }
        Ok(())
    }

    fn report_state(&self, state: RelayState, position: Option<Position>, detail: Option<String>) {
        let was = self.report.borrow().clone();
        if was.state != state || was.detail != detail {
            let (stream, said) = (&self.settings.name, detail.as_deref().unwrap_or(""));
            match state {
                RelayState::Diverged | RelayState::Refused => {
                    tracing::error!(stream, state = state.as_str(), detail = said, "relay stopped");
                }
                RelayState::Waiting => tracing::warn!(stream, detail = said, "relay waiting"),
                RelayState::Running | RelayState::Standby | RelayState::Idle => {
                    tracing::info!(stream, state = state.as_str(), "relay {}", state.as_str());
                }
            }
            let diverged = matches!(state, RelayState::Diverged | RelayState::Refused);
            metrics::gauge!("kafedra_relay_stopped").set(if diverged { 1.0 } else { 0.0 });
        }
        self.report.send_replace(RelayReport {
            stream: self.settings.name.clone(),
            state,
            position: position.unwrap_or(was.position),
            detail,
            updated_at: self.clock.now(),
        });
    }

    async fn persist_report(&self) {
        let report = self.report.borrow().clone();
        // The report is only information for other OS processes: the stream itself is the checkpoint.
        if let Err(error) = save_report(&self.pool, &report).await {
            tracing::debug!(%error, "cannot write the report of the relay");
        }
    }
}

type Ack = BoxFuture<'static, (Position, Result<PublishAck, PublishError>)>;

/// Events between the log and the stream: being read, queued, in flight.
struct PublishPipeline<'a> {
    relay: &'a Relay,
    jetstream: &'a jetstream::Context,
    committed: watch::Receiver<Position>,
    read_to: Position,
    queue: VecDeque<SealedEvent>,
    reading: Option<BoxFuture<'a, Result<Vec<SealedEvent>, LogError>>>,
    acks: FuturesOrdered<Ack>,
}

impl PublishPipeline<'_> {
    async fn run(&mut self) -> Result<std::convert::Infallible, StopReason> {
        let mut record_at = tokio::time::interval(RECORD_EVERY);
        self.start_reading();
        loop {
            self.publish_queued().await?;
            let behind = *self.committed.borrow_and_update() > self.read_to;
            if self.reading.is_none() && self.queue.len() < PAGE_EVENTS && behind {
                self.start_reading();
            }
            let idle = self.reading.is_none() && self.queue.len() < PAGE_EVENTS;
            tokio::select! {
                biased;
                Some(first) = self.acks.next(), if !self.acks.is_empty() => self.handle_acks(first)?,
                read = async { self.reading.as_mut().expect("checked by the guard").await }, if self.reading.is_some() => {
                    self.reading = None;
                    let events = read?;
                    if events.is_empty() && behind {
                        // The position was committed and is missing: the log was restored to an earlier
                        // point.
                        return Err(StopReason::Unavailable("the log has lost committed events".to_owned()));
                    }
                    let full = events.len() == PAGE_EVENTS;
                    self.read_to = events.last().map_or(self.read_to, |event| event.position);
                    self.queue.extend(events);
                    if full && self.queue.len() <= PAGE_EVENTS {
                        self.start_reading();
                    }
                }
                changed = self.committed.changed(), if idle => {
                    if changed.is_err() {
                        // The sender of committed positions has ended: only polling is left.
                        sleep(self.relay.poll_interval).await;
                        self.start_reading();
                    }
                }
                () = sleep(self.relay.poll_interval), if idle => self.start_reading(),
                _ = record_at.tick() => self.relay.persist_report().await,
            }
        }
    }

    fn start_reading(&mut self) {
        if self.reading.is_none() {
            let (log, after) = (&self.relay.log, self.read_to);
            self.reading = Some(log.read(after, PAGE_EVENTS).boxed());
        }
    }

    async fn publish_queued(&mut self) -> Result<(), StopReason> {
        while self.acks.len() < self.relay.settings.max_in_flight.max(1) {
            let Some(event) = self.queue.pop_front() else { break };
            let subject = subject_for(&self.relay.settings.prefix, &event);
            let message = PublishMessage::build()
                .headers(event_headers(&event)?)
                .payload(event.payload.into_bytes().into());
            let position = event.position;
            let ack: PublishAckFuture = self
                .jetstream
                .send_publish(subject, message)
                .await
                .map_err(|error| StopReason::Unavailable(format!("{position}: {error}")))?;
            self.acks.push_back(ack.into_future().map(move |ack| (position, ack)).boxed());
        }
        Ok(())
    }

    /// Handles this acknowledgement and all further ones that have arrived.
    fn handle_acks(&mut self, first: (Position, Result<PublishAck, PublishError>)) -> Result<(), StopReason> {
        let mut next = Some(first);
        let (mut count, mut last) = (0, Position::START);
        let mut stop = Ok(());
        while let Some((position, ack)) = next {
            stop = check_position(position, ack);
            if stop.is_err() {
                break;
            }
            (count, last) = (count + 1, position);
            next = self.acks.next().now_or_never().flatten();
        }
        if count > 0 {
            metrics::counter!("kafedra_relay_published_total").increment(count);
            let behind = self.committed.borrow().since(last);
            metrics::gauge!("kafedra_relay_lag_events").set(behind as f64);
            self.relay.report.send_modify(|report| report.position = last);
        }
        stop
    }
}

/// Checks that the stream sequence of an event equals its position.
fn check_position(position: Position, ack: Result<PublishAck, PublishError>) -> Result<(), StopReason> {
    match ack {
        Ok(ack) if ack.sequence == position.0 => Ok(()),
        Ok(ack) => {
            Err(StopReason::Unavailable(format!("event {position} is at {} in the stream", ack.sequence)))
        }
        // Another writer was faster, or an earlier event was lost. The stream tells where to continue.
        Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => {
            Err(StopReason::Unavailable(format!("{position} is not next in the stream")))
        }
        Err(error) => Err(StopReason::Unavailable(format!("{position} is not acknowledged: {error}"))),
    }
}

impl From<JetStreamError> for StopReason {
    fn from(error: JetStreamError) -> Self {
        match error {
            JetStreamError::Differs { .. } => StopReason::Refused(error.to_string()),
            JetStreamError::Unavailable(_) => StopReason::Unavailable(error.to_string()),
        }
    }
}

impl From<LogError> for StopReason {
    fn from(error: LogError) -> Self {
        StopReason::Unavailable(error_chain(&error))
    }
}

impl From<WireError> for StopReason {
    fn from(error: WireError) -> Self {
        StopReason::Refused(error.to_string())
    }
}
