//! The whole CRM as a router, and the server that runs it until shutdown.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::answer::failure;
use crate::connection::{AbortableListener, ConnectionHandle};
use crate::crm::{Crm, Settings};
use crate::{control, reception, tickets, users};

/// Longest time for calls in flight after the shutdown request.
const GRACE: Duration = Duration::from_secs(5);

/// Serves an empty CRM until `shutdown` is ready. Calls in flight get up to five seconds to end.
///
/// In process, on a free port: bind `127.0.0.1:0`, read `local_addr()`, spawn this; the API is at `/api`.
pub async fn serve(
    listener: TcpListener,
    key: String,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_with(listener, Settings::with_key(key), shutdown).await
}

/// Serves as [`serve`] does, with a chosen seed and clock.
pub async fn serve_with(
    listener: TcpListener,
    settings: Settings,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stop, mut stopped) = watch::channel(());
    let told_to_stop = async move {
        shutdown.await;
        drop(stop);
    };
    let service = router_with(settings).into_make_service_with_connect_info::<ConnectionHandle>();
    let server = axum::serve(AbortableListener(listener), service).with_graceful_shutdown(told_to_stop);
    let grace_is_over = async move {
        // Nothing is ever sent: this ends when the sender is dropped above.
        let _ = stopped.changed().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = server.into_future() => ended,
        () = pin!(grace_is_over) => Ok(()),
    }
}

/// An empty CRM as a router, API under `/api`.
/// Only [`serve`] can truly cut a connection (`drop_rate`); behind another server the answer's body breaks
/// off instead.
pub fn router(key: String) -> Router {
    router_with(Settings::with_key(key))
}

/// A router as [`router`], with a chosen seed and clock.
pub fn router_with(settings: Settings) -> Router {
    let crm = Crm::new(settings);
    let api = Router::new()
        .route("/health", get(health))
        .merge(users::routes())
        .merge(tickets::routes())
        .merge(control::routes());
    Router::new()
        .nest("/api", api)
        .merge(control::routes())
        .fallback(not_found)
        .layer(from_fn_with_state(crm.clone(), reception::receive))
        .with_state(crm)
}

async fn health(State(crm): State<Crm>) -> Json<Value> {
    let now = crm.now();
    let inside = crm.lock();
    Json(json!({
        "success": true,
        "message": "CRM API is running",
        "timestamp": now,
        "users": inside.users.len(),
        "tickets": inside.tickets.len(),
    }))
}

async fn not_found() -> Response {
    failure(StatusCode::NOT_FOUND, "No such path").into_response()
}
