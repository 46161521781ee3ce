//! `GET /slots`: lists the caller's slots.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use projections::scheduling::{self, TimeFilter};
use serde::Deserialize;

use super::view::SlotView;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, TimestampParam, parse_choice};
use crate::http::problem::Problem;

/// Allowed values of `status`.
const STATUSES: [&str; 6] = ["open", "full", "started", "completed", "withdrawn", "cancelled"];

/// Filter of slots: start in `[from, to)`, and status.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SlotsQuery {
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<TimestampParam>,
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<TimestampParam>,
    /// `open`, `full`, `started`, `completed`, `withdrawn` or `cancelled`.
    status: Option<String>,
}

/// Lists the caller's slots, in order of time.
#[utoipa::path(
    get,
    path = "/slots",
    tag = "scheduling",
    params(MinPosition, SlotsQuery, PageParams),
    responses((status = 200, body = Page<SlotView>)),
)]
pub async fn list_slots(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    query: ListQuery<SlotsQuery>,
) -> Result<impl IntoResponse, Problem> {
    let known = |text: &str| STATUSES.into_iter().find(|status| *status == text);
    let status = parse_choice("status", query.filter.status.as_deref(), known)?;
    let filter = TimeFilter {
        from: query.filter.from.map(|moment| moment.0),
        to: query.filter.to.map(|moment| moment.0),
        status,
    };
    let after = query.parse_cursor()?;
    fresh.wait_for(&app, &["slots"]).await?;
    let page = scheduling::slots_of(&app.pool, caller.account_id, &filter, after, query.limit).await?;
    Ok(Answer(Page::from_read_model(page).map(|row| SlotView::for_participant(&row))))
}
