//! Serving, and stopping without losing anything: first the door, then what is inside, then the pools.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::app::Shared;
use crate::auth::sweep::sweep;
use crate::http::router;

/// How often what has run out is cleaned up.
const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// How often the recorder of metrics tidies up.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Cancels `stopping` at the first TERM or INT. A second one ends the process at once.
///
/// # Errors
/// Signals can not be listened to.
pub fn stop_on_signals(stopping: CancellationToken) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    #[expect(clippy::disallowed_methods, reason = "it ends with the process, and ends it if need be")]
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: what is under way is finished");
        stopping.cancel();
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::warn!("stopping at once");
        std::process::exit(130);
    });
    Ok(())
}

/// Serves until `app.stopping` is cancelled. Then no connection is accepted any more, and those
/// that are open have `grace` to finish their requests.
///
/// The bus and the pools stay open: who started them closes them, after everything that uses them
/// ([`close`]).
///
/// # Errors
/// The listener fails.
pub async fn serve(app: Shared, listener: TcpListener, grace: Duration) -> std::io::Result<()> {
    let stopping = app.stopping.clone();
    let service = router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stopping.clone().cancelled_owned());
    let out_of_grace = async {
        stopping.cancelled().await;
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        served = serving => served,
        () = keep_house(&app) => Ok(()),
        () = out_of_grace => {
            tracing::warn!("some connections did not finish in time");
            Ok(())
        }
    }
}

/// Lets what is on its way into the log be committed, then closes the pools.
pub async fn close(app: &Shared) {
    app.bus.shutdown().await;
    app.pool.close().await;
}

/// Never ends; dropped with the serving.
async fn keep_house(app: &Shared) {
    let mut sweeping = tokio::time::interval(SWEEP_EVERY);
    let mut upkeep = tokio::time::interval(UPKEEP_EVERY);
    loop {
        tokio::select! {
            _ = sweeping.tick() => {
                // Its failure is logged where it becomes a problem; the next round finds the same rows.
                if sweep(app).await.is_err() {
                    tracing::warn!("cleaning up was interrupted");
                }
            }
            _ = upkeep.tick() => app.metrics.run_upkeep(),
        }
    }
}
