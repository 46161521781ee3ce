//! Every route of the API, one line each.

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::docs::Document;
use super::{BASE, accounts, dictionaries};
use crate::app::Shared;

/// The documented routes. Each also needs its line in `auth/permissions.rs`.
pub(super) fn documented() -> OpenApiRouter<Shared> {
    let api = OpenApiRouter::new()
        .routes(routes!(accounts::register::register))
        .routes(routes!(dictionaries::dictionaries));
    OpenApiRouter::with_openapi(Document::openapi()).nest(BASE, api)
}
