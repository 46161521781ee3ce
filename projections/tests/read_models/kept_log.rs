//! The log of a history behind the port.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::crm::{CrmLink, CrmLinkEvent};
use domain::{
    AccountId, Actor, Event, EventLog, LogError, Position, RecordedEvent, SealedEvent, StreamId,
    StreamVersion,
};
use fixtures::event_log_contract::WritableLog;

use crate::history::History;

/// Events at dense positions from 1.
pub struct KeptLog(pub Vec<RecordedEvent>);

impl KeptLog {
    fn kept(&self, sealed: &SealedEvent) -> Result<RecordedEvent, LogError> {
        let recorded = &self.0[usize::try_from(sealed.position.0).unwrap() - 1];
        if recorded.stream == sealed.stream {
            return Ok(recorded.clone());
        }
        Err(LogError::Unreadable { position: sealed.position, source: "it was changed".into() })
    }
}

fn sealed(recorded: &RecordedEvent) -> SealedEvent {
    SealedEvent {
        position: recorded.position,
        stream: recorded.stream.clone(),
        sequence: recorded.sequence,
        event_type: recorded.event.event_type(),
        event_version: recorded.event.event_version(),
        recorded_at: recorded.recorded_at,
        payload: String::new(),
        metadata: String::new(),
        leaf_hash: recorded.leaf_hash,
    }
}

#[async_trait]
impl EventLog for KeptLog {
    async fn head(&self) -> Result<Position, LogError> {
        Ok(Position(self.0.len() as u64))
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<SealedEvent>, LogError> {
        let behind = self.0.iter().skip(usize::try_from(after.0).unwrap());
        Ok(behind.take(limit).map(sealed).collect())
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: StreamVersion,
    ) -> Result<Vec<SealedEvent>, LogError> {
        let is_wanted = |recorded: &&RecordedEvent| recorded.stream == *stream && recorded.sequence > after;
        Ok(self.0.iter().filter(is_wanted).map(sealed).collect())
    }

    async fn decode(&self, sealed: &[SealedEvent]) -> Result<Vec<RecordedEvent>, LogError> {
        sealed.iter().map(|sealed| self.kept(sealed)).collect()
    }
}

/// History behind the contract of the log.
struct GrowingLog(Mutex<History>);

impl GrowingLog {
    async fn empty() -> Self {
        Self(Mutex::new(History::new(1)))
    }
}

#[async_trait]
impl WritableLog for GrowingLog {
    fn reader(&self) -> Arc<dyn EventLog> {
        Arc::new(KeptLog(self.0.lock().unwrap().events.clone()))
    }

    async fn append(&self, account_id: AccountId, external_id: &str) {
        let event = CrmLinkEvent::CrmUserLinked { external_id: external_id.to_owned() };
        let stream = StreamId::of::<CrmLink>(account_id);
        self.0.lock().unwrap().record(stream, Actor::system("test"), Event::CrmLink(event));
    }
}

mod contract {
    fixtures::event_log_contract!(super::GrowingLog::empty());
}
