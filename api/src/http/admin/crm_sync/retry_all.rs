//! `POST /admin/crm/deliveries/retry`: requests several deliveries again.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use crm_sync::RetryReport;
use crm_sync::deliveries::{DeliveryFilter, DeliveryState};
use domain::AccountId;
use domain::accounts::{Lines, bounded_text};
use serde::Deserialize;

use super::integration::crm_integration;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::document::shapes::admin;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;

/// Deliveries to request again. Without a status, all abandoned deliveries.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryDeliveriesRequest {
    #[schema(value_type = Option<String>)]
    status: Option<DeliveryState>,
    #[schema(value_type = Option<Uuid>)]
    account_id: Option<AccountId>,
    /// Why deliveries are sent again that the external CRM has, or that wait for their first attempt. Without it,
    /// only those that failed are requested.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// Only reports the deliveries that would be requested.
    #[serde(default)]
    dry_run: bool,
}

/// Requests several deliveries again.
///
/// Refusals: 409 `crm_not_configured`; 422 `required` at `/reason` for deliveries that have not failed.
#[utoipa::path(
    post,
    path = "/admin/crm/deliveries/retry",
    tag = "admin",
    request_body = RetryDeliveriesRequest,
    params(Invocation),
    responses((status = 200, body = admin::CrmRetries)),
)]
pub async fn retry_crm_deliveries(
    State(app): State<AppState>,
    invocation: Invocation,
    Json(request): Json<RetryDeliveriesRequest>,
) -> Result<impl IntoResponse, Problem> {
    let has_failed =
        matches!(request.status, None | Some(DeliveryState::Retrying | DeliveryState::Abandoned));
    if !has_failed {
        let reason = request.reason.as_deref().ok_or_else(|| Problem::field("/reason", "required"))?;
        let reason = bounded_text(reason, 500, Lines::Multi);
        let reason = reason.map_err(|error| Problem::field("/reason", error.code()))?;
        tracing::warn!(status = ?request.status, reason, "deliveries are requested that have not failed");
    }
    let filter =
        DeliveryFilter { state: request.status, account_id: request.account_id, ..DeliveryFilter::default() };
    let report: RetryReport =
        crm_integration(&app)?.retry_all(filter, request.dry_run, &invocation.context()).await?;
    Ok((report.position.map(LogPosition), Answer(report)))
}
