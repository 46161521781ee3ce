//! Routes of a node.

use std::sync::Arc;

use axum::Router;
use axum::extract::{State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::node::Node;
use super::{dev, metrics, socket};
use crate::protocol::{MAX_FRAME, SUBPROTOCOL, schema};

/// Returns the routes; the page and its tokens only in development.
pub fn router(node: Arc<Node>) -> Router {
    let mut router = Router::new()
        .route("/rtc", get(connect))
        .route("/rtc/schema.json", get(async || axum::Json(schema())))
        .route("/health", get(health))
        .route("/metrics", get(async |State(node): State<Arc<Node>>| metrics::render(&node)));
    if node.config.dev {
        router = router.merge(dev::routes());
    }
    router.with_state(node)
}

async fn health(State(node): State<Arc<Node>>) -> (StatusCode, &'static str) {
    if node.is_draining() { (StatusCode::SERVICE_UNAVAILABLE, "draining") } else { (StatusCode::OK, "ok") }
}

async fn connect(State(node): State<Arc<Node>>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    // Browsers always send an origin; other programs hold a token or get nowhere.
    let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("?"));
    if origin.is_some_and(|origin| !node.config.allows_origin(origin)) {
        return (StatusCode::FORBIDDEN, "this origin may not connect").into_response();
    }
    if node.open_sockets() >= node.config.max_sockets {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many connections").into_response();
    }
    // Frames somewhat too long are read, so that their sender gets the close code and no reset.
    let upgrade =
        upgrade.protocols([SUBPROTOCOL]).max_message_size(MAX_FRAME * 4).max_frame_size(MAX_FRAME * 4);
    if upgrade.selected_protocol().is_none() {
        return (StatusCode::BAD_REQUEST, "the subprotocol is kafedra.rtc.v1").into_response();
    }
    upgrade.on_upgrade(move |socket| socket::serve(node, socket))
}
