//! Publishes the log into JetStream, in order of position, so that stream sequence = position.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State as Connection;
use async_nats::jetstream::context::{ContextBuilder, PublishAckFuture, PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::publish::PublishAck;
use async_nats::jetstream::{self, stream::Stream};
use domain::{Clock, EventLog, LogError, SealedEvent};
use futures::stream::{FuturesOrdered, StreamExt};
use futures::{FutureExt, future::BoxFuture};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::connection::StreamSettings;
use super::jetstream::{self as store, StoreError};
use super::log_reader::error_chain;
use super::relay_state::{RelayReport, RelayState, record};
use super::wire::{WireError, headers_of, leaf_hash_of, subject_of};
use crate::leadership::{Leadership, Lease};

/// Events read from the log at once.
const PAGE: usize = 1_000;
/// Wait before trying again when something is away.
const PAUSE: Duration = Duration::from_millis(50);
const PAUSE_MAX: Duration = Duration::from_secs(1);
/// Wait before looking again at what only a person can put right.
const LONG_PAUSE: Duration = Duration::from_secs(5);
/// How often the position is written down for other processes, at most.
const RECORD_EVERY: Duration = Duration::from_secs(1);

pub(crate) struct Relay {
    pub(crate) pool: PgPool,
    pub(crate) log: Arc<dyn EventLog>,
    /// Highest position known to be committed.
    pub(crate) committed: watch::Receiver<u64>,
    pub(crate) client: async_nats::Client,
    pub(crate) settings: StreamSettings,
    pub(crate) leadership: Leadership,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) report: watch::Sender<RelayReport>,
    /// Safety net under `committed`.
    pub(crate) poll: Duration,
}

/// Why publishing came to an end.
enum Stop {
    Unavailable(String),
    Diverged(String),
    Refused(String),
    /// The stream was deleted on purpose, to be filled anew.
    Hollow,
}

impl Relay {
    /// Leads when no other process does, until `cancel` says so.
    pub(crate) async fn run(self, cancel: CancellationToken) {
        let name = format!("relay:{}", self.settings.name);
        let jetstream = ContextBuilder::new().timeout(Duration::from_secs(5)).build(self.client.clone());
        loop {
            self.say(RelayState::Standby, None, None);
            let lease = tokio::select! {
                () = cancel.cancelled() => return,
                lease = self.leadership.lead(&name) => lease,
            };
            tokio::select! {
                () = cancel.cancelled() => return,
                () = lease.lost() => {}
                () = self.lead(&jetstream, &lease) => {}
            }
        }
    }

    async fn lead(&self, jetstream: &jetstream::Context, lease: &Lease) {
        let mut pause = PAUSE;
        let mut was_at = 0;
        while !lease.is_lost() {
            let stop = self.publish(jetstream).await;
            let position = self.report.borrow().position;
            let stuck = std::mem::replace(&mut was_at, position) == position;
            pause = match stop {
                Stop::Hollow => PAUSE,
                Stop::Unavailable(detail) => {
                    self.say(RelayState::Waiting, None, Some(detail));
                    if stuck { (pause * 2).min(PAUSE_MAX) } else { PAUSE }
                }
                Stop::Diverged(detail) => {
                    self.say(RelayState::Diverged, None, Some(detail));
                    LONG_PAUSE
                }
                Stop::Refused(detail) => {
                    self.say(RelayState::Refused, None, Some(detail));
                    LONG_PAUSE
                }
            };
            self.write_down().await;
            sleep(pause).await;
        }
    }

    /// Publishes from the stream's last sequence on, until something is in the way.
    async fn publish(&self, jetstream: &jetstream::Context) -> Stop {
        match self.publish_until_stopped(jetstream).await {
            Ok(never) => match never {},
            Err(stop) => stop,
        }
    }

    async fn publish_until_stopped(
        &self,
        jetstream: &jetstream::Context,
    ) -> Result<std::convert::Infallible, Stop> {
        if self.client.connection_state() != Connection::Connected {
            return Err(Stop::Unavailable("NATS is away".to_owned()));
        }
        let stream = store::ensure(jetstream, &self.settings).await?;
        let state = &stream.cached_info().state;
        let last = state.last_sequence;
        if state.messages < last {
            // Purged or with holes. What was cut off can not be put back in its place, and on an
            // emptied stream nats-server 2.9 checks the expected sequence against a stale one.
            tracing::warn!(stream = self.settings.name, last, "the stream has holes and is filled anew");
            store::delete(jetstream, &self.settings.name).await?;
            return Err(Stop::Hollow);
        }
        self.compare_last(&stream, last).await?;
        self.say(RelayState::Running, Some(last), None);
        self.write_down().await;
        let mut line = Line {
            relay: self,
            jetstream,
            committed: self.committed.clone(),
            read_to: last,
            queue: VecDeque::new(),
            reading: None,
            acks: FuturesOrdered::new(),
        };
        let Err(stop) = line.run().await;
        if last == 0 && matches!(stop, Stop::Unavailable(_)) {
            self.renew_if_stale(jetstream).await?;
        }
        Err(stop)
    }

    /// The stream must not hold what the log does not.
    async fn compare_last(&self, stream: &Stream, last: u64) -> Result<(), Stop> {
        if last == 0 {
            return Ok(());
        }
        let Some(row) = self.log.read(last - 1, 1).await?.pop() else {
            let head = self.log.head().await?;
            return Err(Stop::Diverged(format!("the stream ends at {last}, the log at {head}")));
        };
        let message =
            stream.get_raw_message(last).await.map_err(|error| Stop::Unavailable(error.to_string()))?;
        if leaf_hash_of(&message.headers).ok() == Some(row.leaf_hash) {
            Ok(())
        } else {
            Err(Stop::Diverged(format!("the stream holds another event at {last} than the log")))
        }
    }

    /// An empty stream that refuses the first event remembers a sequence that is gone.
    async fn renew_if_stale(&self, jetstream: &jetstream::Context) -> Result<(), Stop> {
        let stream = store::ensure(jetstream, &self.settings).await?;
        let state = &stream.cached_info().state;
        if state.messages == 0 && self.log.head().await? > 0 && state.last_sequence == 0 {
            store::delete(jetstream, &self.settings.name).await?;
        }
        Ok(())
    }

    fn say(&self, state: RelayState, position: Option<u64>, detail: Option<String>) {
        let was = self.report.borrow().clone();
        if was.state != state || was.detail != detail {
            let (stream, said) = (&self.settings.name, detail.as_deref().unwrap_or(""));
            match state {
                RelayState::Diverged | RelayState::Refused => {
                    tracing::error!(stream, state = state.as_str(), detail = said, "the relay has stopped");
                }
                RelayState::Waiting => tracing::warn!(stream, detail = said, "the relay waits"),
                RelayState::Running | RelayState::Standby => {
                    tracing::info!(stream, state = state.as_str(), "the relay");
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

    async fn write_down(&self) {
        let report = self.report.borrow().clone();
        // Only a convenience for other processes: the stream itself is the checkpoint.
        if let Err(error) = record(&self.pool, &report).await {
            tracing::debug!(%error, "the state of the relay is not written down");
        }
    }
}

type Ack = BoxFuture<'static, (u64, Result<PublishAck, PublishError>)>;

/// Events on their way: read, sent, acknowledged.
struct Line<'a> {
    relay: &'a Relay,
    jetstream: &'a jetstream::Context,
    committed: watch::Receiver<u64>,
    read_to: u64,
    queue: VecDeque<SealedEvent>,
    reading: Option<BoxFuture<'a, Result<Vec<SealedEvent>, LogError>>>,
    acks: FuturesOrdered<Ack>,
}

impl Line<'_> {
    async fn run(&mut self) -> Result<std::convert::Infallible, Stop> {
        let mut record_at = tokio::time::interval(RECORD_EVERY);
        self.read();
        loop {
            self.send().await?;
            let behind = *self.committed.borrow_and_update() > self.read_to;
            if self.reading.is_none() && self.queue.len() < PAGE && behind {
                self.read();
            }
            let idle = self.reading.is_none() && self.queue.len() < PAGE;
            tokio::select! {
                biased;
                Some(first) = self.acks.next(), if !self.acks.is_empty() => self.acknowledged(first)?,
                read = async { self.reading.as_mut().expect("checked by the guard").await }, if self.reading.is_some() => {
                    self.reading = None;
                    let events = read?;
                    if events.is_empty() && behind {
                        // Promised, and not there: the log was restored to an earlier point.
                        return Err(Stop::Unavailable("the log has lost its end".to_owned()));
                    }
                    let full = events.len() == PAGE;
                    self.read_to = events.last().map_or(self.read_to, |event| event.position);
                    self.queue.extend(events);
                    if full && self.queue.len() <= PAGE {
                        self.read();
                    }
                }
                changed = self.committed.changed(), if idle => {
                    if changed.is_err() {
                        // Whoever told us has ended: only the slow poll is left.
                        sleep(self.relay.poll).await;
                        self.read();
                    }
                }
                () = sleep(self.relay.poll), if idle => self.read(),
                _ = record_at.tick() => self.relay.write_down().await,
            }
        }
    }

    fn read(&mut self) {
        if self.reading.is_none() {
            let (log, after) = (&self.relay.log, self.read_to);
            self.reading = Some(log.read(after, PAGE).boxed());
        }
    }

    async fn send(&mut self) -> Result<(), Stop> {
        while self.acks.len() < self.relay.settings.max_in_flight.max(1) {
            let Some(event) = self.queue.pop_front() else { break };
            let subject = subject_of(&self.relay.settings.prefix, &event);
            let message = PublishMessage::build()
                .headers(headers_of(&event)?)
                .payload(event.payload.into_bytes().into());
            let position = event.position;
            let ack: PublishAckFuture = self
                .jetstream
                .send_publish(subject, message)
                .await
                .map_err(|error| Stop::Unavailable(format!("{position}: {error}")))?;
            self.acks.push_back(ack.into_future().map(move |ack| (position, ack)).boxed());
        }
        Ok(())
    }

    /// Takes this acknowledgement and all that have arrived with it.
    fn acknowledged(&mut self, first: (u64, Result<PublishAck, PublishError>)) -> Result<(), Stop> {
        let mut next = Some(first);
        let (mut count, mut last) = (0, 0);
        let mut stop = Ok(());
        while let Some((position, ack)) = next {
            stop = in_place(position, ack);
            if stop.is_err() {
                break;
            }
            (count, last) = (count + 1, position);
            next = self.acks.next().now_or_never().flatten();
        }
        if count > 0 {
            metrics::counter!("kafedra_relay_published_total").increment(count);
            let behind = self.committed.borrow().saturating_sub(last);
            metrics::gauge!("kafedra_relay_lag_events").set(behind as f64);
            self.relay.report.send_modify(|report| report.position = last);
        }
        stop
    }
}

/// Whether an event has come to stand where it belongs.
fn in_place(position: u64, ack: Result<PublishAck, PublishError>) -> Result<(), Stop> {
    match ack {
        Ok(ack) if ack.sequence == position => Ok(()),
        Ok(ack) => Err(Stop::Unavailable(format!("event {position} is at {} in the stream", ack.sequence))),
        // Somebody was faster, or an earlier one was lost: the stream says where to go on.
        Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => {
            Err(Stop::Unavailable(format!("{position} is not next in the stream")))
        }
        Err(error) => Err(Stop::Unavailable(format!("{position} is not acknowledged: {error}"))),
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Differs { .. } => Stop::Refused(error.to_string()),
            StoreError::Unavailable(_) => Stop::Unavailable(error.to_string()),
        }
    }
}

impl From<LogError> for Stop {
    fn from(error: LogError) -> Self {
        Stop::Unavailable(error_chain(&error))
    }
}

impl From<WireError> for Stop {
    fn from(error: WireError) -> Self {
        Stop::Refused(error.to_string())
    }
}
