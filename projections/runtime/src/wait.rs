//! Read your own writes: wait until a read model has applied a position.

use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::checkpoint::HandlerKind;
use crate::progress::{HandlerProgress, LocalState};

/// The model has not come so far in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{model} is at position {position}, not yet at {wanted}")]
pub struct NotReached {
    pub model: String,
    /// Where it was last seen.
    pub position: u64,
    pub wanted: u64,
}

/// How often the table is asked when another process applies the events.
const POLL: Duration = Duration::from_millis(4);
/// How often it is asked all the same when this one does: tables may have been switched.
const RECHECK_INTERVAL: Duration = Duration::from_millis(250);

/// Waits until `model` has applied `wanted`.
///
/// # Errors
/// It has not in time, or nobody can tell because the database is away.
pub async fn wait_for(
    pool: &PgPool,
    progress: Option<&HandlerProgress>,
    model: &str,
    wanted: u64,
    longest: Duration,
) -> Result<(), NotReached> {
    let until = Instant::now() + longest;
    if let Some(progress) = progress {
        progress.request(wanted);
    }
    let mut position = 0;
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
            position = found.map_or(0, |found| found.position);
        }
        if position >= wanted {
            return Ok(());
        }
        if Instant::now() >= until {
            return Err(NotReached { model: model.to_owned(), position, wanted });
        }
        if !here {
            tokio::time::sleep_until(until.min(Instant::now() + POLL)).await;
        }
    }
}

/// Waits until `model` has moved beyond `after`, wherever it runs; gives where it then is, which is not beyond
/// when nothing came for `longest`.
///
/// # Errors
/// The database is away.
pub(crate) async fn wait_until_past(
    pool: &PgPool,
    progress: Option<&HandlerProgress>,
    mut committed: watch::Receiver<u64>,
    model: &str,
    after: u64,
    longest: Duration,
) -> Result<u64, sqlx::Error> {
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
            // Nothing is applied before it is committed.
            let _ = timeout_at(look_at, committed.wait_for(|known| *known > after)).await;
        }
        let position = HandlerKind::ReadModel.find(pool, model).await?.map_or(0, |found| found.position);
        if position > after || Instant::now() >= until {
            return Ok(position);
        }
        if here.is_none() {
            tokio::time::sleep_until(until.min(Instant::now() + pause)).await;
            pause = (pause * 2).min(RECHECK_INTERVAL);
        }
    }
}
