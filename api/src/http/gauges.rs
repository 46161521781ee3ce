//! Gauges that are measured when the metrics are read.

use std::time::Duration;

use metrics::gauge;
use projection_runtime::LocalState;

use crate::app::App;

/// Longest time for the measures of the database.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Measures the log, its listeners and tasks, the pool of connections, NATS and the build. Deliveries to the external
/// CRM and mails are tasks. Without Postgres the last values stay, and `kafedra_status_available` is 0.
pub async fn measure(app: &App) {
    gauge!("kafedra_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    gauge!("kafedra_pool_connections").set(f64::from(app.pool.size()));
    let idle = u32::try_from(app.pool.num_idle()).unwrap_or(u32::MAX);
    gauge!("kafedra_pool_idle_connections").set(f64::from(idle));
    let queued = u32::try_from(app.bus.queued_appends()).unwrap_or(u32::MAX);
    gauge!("kafedra_log_queued_appends").set(f64::from(queued));
    if let Some(client) = app.projections.nats() {
        let connected = client.connection_state().to_string() == "connected";
        gauge!("kafedra_nats_connected").set(f64::from(u8::from(connected)));
    }
    let status = tokio::time::timeout(TIMEOUT, app.projections.status()).await;
    let Ok(Ok(status)) = status else {
        gauge!("kafedra_status_available").set(0.0);
        return;
    };
    gauge!("kafedra_status_available").set(1.0);
    gauge!("kafedra_log_head_position").set(as_float(status.head.0));
    for listener in status.listeners {
        let labels = [("listener", listener.name)];
        gauge!("kafedra_listener_lag_events", &labels).set(as_float(listener.lag_events));
        gauge!("kafedra_listener_lag_seconds", &labels).set(listener.lag_seconds);
        gauge!("kafedra_listener_stopped", &labels).set(f64::from(u8::from(listener.error.is_some())));
        let leads = listener.here.is_some_and(|here| here != LocalState::Standby);
        gauge!("kafedra_listener_leader", &labels).set(f64::from(u8::from(leads)));
    }
    for tasks in status.tasks {
        let states = [
            ("waiting", tasks.waiting),
            ("running", tasks.running),
            ("done", tasks.done),
            ("abandoned", tasks.abandoned),
        ];
        for (state, count) in states {
            gauge!("kafedra_tasks", "kind" => tasks.kind.clone(), "state" => state).set(as_float(count));
        }
    }
}

#[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "a gauge is a float")]
fn as_float(number: u64) -> f64 {
    number as f64
}
