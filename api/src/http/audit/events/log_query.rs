//! Reads the matching part of the log in order of position, chunk by chunk.

use domain::{EventLog, LogError, Position, SealedEvent};
use jiff::{Timestamp, Unit};
use projections::audit::{EventFilter, event_positions};

use super::view::EventEnvelope;
use crate::app::App;
use crate::http::problem::Problem;

/// Progress of a read of the log.
pub struct LogQuery {
    filter: EventFilter,
    /// True if the filter has more than instants. Then the index gives the positions.
    indexed: bool,
    after: Position,
    /// Last position of the read: the head at its begin, or the last position before `to`.
    until: Position,
    left: Option<u64>,
    ended: bool,
}

impl LogQuery {
    /// Begins a read of at most `limit` matching events after the position `after`.
    ///
    /// # Errors
    /// `unavailable` without the log.
    pub async fn begin(
        app: &App,
        filter: EventFilter,
        after: Position,
        limit: Option<u64>,
    ) -> Result<Self, Problem> {
        let log = app.bus.log();
        let before = async |instant| log.position_at(microsecond_before(instant)).await;
        let until = match filter.to {
            Some(to) => before(to).await?,
            None => log.head().await?,
        };
        let from = match filter.from {
            Some(from) => before(from).await?,
            None => Position::START,
        };
        let indexed = needs_index(&filter);
        Ok(Self { filter, indexed, after: after.max(from), until, left: limit, ended: false })
    }

    /// Returns the next events, at most `chunk`. The result is empty at the end.
    ///
    /// # Errors
    /// `unavailable` without the log; `internal` if an event was removed or changed.
    pub async fn next_events(&mut self, app: &App, chunk: u32) -> Result<Vec<EventEnvelope>, Problem> {
        let wanted = self.left.map_or(chunk, |left| u32::try_from(left).unwrap_or(chunk).min(chunk));
        if self.ended || wanted == 0 || self.after >= self.until {
            return Ok(Vec::new());
        }
        let log = app.bus.log();
        let mut sealed = if self.indexed {
            let positions = event_positions(&app.pool, &self.filter, self.after, wanted).await?;
            let sealed = log.read_at(&positions).await?;
            require_all(&positions, &sealed)?;
            sealed
        } else {
            log.read(self.after, wanted as usize).await?
        };
        self.ended = sealed.len() < wanted as usize;
        sealed.retain(|event| event.position <= self.until);
        self.left = self.left.map(|left| left - sealed.len() as u64);
        self.after = sealed.last().map_or(self.until, |event| event.position);
        let payloads = log.decrypt_payloads(&sealed).await?;
        Ok(sealed
            .into_iter()
            .zip(payloads)
            .map(|(event, payload)| EventEnvelope::of(event, payload))
            .collect())
    }
}

/// Checks that the log has all positions of the index. A missing event was removed.
fn require_all(positions: &[Position], sealed: &[SealedEvent]) -> Result<(), LogError> {
    let found = |position| sealed.binary_search_by_key(position, |event| event.position).is_ok();
    match positions.iter().find(|position| !found(position)) {
        Some(position) => Err(LogError::Unreadable {
            position: *position,
            source: "there is no event at this position".into(),
        }),
        None => Ok(()),
    }
}

/// Returns true if the filter needs the index.
pub fn needs_index(filter: &EventFilter) -> bool {
    let EventFilter {
        stream_type,
        stream_id,
        event_type,
        actor,
        correlation_id,
        event_id,
        causation_id,
        from: _,
        to: _,
    } = filter;
    stream_type.is_some()
        || stream_id.is_some()
        || event_type.is_some()
        || actor.is_some()
        || correlation_id.is_some()
        || event_id.is_some()
        || causation_id.is_some()
}

/// Returns the last microsecond before an instant. Postgres stores microseconds.
fn microsecond_before(instant: Timestamp) -> Timestamp {
    let nanosecond = jiff::SignedDuration::from_nanos(1);
    let before = instant.saturating_sub(nanosecond).unwrap_or(Timestamp::MIN);
    let rounding = jiff::TimestampRound::new().smallest(Unit::Microsecond).mode(jiff::RoundMode::Floor);
    before.round(rounding).unwrap_or(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_before_an_instant_is_before_it_to_the_microsecond() {
        let before = |text: &str| microsecond_before(text.parse().unwrap()).to_string();
        assert_eq!(before("2026-01-01T00:00:00.000002Z"), "2026-01-01T00:00:00.000001Z");
        assert_eq!(before("2026-01-01T00:00:00.0000025Z"), "2026-01-01T00:00:00.000002Z");
    }
}
