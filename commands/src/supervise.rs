//! Background tasks that continue after a panic and show it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;

/// Pause before a task continues after a panic.
const PAUSE: Duration = Duration::from_millis(500);

/// Runs a background task until it returns. After a panic, makes it again and continues.
///
/// A panic is logged and counted in `kafedra_task_panics_total`.
pub(crate) async fn supervise<F: Future<Output = ()>>(name: &'static str, mut make: impl FnMut() -> F) {
    loop {
        // The parts that outlive a panic are queues and caches, which hold whole values only.
        if AssertUnwindSafe(make()).catch_unwind().await.is_ok() {
            return;
        }
        tracing::error!(name, "a background task panicked and is started again");
        metrics::counter!("kafedra_task_panics_total", "name" => name).increment(1);
        tokio::time::sleep(PAUSE).await;
    }
}
