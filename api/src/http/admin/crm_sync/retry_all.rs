//! `POST /admin/crm/deliveries/retry`: requests several deliveries again.

use axum::Json as Answer;
use axum::extract::State;
use crm_sync::RetryReport;
use crm_sync::deliveries::{DeliveryFilter, DeliveryState};
use domain::AccountId;
use serde::Deserialize;

use super::integration::crm_integration;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;

/// Deliveries to request again. Without a status, all abandoned deliveries.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryDeliveriesRequest {
    #[schema(value_type = Option<String>)]
    status: Option<DeliveryState>,
    #[schema(value_type = Option<Uuid>)]
    account_id: Option<AccountId>,
    /// Only reports the deliveries that would be requested.
    #[serde(default)]
    dry_run: bool,
}

/// Requests several deliveries again.
///
/// Refusals: 409 `crm_not_configured`.
#[utoipa::path(
    post,
    path = "/admin/crm/deliveries/retry",
    tag = "admin",
    request_body = RetryDeliveriesRequest,
    responses((status = 200, body = Object)),
)]
pub async fn retry_crm_deliveries(
    State(app): State<AppState>,
    invocation: Invocation,
    Json(request): Json<RetryDeliveriesRequest>,
) -> Result<Answer<RetryReport>, Problem> {
    let filter =
        DeliveryFilter { state: request.status, account_id: request.account_id, ..DeliveryFilter::default() };
    Ok(Answer(crm_integration(&app)?.retry_all(filter, request.dry_run, &invocation.context()).await?))
}
