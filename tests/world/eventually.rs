//! Polling for an expected result instead of sleeping.

use std::future::Future;
use std::time::{Duration, Instant};

/// Longest wait for a result that takes milliseconds on an idle machine.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Polls until there is a result.
///
/// # Panics
/// If there is no result in half a minute; the message says what was expected and what was found.
pub async fn eventually<T, F>(what: &str, look: impl FnMut() -> F) -> T
where
    F: Future<Output = Result<T, String>>,
{
    eventually_within(TIMEOUT, what, look).await
}

/// Polls as [`eventually`] does, with another time limit.
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
