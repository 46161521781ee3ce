//! `GET /admin/crm/deliveries`: deliveries to the external CRM.

use axum::Json as Answer;
use axum::extract::State;
use crm_sync::deliveries::{DeliveryCursor, DeliveryFilter, DeliveryState, DeliveryView, list_deliveries};
use domain::{AccountId, Position};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::AppState;
use crate::http::document::shapes::admin;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page};
use crate::http::problem::Problem;

/// Filters of the list of deliveries.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesQuery {
    status: Option<DeliveryState>,
    account_id: Option<AccountId>,
    /// `true` selects only records that a reconciliation found to differ.
    drift: Option<bool>,
}

/// Lists the deliveries to the external CRM, oldest request first.
///
/// There is one delivery per account and record.
#[utoipa::path(
    get,
    path = "/admin/crm/deliveries",
    tag = "admin",
    params(
        MinPosition,
        ("status" = Option<String>, Query, description = "pending, delivered, retrying or abandoned"),
        ("account_id" = Option<Uuid>, Query),
        ("drift" = Option<bool>, Query),
        ("limit" = Option<u32>, Query),
        ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<admin::CrmDelivery>)),
)]
pub async fn list_crm_deliveries(
    State(app): State<AppState>,
    fresh: MinPosition,
    query: ListQuery<DeliveriesQuery>,
) -> Result<Answer<Page<DeliveryView>>, Problem> {
    fresh.wait_for(&app, &["crm_deliveries"]).await?;
    let after =
        query.parse_sort_key::<(Position, Uuid)>()?.map(|(position, id)| DeliveryCursor { position, id });
    let filter = DeliveryFilter {
        state: query.filter.status,
        account_id: query.filter.account_id,
        with_drift: query.filter.drift.unwrap_or(false),
    };
    let rows = list_deliveries(&app.pool, filter, after, query.limit + 1).await?;
    Ok(Answer(Page::from_rows(rows, query.limit, |row| (row.position, row.id))))
}
