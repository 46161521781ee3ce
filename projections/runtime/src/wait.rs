//! Waits until a read model has applied a position, so that callers read their own writes.

use domain::Position;
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::checkpoint::HandlerKind;
use crate::progress::{HandlerProgress, LocalState};

/// The read model has not reached the position in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{model} is at position {position}, not yet at {wanted}")]
pub struct NotReached {
    pub model: String,
    /// Position of the read model at the last check; 0 if none succeeded.
    pub position: Position,
    pub wanted: Position,
}

/// First interval of checks of the checkpoint if another OS process applies the events. It doubles up to
/// [`RECHECK_INTERVAL`].
const POLL: Duration = Duration::from_millis(4);
/// Interval of checks of the checkpoint if this OS process applies them: the tables may have been switched.
const RECHECK_INTERVAL: Duration = Duration::from_millis(250);

/// Waits until `model` has applied `wanted`, for at most `longest`. Does not wait for a stopped model.
///
/// # Errors
/// [`NotReached`] if it has not in time or is stopped, or if the database is unavailable.
pub async fn wait_for(
    pool: &PgPool,
    progress: Option<&HandlerProgress>,
    model: &str,
    wanted: Position,
    longest: Duration,
) -> Result<(), NotReached> {
    let until = Instant::now() + longest;
    if let Some(progress) = progress {
        progress.request(wanted);
    }
    let mut position = Position::START;
    let (mut pause, mut is_stopped) = (POLL, false);
    loop {
        let here = progress.is_some_and(|progress| *progress.state.borrow() == LocalState::Running);
        if let Some(progress) = progress.filter(|_| here) {
            let mut reached = progress.position.subscribe();
            let look_at = until.min(Instant::now() + RECHECK_INTERVAL);
            let _ = timeout_at(look_at, reached.wait_for(|now| *now >= wanted)).await;
            position = *reached.borrow();
        }
        if position < wanted
            && let Ok(Ok(found)) = timeout_at(until, HandlerKind::ReadModel.find(pool, model)).await
        {
            is_stopped = found.as_ref().is_some_and(|found| found.error.is_some());
            position = found.map_or(Position::START, |found| found.position);
        }
        if position >= wanted {
            return Ok(());
        }
        if Instant::now() >= until || is_stopped {
            return Err(NotReached { model: model.to_owned(), position, wanted });
        }
        if !here {
            tokio::time::sleep_until(until.min(Instant::now() + pause)).await;
            pause = (pause * 2).min(RECHECK_INTERVAL);
        }
    }
}

/// Waits until `model` has moved beyond `after`, in any OS process, for at most `longest`.
///
/// Returns the position that the read model then has. It is not beyond `after` if the time is over.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub(crate) async fn wait_until_past(
    pool: &PgPool,
    progress: Option<&HandlerProgress>,
    mut committed: watch::Receiver<Position>,
    model: &str,
    after: Position,
    longest: Duration,
) -> Result<Position, sqlx::Error> {
    let until = Instant::now() + longest;
    let mut pause = POLL;
    loop {
        let look_at = until.min(Instant::now() + RECHECK_INTERVAL);
        let here = progress.filter(|progress| *progress.state.borrow() == LocalState::Running);
        if let Some(progress) = here {
            let mut reached = progress.position.subscribe();
            if let Ok(Ok(reached)) = timeout_at(look_at, reached.wait_for(|now| *now > after)).await {
                return Ok(*reached);
            }
        } else {
            // A handler applies only committed events.
            let _ = timeout_at(look_at, committed.wait_for(|known| *known > after)).await;
        }
        let position =
            HandlerKind::ReadModel.find(pool, model).await?.map_or(Position::START, |found| found.position);
        if position > after || Instant::now() >= until {
            return Ok(position);
        }
        if here.is_none() {
            tokio::time::sleep_until(until.min(Instant::now() + pause)).await;
            pause = (pause * 2).min(RECHECK_INTERVAL);
        }
    }
}
