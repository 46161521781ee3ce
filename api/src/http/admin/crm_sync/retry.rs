//! `POST /admin/crm/deliveries/{id}/retry`: requests a delivery again.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use uuid::Uuid;

use super::integration::crm_integration;
use crate::app::AppState;
use crate::http::command_context::Invocation;
use crate::http::document::shapes::admin;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Requests a delivery again, in any state.
///
/// It runs in the queue of its account.
/// Refusals: 404; 409 `crm_not_configured`.
#[utoipa::path(
    post,
    path = "/admin/crm/deliveries/{id}/retry",
    tag = "admin",
    params(Invocation, ("id" = Uuid, Path)),
    responses((status = 202, body = admin::CrmDelivery)),
)]
pub async fn retry_crm_delivery(
    State(app): State<AppState>,
    invocation: Invocation,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    let (delivery, position) = crm_integration(&app)?.retry(id, &invocation.context()).await?;
    Ok((StatusCode::ACCEPTED, position.map(LogPosition), Answer(delivery)))
}
