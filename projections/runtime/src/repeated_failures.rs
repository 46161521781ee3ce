//! Counts failures in a row of one event whose cause may be temporary.

use std::sync::Mutex;

use domain::Position;

/// Number of failures in a row after which an event is a poison event.
///
/// The pauses of the runner between them add up to 6 seconds. A few cancelled queries stop no event handler.
const FAILURES_BEFORE_POISON: u32 = 8;

/// Failures in a row of the first event of a batch.
#[derive(Debug, Default)]
pub(crate) struct RepeatedFailures(Mutex<(Position, u32)>);

impl RepeatedFailures {
    /// Records a failure of this event. Returns true if the event is to be treated as a poison event.
    ///
    /// Only [dubious](is_dubious) errors count. Another event and another error begin a new count.
    pub(crate) fn record(&self, position: Position, error: &sqlx::Error) -> bool {
        let mut counted = self.0.lock().expect("no holder of this lock panics");
        let before = if counted.0 == position { counted.1 } else { 0 };
        *counted = (position, if is_dubious(error) { before + 1 } else { 0 });
        counted.1 >= FAILURES_BEFORE_POISON
    }

    /// Begins a new count.
    pub(crate) fn forget(&self) {
        *self.0.lock().expect("no holder of this lock panics") = <_>::default();
    }
}

/// Returns true if the code does not tell whether a retry helps.
///
/// Class XX is an internal error, such as a damaged index, or a race between statements. 57014 is a query that
/// was cancelled by an admin, by a shutdown, or by a `statement_timeout` that the event always exceeds.
pub(crate) fn is_dubious(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
    code.starts_with("XX") || code == "57014"
}
