//! Waiting for what is promised to come, instead of sleeping and hoping.

use std::future::Future;
use std::time::{Duration, Instant};

/// How long something may take here that takes milliseconds on an idle machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Looks until there is something to see.
///
/// # Panics
/// Nothing came in half a minute; the message says what was looked for and what was there instead.
pub async fn eventually<T, F>(what: &str, look: impl FnMut() -> F) -> T
where
    F: Future<Output = Result<T, String>>,
{
    eventually_within(PATIENCE, what, look).await
}

/// The same with a patience of its own.
pub async fn eventually_within<T, F>(patience: Duration, what: &str, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Result<T, String>>,
{
    let deadline = Instant::now() + patience;
    let mut pause = Duration::from_millis(5);
    loop {
        match look().await {
            Ok(seen) => return seen,
            Err(instead) if Instant::now() > deadline => panic!("not within {patience:?}: {what}; {instead}"),
            Err(_) => tokio::time::sleep(pause).await,
        }
        pause = (pause * 2).min(Duration::from_millis(250));
    }
}
