//! The log as one listener wants it: every event after a position, once, in order, as soon as it is there.
//!
//! Postgres is read in bulk until the end is reached, then events come from JetStream. Whatever is
//! odd there (a gap, a reset, silence, a stream that holds another history) only means that the next
//! events are read from Postgres again: the stream can make a listener faster, never wrong.

use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State as Connection;
use async_nats::jetstream::consumer::{DeliverPolicy, push};
use async_nats::jetstream::{self, Message};
use domain::{EventLog, LogError, SealedEvent};
use futures::{FutureExt, StreamExt};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::bulk::{Batch, Bulk, Filter, open};
use super::wire::{event_of, leaf_hash_of};

/// So long the stream may be silent about an event that is known to be committed.
const GRACE: Duration = Duration::from_millis(20);
/// Wait before the stream is tried again after it failed.
const REJOIN_AFTER: Duration = Duration::from_secs(1);
/// A redelivery from so far back is a consumer that began anew; a fresh one is cheaper.
const STALE: u64 = 5_000;

/// The stream that a subscription may listen to.
#[derive(Clone)]
pub(crate) struct Tap {
    pub(crate) client: async_nats::Client,
    pub(crate) jetstream: jetstream::Context,
    pub(crate) stream: String,
}

pub(crate) struct Subscription {
    log: Arc<dyn EventLog>,
    filter: Filter,
    committed: watch::Receiver<u64>,
    /// Most events in one batch.
    limit: usize,
    /// Safety net under `committed`.
    poll: Duration,
    tap: Option<Tap>,
    /// Everything up to here has been handed out.
    position: u64,
    /// Leaf hash of the event at `position`, when it has passed through here.
    last_hash: Option<[u8; 32]>,
    bulk: Option<Bulk>,
    messages: Option<push::Ordered>,
    /// Joining the stream, beside everything else; ends with this.
    joining: Joining,
    /// Whether the stream has lately brought what was committed, and in time.
    trusted: bool,
    rejoin_at: Instant,
    /// Taken from the stream, not yet handed out.
    buffer: Vec<SealedEvent>,
}

type Joining = JoinSet<Result<Option<push::Ordered>, async_nats::Error>>;

enum Heard {
    /// From the stream; `None` when the consumer has ended.
    Message(Option<Box<Message>>),
    Joined(Box<Option<push::Ordered>>),
    /// Look again.
    Nudge,
    /// The log has to be asked.
    Due,
}

impl Subscription {
    pub(crate) fn new(
        log: Arc<dyn EventLog>,
        filter: Filter,
        committed: watch::Receiver<u64>,
        tap: Option<Tap>,
        after: u64,
        limit: usize,
        poll: Duration,
    ) -> Self {
        let bulk = Some(Bulk::new(log.clone(), filter.clone(), after, limit));
        Self {
            log,
            filter,
            committed,
            limit,
            poll,
            tap,
            position: after,
            last_hash: None,
            bulk,
            messages: None,
            joining: JoinSet::new(),
            trusted: false,
            rejoin_at: Instant::now(),
            buffer: Vec::new(),
        }
    }

    /// Waits for events and gives them. Safe to drop: nothing is lost between two calls.
    ///
    /// # Errors
    /// The log can not be read; ask again.
    pub(crate) async fn next(&mut self) -> Result<Batch, LogError> {
        loop {
            if let Some(bulk) = &mut self.bulk {
                if let Some(batch) = bulk.next().await? {
                    self.position = batch.last;
                    self.last_hash = None;
                    return Ok(batch);
                }
                self.bulk = None;
                if *self.committed.borrow() > self.position {
                    // Promised, and not there: the log was restored to an earlier point.
                    sleep(GRACE).await;
                }
            }
            if !self.buffer.is_empty() {
                return self.hand_out().await;
            }
            match self.listen().await {
                Heard::Nudge => {}
                Heard::Joined(messages) => self.joined(*messages),
                Heard::Message(Some(message)) => self.take(*message),
                Heard::Message(None) => self.leave(),
                Heard::Due => {
                    // Without a sign that something is missing this is only the slow poll.
                    self.trusted &= *self.committed.borrow() <= self.position;
                    self.bulk = Some(self.read_log());
                }
            }
        }
    }

    async fn hand_out(&mut self) -> Result<Batch, LogError> {
        // Whatever else has already arrived goes into the same batch.
        while self.buffer.len() < self.limit {
            let arrived = self.messages.as_mut().and_then(|messages| messages.next().now_or_never());
            match arrived {
                Some(Some(Ok(message))) => self.take(message),
                Some(_) => {
                    self.leave();
                    break;
                }
                None => break,
            }
        }
        // Opening may be dropped half-way: the buffer is emptied only after it.
        let batch = open(&*self.log, &self.filter, self.position, self.buffer.clone()).await?;
        self.last_hash = self.buffer.last().map(|event| event.leaf_hash);
        self.buffer.clear();
        self.position = batch.last;
        Ok(batch)
    }

    /// Waits for the next message, or until the log has to be asked.
    async fn listen(&mut self) -> Heard {
        if let Some(arrived) = self.messages.as_mut().and_then(|messages| messages.next().now_or_never()) {
            return Heard::Message(arrived.and_then(Result::ok).map(Box::new));
        }
        let connected =
            self.tap.as_ref().is_some_and(|tap| tap.client.connection_state() == Connection::Connected);
        let apart = self.messages.is_none() && self.joining.is_empty() && connected;
        if apart && Instant::now() >= self.rejoin_at {
            self.join();
        }
        let behind = *self.committed.borrow_and_update() > self.position;
        let patience = match (behind, self.trusted) {
            (true, true) => GRACE,
            (true, false) => return Heard::Due,
            (false, _) => self.poll,
        };
        tokio::select! {
            biased;
            message = next_message(self.messages.as_mut()) => Heard::Message(message.map(Box::new)),
            joined = joined(&mut self.joining) => Heard::Joined(Box::new(joined)),
            // What is committed now is heard of in the next round, with its own patience.
            Ok(()) = self.committed.changed(), if !behind => Heard::Nudge,
            () = sleep_until(self.rejoin_at), if apart => Heard::Nudge,
            () = sleep(patience) => Heard::Due,
        }
    }

    fn take(&mut self, message: Message) {
        let Ok(info) = message.info() else { return self.leave() };
        let (sequence, expected) = (info.stream_sequence, self.expected());
        if sequence < expected {
            if sequence + 1 == expected {
                // The stream has caught up with what was read from the log.
                self.trusted = true;
            }
            if expected - sequence > STALE {
                self.leave();
            }
            return;
        }
        let event =
            message.headers.as_ref().and_then(|headers| event_of(sequence, headers, &message.payload).ok());
        match event {
            Some(event) if sequence == expected => {
                self.trusted = true;
                self.buffer.push(event);
            }
            // A gap, or something that is no event: the log knows better.
            _ => {
                self.leave();
                if self.buffer.is_empty() {
                    self.bulk = Some(self.read_log());
                }
            }
        }
    }

    fn expected(&self) -> u64 {
        self.buffer.last().map_or(self.position, |event| event.position) + 1
    }

    fn read_log(&self) -> Bulk {
        Bulk::new(self.log.clone(), self.filter.clone(), self.position, self.limit)
    }

    fn leave(&mut self) {
        self.messages = None;
        self.trusted = false;
        self.rejoin_at = Instant::now() + REJOIN_AFTER;
    }

    /// Begins to join the stream, beside everything else: a server that hangs delays nobody.
    fn join(&mut self) {
        let Some(tap) = self.tap.clone() else { return };
        self.rejoin_at = Instant::now() + REJOIN_AFTER;
        self.joining.spawn(join(tap, self.log.clone(), self.position, self.last_hash));
    }

    fn joined(&mut self, joined: Option<push::Ordered>) {
        self.rejoin_at = Instant::now() + REJOIN_AFTER;
        self.trusted = joined.is_some();
        self.messages = joined;
    }
}

/// The stream behind `position`, if it holds the history that the log holds.
async fn join(
    tap: Tap,
    log: Arc<dyn EventLog>,
    position: u64,
    hash: Option<[u8; 32]>,
) -> Result<Option<push::Ordered>, async_nats::Error> {
    let stream = tap.jetstream.get_stream(&tap.stream).await?;
    let last = stream.cached_info().state.last_sequence;
    if last > 0 {
        // The relay never appends to a history that is not the log's: if the ends are the same, all is.
        let theirs = leaf_hash_of(&stream.get_raw_message(last).await?.headers)?;
        let ours = match hash {
            Some(hash) if last == position => Some(hash),
            _ => log.read(last - 1, 1).await?.first().map(|event| event.leaf_hash),
        };
        if ours != Some(theirs) {
            return Ok(None);
        }
    }
    let config = push::OrderedConfig {
        deliver_subject: tap.client.new_inbox(),
        deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: position + 1 },
        ..push::OrderedConfig::default()
    };
    Ok(Some(stream.create_consumer(config).await?.messages().await?))
}

async fn next_message(messages: Option<&mut push::Ordered>) -> Option<Message> {
    match messages {
        // Any error, a missed heartbeat too, ends this consumer.
        Some(messages) => messages.next().await.and_then(Result::ok),
        None => std::future::pending().await,
    }
}

async fn joined(joining: &mut Joining) -> Option<push::Ordered> {
    match joining.join_next().await {
        Some(Ok(Ok(joined))) => joined,
        Some(Ok(Err(error))) => {
            tracing::debug!(%error, "the stream can not be joined");
            None
        }
        Some(Err(_)) => None,
        None => std::future::pending().await,
    }
}
