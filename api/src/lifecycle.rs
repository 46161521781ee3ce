//! Serving, and stopping without losing anything: first the door, then what is inside, then the pools.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustix::net::sockopt::set_socket_send_buffer_size;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use crate::app::AppState;
use crate::http::cleanup::clean_up;

/// How often what has run out is cleaned up.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(600);

/// Connections open at once; more wait in the listener's queue.
const MAX_CONNECTIONS: usize = 10_000;

/// How long the headers of a request may take to arrive.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of an answer that the kernel keeps for one connection.
const SEND_BUFFER: usize = 128 * 1024;

/// How often the recorder of metrics tidies up.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

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
        tracing::info!("stopping: what is under way is drained");
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

/// Serves these routes until `app.stopping` is cancelled. Then no connection is accepted any more, and those
/// that are open have `grace` to finish their requests.
///
/// The bus and the pools stay open: who started them closes them, after everything that uses them.
///
/// # Errors
/// None once the listener listens: a connection that can not be accepted is that connection's end.
pub async fn serve(
    app: AppState,
    router: Router,
    listener: TcpListener,
    grace: Duration,
) -> std::io::Result<()> {
    let graceful = GracefulShutdown::new();
    let connections = TaskTracker::new();
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let accepting = async {
        loop {
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, address)) => {
                    connections.spawn(serve_connection(
                        router.clone(),
                        stream,
                        address,
                        graceful.watcher(),
                        permit,
                    ));
                }
                // Too many open files, most likely: others finish meanwhile.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    };
    tokio::select! {
        () = app.stopping.cancelled() => {}
        () = accepting => {}
        () = run_maintenance(&app) => {}
    }
    drop(listener);
    connections.close();
    let drained = async {
        graceful.shutdown().await;
        connections.wait().await;
        app.live.wait_until_closed().await;
    };
    if tokio::time::timeout(grace, drained).await.is_err() {
        tracing::warn!(open = connections.len(), "some connections did not finish in time");
    }
    Ok(())
}

/// Serves one connection; who dawdles over the headers is cut off.
async fn serve_connection(
    router: Router,
    stream: TcpStream,
    address: SocketAddr,
    watcher: Watcher,
    _permit: OwnedSemaphorePermit,
) {
    // Answers are small; waiting to fill a segment only delays them.
    let _ = stream.set_nodelay(true);
    // What a slow reader has not read waits here, not in the kernel, where it would wait without a limit.
    let _ = set_socket_send_buffer_size(&stream, SEND_BUFFER);
    let service = service_fn(move |mut request: axum::http::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().call(request)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADER_TIMEOUT);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    // How a connection ends is its client's affair.
    let _ = watcher.watch(connection).await;
}

/// Never ends; dropped with the serving.
async fn run_maintenance(app: &AppState) {
    let mut cleanup = tokio::time::interval(CLEANUP_INTERVAL);
    let mut upkeep = tokio::time::interval(UPKEEP_INTERVAL);
    loop {
        tokio::select! {
            _ = cleanup.tick() => {
                // Its failure is logged where it becomes a problem; the next round finds the same rows.
                if clean_up(app).await.is_err() {
                    tracing::warn!("cleaning up was interrupted");
                }
            }
            _ = upkeep.tick() => app.metrics.run_upkeep(),
        }
    }
}
