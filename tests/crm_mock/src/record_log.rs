//! Received requests and their answers, oldest first.

use std::collections::{BTreeMap, VecDeque};

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::faults::FaultPlan;

/// Oldest entries are removed beyond this number: a long bench must not fill the memory.
const KEPT: usize = 100_000;

/// One call.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LogEntry {
    /// Number of the call, from 1.
    n: u64,
    at: Timestamp,
    method: String,
    /// Path with the query, as sent.
    path: String,
    /// Headers; the key is never shown: `authorization` is `[redacted]`.
    headers: BTreeMap<String, String>,
    /// JSON as such, anything else as text, null if there was none.
    body: Value,
    /// Null while the call is in flight, and forever if the connection was cut or the caller left.
    status: Option<u16>,
    fault: Option<&'static str>,
}

#[derive(Default)]
pub(crate) struct RecordLog {
    entries: VecDeque<LogEntry>,
    received: u64,
}

impl RecordLog {
    /// Records a call and returns its number.
    pub fn receive(&mut self, at: Timestamp, parts: &Parts, body: &[u8], fate: FaultPlan) -> u64 {
        self.received += 1;
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(LogEntry {
            n: self.received,
            at,
            method: parts.method.to_string(),
            path: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
            headers: visible_headers(parts),
            body: parse_body(body),
            status: None,
            fault: fault_name(fate),
        });
        self.received
    }

    /// Records the answer to a call; an entry that was deleted meanwhile stays deleted.
    pub fn answer(&mut self, n: u64, status: u16) {
        if let Ok(place) = self.entries.binary_search_by_key(&n, |entry| entry.n) {
            self.entries[place].status = Some(status);
        }
    }

    pub fn entries(&self) -> Vec<LogEntry> {
        self.entries.iter().cloned().collect()
    }

    /// Deletes all entries; the numbers continue, so that a later answer is not recorded at another call.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

fn visible_headers(parts: &Parts) -> BTreeMap<String, String> {
    let show = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        let is_secret = name == AUTHORIZATION;
        let value = if is_secret { "[redacted]".into() } else { String::from_utf8_lossy(value.as_bytes()) };
        (name.to_string(), value.into_owned())
    };
    parts.headers.iter().map(show).collect()
}

fn parse_body(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).unwrap_or_else(|_| String::from_utf8_lossy(body).into())
}

fn fault_name(fate: FaultPlan) -> Option<&'static str> {
    match fate {
        FaultPlan { is_failed: true, .. } => Some("failed"),
        FaultPlan { is_cut: true, .. } => Some("cut"),
        FaultPlan { is_doubled: true, .. } => Some("doubled"),
        FaultPlan { is_failed: false, is_cut: false, is_doubled: false } => None,
    }
}
