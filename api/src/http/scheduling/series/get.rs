//! `GET /series/{id}`: one's own series.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::SeriesId;

use super::view::Series;
use crate::app::Shared;
use crate::http::caller::Caller;
use crate::http::freshness::Version;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// One's own series. Refusals: 404 `series_not_found`.
#[utoipa::path(
    get,
    path = "/series/{id}",
    operation_id = "get_series",
    tag = "series",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Series)),
)]
pub async fn one(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SeriesId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let series = Series::load(&app, id, caller.account_id).await?;
    Ok((Version(series.version()), Answer(series)))
}
