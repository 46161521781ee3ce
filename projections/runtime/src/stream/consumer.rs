//! One JetStream consumer per OS process, broadcast to all its subscriptions.

use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State as Connection;
use async_nats::jetstream::consumer::{DeliverPolicy, push};
use async_nats::jetstream::{self, Message};
use domain::{EventLog, Position, SealedEvent};
use futures::StreamExt;
use tokio::sync::broadcast;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::wire::{WireError, parse_event, parse_leaf_hash};

/// Number of events in the broadcast buffer. A subscription that lags further reads the log.
const BUFFER_EVENTS: usize = 1_024;
/// Pause before the consumer attaches to the stream again.
const REATTACH_PAUSE: Duration = Duration::from_secs(1);
/// Interval of checks of the connection while the server is unavailable.
const CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// Client, JetStream context and name of the stream.
#[derive(Clone)]
pub(crate) struct StreamHandle {
    pub(crate) client: async_nats::Client,
    pub(crate) jetstream: jetstream::Context,
    pub(crate) name: String,
}

/// Broadcast of the events of the stream to the subscriptions of this OS process, in order.
///
/// It may be silent or have gaps: the log is the reference.
#[derive(Clone)]
pub(crate) struct SharedConsumer(broadcast::Sender<Arc<SealedEvent>>);

impl SharedConsumer {
    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(BUFFER_EVENTS))
    }

    /// Subscribes to the events from now on.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Arc<SealedEvent>> {
        self.0.subscribe()
    }

    /// Forwards the events of the stream while the stream and the log have the same history. Runs until
    /// cancelled.
    pub(crate) async fn run(
        self,
        stream_handle: StreamHandle,
        log: Arc<dyn EventLog>,
        cancel: CancellationToken,
    ) {
        let following = async {
            loop {
                while stream_handle.client.connection_state() != Connection::Connected {
                    sleep(CHECK_INTERVAL).await;
                }
                match attach(&stream_handle, &*log).await {
                    Ok(Some((last, messages))) => self.forward(last, messages).await,
                    // The histories differ. The relay reports it.
                    Ok(None) => {}
                    Err(error) => tracing::debug!(%error, "cannot attach to the stream"),
                }
                sleep(REATTACH_PAUSE).await;
            }
        };
        tokio::select! {
            () = cancel.cancelled() => {}
            () = following => {}
        }
    }

    /// Forwards events until an error, a missed heartbeat, a gap, or a message that is not an event.
    async fn forward(&self, mut last: Position, mut messages: push::Ordered) {
        while let Some(Ok(message)) = messages.next().await {
            match parse_message(&message) {
                Ok(event) if event.position == last.next() => {
                    last = event.position;
                    // Sending fails if there are no subscriptions, which does not matter.
                    let _ = self.0.send(Arc::new(event));
                }
                Ok(event) if event.position <= last => {}
                Ok(_) | Err(_) => return,
            }
        }
    }
}

fn parse_message(message: &Message) -> Result<SealedEvent, WireError> {
    let position = Position(message.info().map_err(|_| WireError::Unreadable("reply"))?.stream_sequence);
    let headers = message.headers.as_ref().ok_or(WireError::Missing("all headers"))?;
    parse_event(position, headers, &message.payload)
}

/// Attaches to the stream after its last event. Returns `None` if that event differs from the log.
async fn attach(
    stream_handle: &StreamHandle,
    log: &dyn EventLog,
) -> Result<Option<(Position, push::Ordered)>, async_nats::Error> {
    let stream = stream_handle.jetstream.get_stream(&stream_handle.name).await?;
    let last = Position(stream.cached_info().state.last_sequence);
    if last > Position::START {
        // The relay appends only to a history that equals the log. If the last events are equal, all are.
        let theirs = parse_leaf_hash(&stream.get_raw_message(last.0).await?.headers)?;
        let ours = log.read(last.previous(), 1).await?.first().map(|event| event.leaf_hash);
        if ours != Some(theirs) {
            return Ok(None);
        }
    }
    let config = push::OrderedConfig {
        deliver_subject: stream_handle.client.new_inbox(),
        deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: last.next().0 },
        ..push::OrderedConfig::default()
    };
    Ok(Some((last, stream.create_consumer(config).await?.messages().await?)))
}
