//! HTTP layer: routes, problems, rate limits, idempotency, freshness and callers.

pub mod accounts;
pub mod admin;
pub mod audit;
pub mod body;
mod body_drain;
mod body_errors;
pub mod caller;
pub mod cleanup;
pub mod command_context;
pub mod cookies;
pub mod crm;
pub mod demo;
pub mod dictionaries;
pub mod document;
pub mod export_format;
pub mod freshness;
mod gauges;
pub mod guard;
pub mod health;
pub mod idempotency;
mod image;
pub mod instant;
pub mod limits;
pub mod live;
pub mod messaging;
mod middleware;
pub mod negotiation;
pub mod notifications;
pub mod origin;
pub mod page;
pub mod path;
pub mod phones;
pub mod problem;
pub mod request;
mod routes;
pub mod scheduling;
pub mod settings;
pub mod support;
mod unique_json;
mod web;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use tower::util::MapRequest;
use tower_http::decompression::RequestDecompressionLayer;

use crate::app::AppState;
use crate::http::guard::authorize;

/// Path prefix of the API.
pub const BASE: &str = "/api/v1";

/// Router of this OS process. Middleware from the outside in: hashed files of the client; ids, span, metrics, rate
/// limits and texts of problems; CORS; then, for routes of the API, permissions and idempotency.
pub fn router(app: &AppState) -> Router {
    let (api, document) = routes::documented_routes().split_for_parts();
    let document = document::complete(document);
    let api = api
        .route_layer(from_fn_with_state(app.clone(), idempotency::replay_or_store))
        .route_layer(from_fn_with_state(app.clone(), authorize));
    let routes = Router::new()
        .merge(api)
        .merge(health::routes())
        .merge(document::live_document_route(&document))
        .merge(document::reference_page(document))
        .fallback(web::serve)
        .layer(DefaultBodyLimit::max(app.settings.body_limit_bytes))
        .layer(RequestDecompressionLayer::new())
        .layer(origin::cors(&app.settings.allowed_origins))
        .layer(from_fn_with_state(app.clone(), middleware::handle_request))
        .layer(from_fn_with_state(app.clone(), web::serve_hashed_file))
        .with_state(app.clone());
    let rewrite =
        |request| scheduling::calendar::get_lesson::without_ending(export_format::accept_format(request));
    Router::new().fallback_service(MapRequest::new(routes, rewrite))
}
