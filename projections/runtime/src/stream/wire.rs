//! Conversion of a sealed event to a NATS message and back, byte for byte.

use std::str::FromStr;

use async_nats::header::{HeaderMap, HeaderValue};
use domain::{ContextName, Position, SealedEvent, StreamId};
use serde_json::Value;
use sha2::{Digest, Sha256};

const SOURCE: &str = "ce-source";
const SOURCE_ROOT: &str = "/kafedra/";
const SUBJECT: &str = "ce-subject";
const TYPE: &str = "ce-type";
const TIME: &str = "ce-time";
const SEQUENCE: &str = "kafedra-sequence";
const EVENT_VERSION: &str = "kafedra-event-version";
const METADATA: &str = "kafedra-metadata";
const LEAF_HASH: &str = "kafedra-leaf-hash";

/// Reason why an event cannot be converted to a message, or a message to an event.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    #[error("the header {0} is missing")]
    Missing(&'static str),
    #[error("the header {0} is invalid")]
    Unreadable(&'static str),
    #[error("the event at position {position} does not fit into the header {header}")]
    Unsendable { position: Position, header: &'static str },
}

/// Returns the NATS subject of an event: `<prefix>.v1.<context>.<shard 00–15>.<event_type>`.
///
/// It contains no ids and no names of people.
pub fn subject_for(prefix: &str, event: &SealedEvent) -> String {
    let context =
        ContextName::of_aggregate(&event.stream.aggregate_type).map_or("unknown", ContextName::as_str);
    // The first byte of the SHA-256 of the aggregate id, modulo 16. It must never change.
    let shard = Sha256::digest(event.stream.aggregate_id.as_bytes())[0] % 16;
    let event_type: String = event
        .event_type
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' })
        .collect();
    format!("{prefix}.v1.{context}.{shard:02}.{event_type}")
}

/// Returns the headers of an event: CloudEvents 1.0 attributes, and the rest of the event.
///
/// `Nats-Expected-Last-Sequence` makes JetStream refuse the event at any other sequence.
///
/// # Errors
/// [`WireError::Unsendable`] if a value is not allowed in a header.
pub(super) fn event_headers(event: &SealedEvent) -> Result<HeaderMap, WireError> {
    let mut headers = HeaderMap::new();
    let mut put = |name: &'static str, value: &str| {
        let value = HeaderValue::from_str(value)
            .map_err(|_| WireError::Unsendable { position: event.position, header: name })?;
        headers.insert(name, value);
        Ok::<_, WireError>(())
    };
    let id = event.event_id().to_string();
    put("ce-specversion", "1.0")?;
    put("ce-id", &id)?;
    put(TYPE, &event.event_type)?;
    put(SOURCE, &format!("{SOURCE_ROOT}{}", event.stream.aggregate_type))?;
    put(SUBJECT, &event.stream.aggregate_id)?;
    put(TIME, &event.recorded_at.to_string())?;
    put(SEQUENCE, &event.sequence.to_string())?;
    put(EVENT_VERSION, &event.event_version)?;
    put(METADATA, &event.metadata)?;
    put(LEAF_HASH, &hex::encode(event.leaf_hash))?;
    if let Some(traceparent) = traceparent(&event.metadata) {
        put("traceparent", &traceparent)?;
    }
    put("Nats-Msg-Id", &id)?;
    put("Nats-Expected-Last-Sequence", &event.position.previous().to_string())?;
    Ok(headers)
}

/// Parses the event of a message at this position of the stream.
///
/// # Errors
/// [`WireError::Missing`] or [`WireError::Unreadable`] with the header.
pub(super) fn parse_event(
    position: Position,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<SealedEvent, WireError> {
    let get = |name: &'static str| headers.get(name).map(HeaderValue::as_str).ok_or(WireError::Missing(name));
    let aggregate_type = get(SOURCE)?.strip_prefix(SOURCE_ROOT).ok_or(WireError::Unreadable(SOURCE))?;
    Ok(SealedEvent {
        position,
        stream: StreamId {
            aggregate_type: aggregate_type.to_owned(),
            aggregate_id: get(SUBJECT)?.to_owned(),
        },
        sequence: parse_header(SEQUENCE, get(SEQUENCE)?)?,
        event_type: get(TYPE)?.to_owned(),
        event_version: get(EVENT_VERSION)?.to_owned(),
        recorded_at: parse_header(TIME, get(TIME)?)?,
        payload: std::str::from_utf8(body).map_err(|_| WireError::Unreadable("body"))?.to_owned(),
        metadata: get(METADATA)?.to_owned(),
        leaf_hash: parse_leaf_hash(headers)?,
    })
}

/// Parses the leaf hash of a message.
///
/// # Errors
/// [`WireError::Missing`] if the header is missing. [`WireError::Unreadable`] if it is not 64 hex digits.
pub(super) fn parse_leaf_hash(headers: &HeaderMap) -> Result<[u8; 32], WireError> {
    let text = headers.get(LEAF_HASH).ok_or(WireError::Missing(LEAF_HASH))?;
    let mut hash = [0; 32];
    hex::decode_to_slice(text.as_str(), &mut hash).map_err(|_| WireError::Unreadable(LEAF_HASH))?;
    Ok(hash)
}

fn parse_header<T: FromStr>(name: &'static str, text: &str) -> Result<T, WireError> {
    text.parse().map_err(|_| WireError::Unreadable(name))
}

fn traceparent(metadata: &str) -> Option<String> {
    // Most events have none, and a search is cheaper than parsing each event.
    if !metadata.contains("traceparent") {
        return None;
    }
    let value: Value = serde_json::from_str(metadata).ok()?;
    value.get("traceparent")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use domain::StreamVersion;

    use super::*;

    fn event() -> SealedEvent {
        SealedEvent {
            position: Position(7),
            stream: StreamId { aggregate_type: "Account".into(), aggregate_id: "0197-a".into() },
            sequence: StreamVersion(3),
            event_type: "AccountRegistered".into(),
            event_version: "1.0".into(),
            recorded_at: "2026-03-29T01:30:00.123456Z".parse().unwrap(),
            payload: r#"{"имя": "Ж", "n":1}"#.into(),
            metadata: r#"{"actor":"system:тест","traceparent":"00-ab-cd-01"}"#.into(),
            leaf_hash: [0xA5; 32],
        }
    }

    #[test]
    fn what_is_sent_comes_back_byte_for_byte() {
        let sent = event();
        let headers = event_headers(&sent).unwrap();
        assert_eq!(headers.get("Nats-Expected-Last-Sequence").unwrap().as_str(), "6");
        assert_eq!(headers.get("traceparent").unwrap().as_str(), "00-ab-cd-01");
        assert_eq!(parse_event(Position(7), &headers, sent.payload.as_bytes()).unwrap(), sent);
    }

    #[test]
    fn a_subject_holds_no_id_and_no_odd_character() {
        let mut odd = event();
        odd.event_type = "A b.c*".into();
        let subject = subject_for("kafedra", &odd);
        assert!(subject.starts_with("kafedra.v1.accounts."), "{subject}");
        assert!(subject.ends_with(".A_b_c_"), "{subject}");
        assert!(!subject.contains("0197"));
    }

    #[test]
    fn a_line_break_in_a_header_is_refused_and_not_sent() {
        let mut odd = event();
        odd.metadata = "{\n}".into();
        assert!(matches!(event_headers(&odd), Err(WireError::Unsendable { position: Position(7), .. })));
    }
}
