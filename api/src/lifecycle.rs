//! Serves HTTP, and stops in order: close the listener, finish requests, then close the pools.

use std::io::Cursor;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustix::net::sockopt::set_socket_send_buffer_size;
use tokio::io::AsyncReadExt;
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use crate::app::AppState;
use crate::connections::{ConnectionPlace, Connections};
use crate::http::cleanup::clean_up;
use crate::http::health::metrics_routes;

/// Pause between two cleanups of expired rows.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(600);

/// Beginning of a connection with HTTP/2 (RFC 9113, 3.4).
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Longest time in which the headers of a request must arrive.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// Send buffer of one connection in the kernel, in bytes.
const SEND_BUFFER: usize = 128 * 1024;

/// Pause between two upkeeps of the metrics recorder.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Cancels `stopping` at the first TERM or INT. A second one exits the OS process at once.
///
/// # Errors
/// Returns an error if signal handlers cannot be installed.
pub fn stop_on_signals(stopping: CancellationToken) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    #[expect(clippy::disallowed_methods, reason = "runs until the OS process exits")]
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: open requests are finished");
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

/// Serves these routes until `app.stopping` is cancelled. Then it accepts no further connection, and open
/// connections have `grace` to finish their requests.
///
/// The bus and the pools stay open; the caller closes them afterwards.
///
/// # Errors
/// None at present: a connection that cannot be accepted is logged and skipped.
pub async fn serve(
    app: AppState,
    router: Router,
    listener: TcpListener,
    grace: Duration,
) -> std::io::Result<()> {
    let graceful = GracefulShutdown::new();
    let connections = TaskTracker::new();
    let places = Connections::from_settings(&app.settings);
    let accepting = async {
        loop {
            match listener.accept().await {
                Ok((stream, address)) => {
                    let Some(place) = places.admit(address).await else {
                        metrics::counter!("kafedra_http_connections_refused_total").increment(1);
                        continue;
                    };
                    let first_bytes = app.settings.first_bytes;
                    let (router, watcher) = (router.clone(), graceful.watcher());
                    connections.spawn(serve_connection(router, stream, address, watcher, place, first_bytes));
                }
                // Probably too many open files; wait until some connections are closed.
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
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
        tracing::warn!(open = connections.len(), "connections did not finish in time");
    }
    Ok(())
}

/// Serves metrics until `app.stopping` is cancelled.
pub async fn serve_metrics(app: AppState, listener: TcpListener) {
    let routes = metrics_routes().with_state(app.clone());
    let served = axum::serve(listener, routes).with_graceful_shutdown(app.stopping.clone().cancelled_owned());
    if let Err(error) = served.await {
        tracing::error!(%error, "the listener of metrics has ended");
    }
}

/// Serves one connection. Closes it if its first bytes do not arrive within `first_bytes`, or the headers of a
/// request within [`HEADER_TIMEOUT`].
async fn serve_connection(
    router: Router,
    stream: TcpStream,
    address: SocketAddr,
    watcher: Watcher,
    place: ConnectionPlace,
    first_bytes: Duration,
) {
    // Answers are small, so that waiting for a full segment only delays them.
    let _ = stream.set_nodelay(true);
    // Frames for a slow client must queue here, where the queue is bounded, and not in the kernel.
    let _ = set_socket_send_buffer_size(&stream, SEND_BUFFER);
    let (mut reader, writer) = stream.into_split();
    let beginning = tokio::select! {
        beginning = tokio::time::timeout(first_bytes, read_beginning(&mut reader)) => beginning,
        () = place.evicted.cancelled() => return,
    };
    let Ok(Ok(beginning)) = beginning else { return };
    place.has_spoken();
    let stream = tokio::io::join(Cursor::new(beginning).chain(reader), writer);
    let service = service_fn(move |mut request: axum::http::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().call(request)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADER_TIMEOUT);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    // An error of a connection concerns only its client.
    let _ = watcher.watch(connection).await;
}

/// Reads until the bytes tell HTTP/1 from HTTP/2. The library that serves the connection would wait for them
/// without a deadline.
///
/// # Errors
/// [`std::io::Error`] if the connection ends before.
async fn read_beginning(reader: &mut OwnedReadHalf) -> std::io::Result<Vec<u8>> {
    let mut read = Vec::with_capacity(HTTP2_PREFACE.len());
    while read.len() < HTTP2_PREFACE.len() && HTTP2_PREFACE.starts_with(&read) {
        let missing = HTTP2_PREFACE.len() - read.len();
        if (&mut *reader).take(missing as u64).read_buf(&mut read).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(read)
}

/// Cleans up expired rows and maintains metrics until it is dropped.
async fn run_maintenance(app: &AppState) {
    let mut cleanup = tokio::time::interval(CLEANUP_INTERVAL);
    let mut upkeep = tokio::time::interval(UPKEEP_INTERVAL);
    loop {
        tokio::select! {
            _ = cleanup.tick() => {
                // The error itself is logged where it becomes a problem. The next cleanup finds the same rows.
                if clean_up(app).await.is_err() {
                    tracing::warn!("cleanup failed");
                }
            }
            _ = upkeep.tick() => app.metrics.run_upkeep(),
        }
    }
}
