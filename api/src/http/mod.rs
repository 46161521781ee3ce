//! The HTTP edge: problems, limits, idempotency, freshness, callers, and the routes.

pub mod accounts;
pub mod admin;
mod around;
pub mod audit;
pub mod body;
pub mod caller;
pub mod crm;
pub mod dictionaries;
pub mod docs;
pub mod file;
pub mod freshness;
pub mod health;
pub mod idempotency;
pub mod limits;
pub mod live;
pub mod messaging;
pub mod notifications;
pub mod origin;
pub mod page;
pub mod path;
mod picture;
pub mod problem;
pub mod request;
mod routes;
pub mod scheduling;
pub mod settings;
pub mod support;
pub mod teachers;
mod unread;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use tower::util::MapRequest;

use crate::app::Shared;
use crate::auth::permissions::guard;
use problem::Problem;

/// Where the API lives.
pub const BASE: &str = "/api/v1";

/// Everything that this process answers over HTTP. From the outside in: ids, span, metrics, limits and
/// words of problems; CORS; then, for routes of the API, permission, and the first answer again.
pub fn router(app: &Shared) -> Router {
    let (api, mut document) = routes::documented().split_for_parts();
    docs::complete(&mut document);
    let api = api
        .route_layer(from_fn_with_state(app.clone(), idempotency::keep_first_answer))
        .route_layer(from_fn_with_state(app.clone(), guard));
    let routes = Router::new()
        .merge(api)
        .merge(health::routes())
        .merge(docs::page(document))
        .fallback(async || Problem::not_found())
        .layer(DefaultBodyLimit::max(app.settings.body_limit_bytes))
        .layer(origin::cors(&app.settings.allowed_origins))
        .layer(from_fn_with_state(app.clone(), around::around))
        .with_state(app.clone());
    let ending = scheduling::calendar::lesson::without_ending;
    Router::new().fallback_service(MapRequest::new(routes, ending))
}
