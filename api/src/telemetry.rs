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
    // The client of NATS logs every attempt to connect; the runtime logs the changes.
    let filter = EnvFilter::try_new(format!("async_nats=warn,{}", log.level))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let installed = match log.format {
        LogFormat::Json => {
            builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
        }
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
    describe_metrics();
    Ok(handle)
}

/// Metrics with what each of them says.
const METRICS: &[(&str, &str)] = &[
    ("kafedra_build_info", "Version of the program; always 1."),
    ("kafedra_command_retries_total", "Commands that were decided again after another writer was faster."),
    ("kafedra_command_seconds", "Time from a command to its receipt."),
    ("kafedra_commands_total", "Commands by outcome."),
    ("kafedra_crm_call_seconds", "Time of one call to the external CRM."),
    ("kafedra_crm_calls_total", "Calls to the external CRM by outcome."),
    ("kafedra_http_connections_refused_total", "Connections beyond the share of a network."),
    ("kafedra_http_request_seconds", "Time of a request by route."),
    ("kafedra_http_requests_total", "Requests by route and status."),
    ("kafedra_listener_lag_events", "Committed events that a listener has not applied."),
    ("kafedra_listener_lag_seconds", "Age of the oldest event that a listener has not applied."),
    ("kafedra_listener_leader", "1 in the OS process that runs the listener."),
    ("kafedra_listener_stopped", "1 if a listener is stopped before a poison event."),
    ("kafedra_live_behind_total", "Sockets that fell behind and read the feed themselves."),
    ("kafedra_live_closes_total", "Closed live sockets by code."),
    ("kafedra_live_frames_total", "Frames sent to live sockets."),
    ("kafedra_live_lag_seconds", "Time from the commit of an event to its frame."),
    ("kafedra_live_sockets", "Open live sockets."),
    ("kafedra_log_batch_appends", "Appends in one batch."),
    ("kafedra_log_batch_failures_total", "Batches that Postgres did not take."),
    ("kafedra_log_clock_ahead_seconds", "Time by which the log is ahead of the clock of the database."),
    ("kafedra_log_head_position", "Position of the last committed event."),
    ("kafedra_log_snapshot_failures_total", "Snapshots that could not be written."),
    ("kafedra_log_queued_appends", "Appends that wait in this OS process."),
    ("kafedra_mails_total", "Mails by outcome."),
    ("kafedra_nats_connected", "1 if NATS is connected."),
    ("kafedra_pool_connections", "Open connections to Postgres."),
    ("kafedra_pool_idle_connections", "Connections to Postgres that are free."),
    ("kafedra_projection_batch_seconds", "Time to apply one batch of events."),
    ("kafedra_projection_batches_total", "Applied batches by listener."),
    ("kafedra_projection_events_total", "Applied events by listener."),
    ("kafedra_projection_lag_seconds", "Age of the last applied event when it was applied."),
    ("kafedra_projection_poison_total", "Events that a listener could not apply."),
    ("kafedra_projection_position", "Position of a listener in this OS process."),
    ("kafedra_projection_stopped", "1 if a listener of this OS process is stopped."),
    ("kafedra_rebuild_position", "Position of a running rebuild."),
    ("kafedra_relay_lag_events", "Committed events that the relay has not published."),
    ("kafedra_relay_published_total", "Events published to NATS."),
    ("kafedra_relay_stopped", "1 if the relay is stopped."),
    ("kafedra_status_available", "1 if the status of the listeners could be read."),
    ("kafedra_tasks", "Tasks by kind and state."),
    ("kafedra_tasks_removed_total", "Done tasks that were removed."),
    ("kafedra_tasks_total", "Attempts of tasks by outcome."),
    ("kafedra_video_reports_total", "Reports of the video service by outcome."),
];

/// Gives every metric its HELP.
fn describe_metrics() {
    for (name, help) in METRICS {
        metrics::describe_gauge!(*name, *help);
    }
}

/// Logs the location of a panic. Release builds omit the message, because it may quote personal data.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload_as_str().filter(|_| cfg!(debug_assertions)).unwrap_or_default();
    tracing::error!(place, message, "a task panicked");
}
