//! The JetStream stream: created if it is missing, and checked against the settings.

use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType, Stream};
use async_nats::jetstream::{Context, ErrorCode, context::GetStreamErrorKind};

use super::connection::StreamSettings;

/// Reason why the stream cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JetStreamError {
    /// The configuration differs: an older server ignores unknown settings, or the stream is not ours.
    #[error("the stream {stream} has {field} = {actual}, not {requested}")]
    Differs { stream: String, field: &'static str, requested: String, actual: String },
    /// NATS is unavailable, slow, or has no JetStream. A retry may succeed.
    #[error("JetStream does not answer: {0}")]
    Unavailable(String),
}

/// Returns the stream. Creates it if it is missing.
///
/// # Errors
/// [`JetStreamError::Unavailable`] if JetStream does not answer. [`JetStreamError::Differs`] if the stream
/// has another configuration than requested.
pub(super) async fn ensure_stream(
    jetstream: &Context,
    settings: &StreamSettings,
) -> Result<Stream, JetStreamError> {
    let requested = stream_config(settings);
    let stream = match jetstream.get_stream(&settings.name).await {
        Ok(stream) => stream,
        Err(error) => match error.kind() {
            GetStreamErrorKind::JetStream(code) if code.error_code() == ErrorCode::STREAM_NOT_FOUND => {
                tracing::info!(stream = settings.name, "creating the missing stream");
                jetstream
                    .create_stream(requested.clone())
                    .await
                    .map_err(|error| JetStreamError::Unavailable(error.to_string()))?
            }
            _ => return Err(JetStreamError::Unavailable(error.to_string())),
        },
    };
    check_config(&requested, &stream.cached_info().config)?;
    Ok(stream)
}

/// Deletes the stream, so that [`ensure_stream`] creates it again. The log still has all events.
pub(super) async fn delete_stream(jetstream: &Context, name: &str) -> Result<(), JetStreamError> {
    jetstream
        .delete_stream(name)
        .await
        .map(|_| ())
        .map_err(|error| JetStreamError::Unavailable(error.to_string()))
}

fn stream_config(settings: &StreamSettings) -> Config {
    Config {
        name: settings.name.clone(),
        subjects: vec![format!("{}.v1.>", settings.prefix)],
        storage: StorageType::File,
        retention: RetentionPolicy::Limits,
        // A full stream refuses new messages instead of losing old ones.
        discard: DiscardPolicy::New,
        max_messages: -1,
        max_bytes: -1,
        max_messages_per_subject: -1,
        max_message_size: -1,
        num_replicas: settings.replicas,
        allow_direct: true,
        ..Config::default()
    }
}

fn check_config(requested: &Config, actual: &Config) -> Result<(), JetStreamError> {
    let field = |field, requested: String, actual: String, stream: &str| {
        if requested == actual {
            Ok(())
        } else {
            Err(JetStreamError::Differs { stream: stream.to_owned(), field, requested, actual })
        }
    };
    macro_rules! same {
        ($($name:ident),+) => {
            $(field(stringify!($name), format!("{:?}", requested.$name), format!("{:?}", actual.$name), &requested.name)?;)+
        };
    }
    same!(
        subjects,
        storage,
        retention,
        discard,
        max_messages,
        max_bytes,
        max_messages_per_subject,
        max_message_size,
        max_age,
        num_replicas,
        allow_direct
    );
    Ok(())
}
