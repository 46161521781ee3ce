//! What a process hears of the stream: one consumer, however many listen.

use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State as Connection;
use async_nats::jetstream::consumer::{DeliverPolicy, push};
use async_nats::jetstream::{self, Message};
use domain::{EventLog, SealedEvent};
use futures::StreamExt;
use tokio::sync::broadcast;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::wire::{WireError, parse_event, parse_leaf_hash};

/// Events kept for those who are a little behind; whoever is further behind reads the log.
const BUFFER_EVENTS: usize = 1_024;
/// Wait before the stream is joined again after it failed.
const REATTACH_PAUSE: Duration = Duration::from_secs(1);
/// How often an absent server is looked for.
const CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// The stream that a process may listen to.
#[derive(Clone)]
pub(crate) struct StreamHandle {
    pub(crate) client: async_nats::Client,
    pub(crate) jetstream: jetstream::Context,
    pub(crate) name: String,
}

/// Where listeners of this process hear events as they come, in order. Silence and gaps mean nothing: the log
/// knows.
#[derive(Clone)]
pub(crate) struct SharedConsumer(broadcast::Sender<Arc<SealedEvent>>);

impl SharedConsumer {
    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(BUFFER_EVENTS))
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Arc<SealedEvent>> {
        self.0.subscribe()
    }

    /// Passes on what comes from the stream, for as long as it holds the history that the log holds.
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
                    // Another history: the relay says so.
                    Ok(None) => {}
                    Err(error) => tracing::debug!(%error, "the stream can not be joined"),
                }
                sleep(REATTACH_PAUSE).await;
            }
        };
        tokio::select! {
            () = cancel.cancelled() => {}
            () = following => {}
        }
    }

    /// Ends at whatever is odd: an error, a missed heartbeat, a gap, something that is no event.
    async fn forward(&self, mut last: u64, mut messages: push::Ordered) {
        while let Some(Ok(message)) = messages.next().await {
            match parse_message(&message) {
                Ok(event) if event.position == last + 1 => {
                    last = event.position;
                    // Nobody listens: nobody misses it.
                    let _ = self.0.send(Arc::new(event));
                }
                Ok(event) if event.position <= last => {}
                Ok(_) | Err(_) => return,
            }
        }
    }
}

fn parse_message(message: &Message) -> Result<SealedEvent, WireError> {
    let position = message.info().map_err(|_| WireError::Unreadable("reply"))?.stream_sequence;
    let headers = message.headers.as_ref().ok_or(WireError::Missing("all headers"))?;
    parse_event(position, headers, &message.payload)
}

/// The stream behind its last event, if that one is the log's.
async fn attach(
    stream_handle: &StreamHandle,
    log: &dyn EventLog,
) -> Result<Option<(u64, push::Ordered)>, async_nats::Error> {
    let stream = stream_handle.jetstream.get_stream(&stream_handle.name).await?;
    let last = stream.cached_info().state.last_sequence;
    if last > 0 {
        // The relay never appends to a history that is not the log's: if the ends are the same, all is.
        let theirs = parse_leaf_hash(&stream.get_raw_message(last).await?.headers)?;
        let ours = log.read(last - 1, 1).await?.first().map(|event| event.leaf_hash);
        if ours != Some(theirs) {
            return Ok(None);
        }
    }
    let config = push::OrderedConfig {
        deliver_subject: stream_handle.client.new_inbox(),
        deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: last + 1 },
        ..push::OrderedConfig::default()
    };
    Ok(Some((last, stream.create_consumer(config).await?.messages().await?)))
}
