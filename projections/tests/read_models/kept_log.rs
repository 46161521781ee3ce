//! The log of a history behind the port.

use async_trait::async_trait;
use domain::{EventLog, LogError, Position, RecordedEvent, SealedEvent, StreamId, StreamVersion};

/// Events at dense positions from 1.
pub struct KeptLog(pub Vec<RecordedEvent>);

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

    async fn open(&self, sealed: &[SealedEvent]) -> Result<Vec<RecordedEvent>, LogError> {
        let at = |sealed: &SealedEvent| self.0[usize::try_from(sealed.position.0).unwrap() - 1].clone();
        Ok(sealed.iter().map(at).collect())
    }
}
