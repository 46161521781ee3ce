//! `GET /series/{id}`: returns a series of the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::SeriesId;

use super::view::SeriesView;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::ETag;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Returns a series of the caller.
///
/// Refusals: 404 `series_not_found`.
#[utoipa::path(
    get,
    path = "/series/{id}",
    tag = "series",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = SeriesView)),
)]
pub async fn get_series(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<SeriesId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let series = SeriesView::load(&app, id, caller.account_id).await?;
    Ok((ETag(series.version()), Answer(series)))
}
