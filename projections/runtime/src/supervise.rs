//! Background tasks that continue after a panic and show it.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use tokio::time::sleep;

/// Pause before a task continues after a panic.
const PAUSE: Duration = Duration::from_millis(500);

/// Runs a background task until it returns. After a panic, makes it again and continues.
///
/// A panic is logged and counted in `kafedra_task_panics_total`.
pub(crate) async fn supervise<F: Future<Output = ()>>(name: impl Into<String>, mut make: impl FnMut() -> F) {
    let name = name.into();
    loop {
        // A task reads its state again from the database, so a panic leaves nothing half done in memory.
        if AssertUnwindSafe(make()).catch_unwind().await.is_ok() {
            return;
        }
        tracing::error!(name, "a background task panicked and is started again");
        metrics::counter!("kafedra_task_panics_total", "name" => name.clone()).increment(1);
        sleep(PAUSE).await;
    }
}

/// Returns the text of a panic, for the log of this OS process only: it may quote personal data.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text")
}
