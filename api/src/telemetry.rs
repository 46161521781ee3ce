//! Logs and metrics of this OS process. Neither contains personal data.

use std::panic::PanicHookInfo;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::config::{Log, LogFormat};

/// Bucket bounds of histograms of durations, in seconds: 0.5 ms to 10 s.
const DURATION_BUCKETS: [f64; 13] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Failure to start logs or metrics.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("log.level is not a filter: {0}")]
    Level(#[from] ParseError),
    #[error("logging is already started")]
    LoggingStarted,
    #[error("metrics cannot start: {0}")]
    Metrics(#[from] BuildError),
    #[error("metrics are already started")]
    MetricsStarted,
}

/// Starts to log on stderr: one JSON object per line, or text for people. Panics are logged too.
///
/// # Errors
/// [`TelemetryError::Level`] if the level is invalid, [`TelemetryError::LoggingStarted`] on a second call.
pub fn start_logging(log: &Log) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(&log.level)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let installed = match log.format {
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(true).try_init(),
        LogFormat::Text => builder.try_init(),
    };
    installed.map_err(|_| TelemetryError::LoggingStarted)?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Installs the metrics recorder; the handle renders its values.
///
/// # Errors
/// [`TelemetryError::MetricsStarted`] if another recorder is installed.
pub fn start_metrics() -> Result<PrometheusHandle, TelemetryError> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &DURATION_BUCKETS)?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| TelemetryError::MetricsStarted)?;
    Ok(handle)
}

/// Logs the location of a panic. Release builds omit the message, because it may quote personal data.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload_as_str().filter(|_| cfg!(debug_assertions)).unwrap_or_default();
    tracing::error!(place, message, "a task panicked");
}
