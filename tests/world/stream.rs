//! The JetStream stream of a world, read from outside.

use std::collections::BTreeMap;

use async_nats::jetstream::{self, consumer};
use futures::StreamExt;

/// Reader of one stream.
pub struct Stream {
    jetstream: jetstream::Context,
    pub name: String,
}

/// A message as stored in the stream.
#[derive(Clone, Debug)]
pub struct Message {
    pub sequence: u64,
    pub subject: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Stream {
    /// # Panics
    /// If the address is invalid.
    pub async fn connect(url: &str, name: &str) -> Self {
        let client = projection_runtime::connect(&projection_runtime::StreamSettings::at(url))
            .await
            .expect("an address");
        Self { jetstream: jetstream::new(client), name: name.to_owned() }
    }

    /// Sequence of the last message; 0 if there is no stream.
    pub async fn last_sequence(&self) -> u64 {
        match self.jetstream.get_stream(&self.name).await {
            Ok(mut stream) => stream.info().await.map_or(0, |info| info.state.last_sequence),
            Err(_) => 0,
        }
    }

    /// Publishes a message and waits until it is stored.
    pub async fn publish(&self, subject: &str, body: &str) {
        let sent = self.jetstream.publish(subject.to_owned(), body.to_owned().into()).await;
        sent.expect("NATS is there").await.expect("the stream takes the message");
    }

    /// Deletes the stream with its messages.
    pub async fn is_removed(&self) {
        self.jetstream.delete_stream(&self.name).await.expect("the stream was there");
    }

    /// Every message up to the last one at this moment.
    ///
    /// # Errors
    /// If NATS is unavailable, or becomes unavailable during the read.
    pub async fn messages(&self) -> Result<Vec<Message>, String> {
        let last = self.last_sequence().await;
        let mut messages = Vec::new();
        if last == 0 {
            return Ok(messages);
        }
        let stream = self.jetstream.get_stream(&self.name).await.map_err(|error| error.to_string())?;
        let ordered = consumer::pull::OrderedConfig::default();
        let consumer = stream.create_consumer(ordered).await.map_err(|error| error.to_string())?;
        let mut incoming = consumer.messages().await.map_err(|error| error.to_string())?;
        while let Some(message) = incoming.next().await {
            let message = message.map_err(|error| error.to_string())?;
            let sequence = message.info().map_err(|error| error.to_string())?.stream_sequence;
            messages.push(Message {
                sequence,
                subject: message.subject.to_string(),
                headers: headers(&message),
                body: String::from_utf8_lossy(&message.payload).into_owned(),
            });
            if sequence >= last {
                break;
            }
        }
        Ok(messages)
    }
}

fn headers(message: &async_nats::Message) -> BTreeMap<String, String> {
    let headers = message.headers.iter().flat_map(|headers| headers.iter());
    headers
        .map(|(name, values)| {
            (name.to_string(), values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        })
        .collect()
}
