//! The log from Postgres in large pieces, one piece ahead of whoever applies it.

use std::sync::Arc;

use domain::{EventLog, LogError, Recorded, SealedEvent};
use jiff::Timestamp;
use tokio::task::JoinSet;

/// Which events matter to one listener.
#[derive(Clone)]
pub(crate) struct Filter {
    pub(crate) handles: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    /// Positions that an admin has decided to leave out.
    pub(crate) skipped: Arc<[u64]>,
}

/// A stretch of the log, without holes, of which only what matters is opened.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Position before the first event of the stretch.
    pub(crate) after: u64,
    /// Position of its last event. Equal to `after` when the very first is poison.
    pub(crate) last: u64,
    pub(crate) last_recorded_at: Option<Timestamp>,
    pub(crate) events: Vec<Recorded>,
    /// The event after `last` that can not be read, and why.
    pub(crate) poison: Option<(u64, String)>,
}

impl Filter {
    fn wants(&self, event: &SealedEvent) -> bool {
        (self.handles)(&event.stream.aggregate_type) && !self.skipped.contains(&event.position)
    }
}

/// Opens what matters of a stretch; stops before an event that can not be read.
pub(crate) async fn open(
    log: &dyn EventLog,
    filter: &Filter,
    after: u64,
    mut sealed: Vec<SealedEvent>,
) -> Result<Batch, LogError> {
    let mut last = sealed.last().map_or(after, |event| event.position);
    let mut last_recorded_at = sealed.last().map(|event| event.recorded_at);
    let mut poison = None;
    sealed.retain(|event| filter.wants(event));
    let events = loop {
        match log.open(&sealed).await {
            Ok(events) => break events,
            Err(LogError::Unreadable { position, source }) => {
                // The part before it is good: each round ends with fewer events.
                let before = sealed.len();
                sealed.retain(|event| event.position < position);
                if sealed.len() == before {
                    return Err(LogError::Unreadable { position, source });
                }
                last = position - 1;
                last_recorded_at = sealed.last().map(|event| event.recorded_at);
                poison = Some((position, chain(&*source)));
            }
            Err(unavailable @ LogError::Unavailable(_)) => return Err(unavailable),
        }
    };
    Ok(Batch { after, last, last_recorded_at, events, poison })
}

/// An error with what is behind it, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// Reads on and on; while one piece is being applied the next is read and opened.
pub(crate) struct Bulk {
    log: Arc<dyn EventLog>,
    filter: Filter,
    limit: usize,
    after: u64,
    /// The next piece, while it is being read; ends with this.
    ahead: JoinSet<Result<Option<Batch>, LogError>>,
}

impl Bulk {
    pub(crate) fn new(log: Arc<dyn EventLog>, filter: Filter, after: u64, limit: usize) -> Self {
        Self { log, filter, limit, after, ahead: JoinSet::new() }
    }

    /// The next piece, or `None` at the end of the log (which may grow: ask again). Safe to drop.
    pub(crate) async fn next(&mut self) -> Result<Option<Batch>, LogError> {
        if self.ahead.is_empty() {
            self.read_ahead(self.after);
        }
        let batch = match self.ahead.join_next().await {
            Some(Ok(read)) => read?,
            Some(Err(broken)) => return Err(LogError::Unavailable(Box::new(broken))),
            None => None,
        };
        if let Some(batch) = &batch {
            self.after = batch.last;
            // A short piece is the end of the log; behind a poison event nothing is wanted.
            if batch.poison.is_none() && batch.last - batch.after >= self.limit as u64 {
                self.read_ahead(batch.last);
            }
        }
        Ok(batch)
    }

    fn read_ahead(&mut self, after: u64) {
        let (log, filter, limit) = (self.log.clone(), self.filter.clone(), self.limit);
        self.ahead.spawn(async move {
            let sealed = log.read(after, limit).await?;
            if sealed.is_empty() {
                return Ok(None);
            }
            open(&*log, &filter, after, sealed).await.map(Some)
        });
    }
}
