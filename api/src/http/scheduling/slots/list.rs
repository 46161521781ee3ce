//! `GET /slots`: one's own slots in order of time.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use projections::scheduling::{self, TimeFilter};
use serde::Deserialize;

use super::view::SlotView;
use crate::app::Shared;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Moment, Page, PageParams, chosen};
use crate::http::problem::Problem;

/// What `status` may name.
const STATUSES: [&str; 6] = ["open", "full", "started", "completed", "withdrawn", "cancelled"];

/// Which slots: those that start in `[from, to)`, in this status.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Moment>,
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Moment>,
    /// `open`, `full`, `started`, `completed`, `withdrawn` or `cancelled`.
    status: Option<String>,
}

/// One's own slots in order of time.
#[utoipa::path(
    get,
    path = "/slots",
    tag = "scheduling",
    params(Filter, PageParams),
    responses((status = 200, body = Page<SlotView>)),
)]
pub async fn slots(
    State(app): State<Shared>,
    caller: Caller,
    fresh: MinPosition,
    query: ListQuery<Filter>,
) -> Result<impl IntoResponse, Problem> {
    let known = |text: &str| STATUSES.into_iter().find(|status| *status == text);
    let status = chosen("status", query.filter.status.as_deref(), known)?;
    let filter = TimeFilter {
        from: query.filter.from.map(|moment| moment.0),
        to: query.filter.to.map(|moment| moment.0),
        status,
    };
    let after = query.place()?;
    fresh.reached(&app, &["slots"]).await?;
    let page = scheduling::slots_of(&app.pool, caller.account_id, &filter, after, query.limit).await?;
    Ok(Answer(Page::read(page).map(|row| SlotView::of_own(&row))))
}
