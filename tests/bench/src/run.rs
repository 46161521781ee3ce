//! Every bench by its name.

use crate::error::BenchError;
use crate::result_line::ResultLine;
use crate::target::{Options, Target};
use crate::{
    analytics, append, booking, catch_up, conversation, growth, latency, live, memory, relay, teachers, video,
};

/// Length of the log if all benches run without a given length; a bench's own default may take hours.
pub fn events_in_all(name: &str) -> Option<usize> {
    ["analytics", "rebuild"].contains(&name).then_some(500_000)
}

/// Names that [`run`] accepts.
pub fn names() -> &'static [&'static str] {
    &[
        "append",
        "catch-up",
        "relay",
        "latency",
        "growth",
        "memory",
        "booking",
        "teachers",
        "conversation",
        "live",
        "analytics",
        "rebuild",
        "video",
    ]
}

/// Measures and returns the figures without judging them.
///
/// # Errors
/// If the name is unknown, a server is unavailable, or a measured part fails.
pub async fn run(name: &str, target: Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    match name {
        "analytics" => analytics::run(&target, options).await,
        "append" => append::run(&target, options).await,
        "catch-up" => catch_up::run(&target, options).await,
        "relay" => relay::run(&target, options).await,
        "latency" => latency::run(&target, options).await,
        "growth" => growth::run(&target, options).await,
        "booking" => booking::run(&target, options).await,
        "conversation" => conversation::run(&target, options).await,
        "memory" => memory::run(&target, options).await,
        "rebuild" => analytics::run_rebuild(&target, options).await,
        "live" => live::run(&target, options).await,
        "teachers" => teachers::run(&target, options).await,
        "video" => video::run(&target, options).await,
        other => Err(BenchError::UnknownName(other.to_owned())),
    }
}
