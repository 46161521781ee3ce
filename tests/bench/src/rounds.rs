//! Timed work with several jobs in flight, and the median of several rounds.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::error::BenchError;

/// Does every job once, `in_flight` at a time, each worker a task of its own; returns jobs per second.
pub(crate) async fn rate<J, F, Fut>(in_flight: usize, jobs: Vec<J>, work: F) -> Result<f64, BenchError>
where
    J: Clone + Send + Sync + 'static,
    F: Fn(J) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<(), BenchError>> + Send,
{
    let jobs: Arc<[J]> = jobs.into();
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let mut lines = JoinSet::new();
    for _ in 0..in_flight {
        let (jobs, next, work) = (Arc::clone(&jobs), Arc::clone(&next), work.clone());
        lines.spawn(async move {
            while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                work(job.clone()).await?;
            }
            Ok::<_, BenchError>(())
        });
    }
    while let Some(line) = lines.join_next().await {
        line.expect("a worker does not panic")?;
    }
    Ok(jobs.len() as f64 / started.elapsed().as_secs_f64())
}

/// Works in a loop, `in_flight` at a time, until time is up; returns the sum of the counts per second.
pub(crate) async fn rate_for<F, Fut>(in_flight: usize, time: Duration, work: F) -> Result<f64, BenchError>
where
    F: Fn() -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<usize, BenchError>> + Send,
{
    let started = Instant::now();
    let mut lines = JoinSet::new();
    for _ in 0..in_flight {
        let work = work.clone();
        lines.spawn(async move {
            let mut count = 0;
            while started.elapsed() < time {
                count += work().await?;
            }
            Ok::<_, BenchError>(count)
        });
    }
    let mut count = 0;
    while let Some(line) = lines.join_next().await {
        count += line.expect("a worker does not panic")?;
    }
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

/// The median.
pub(crate) fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
