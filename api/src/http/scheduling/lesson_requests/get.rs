//! `GET /lesson-requests/{id}`: returns a lesson request.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::scheduling::LessonRequestError;
use domain::{RefusalError, RequestId};
use projections::scheduling::requests::request;

use super::list::{READ_MODELS, load_names, load_own_offers};
use super::view::{LessonRequestView, RequestViewer};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::{ETag, MinPosition};
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Returns a lesson request.
///
/// Its student also gets a summary of the search. A teacher with an offer gets the reasons of the offer.
///
/// Refusals: 404 `request_not_found` for all other people.
#[utoipa::path(
    get,
    path = "/lesson-requests/{id}",
    tag = "lesson requests",
    params(MinPosition, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = LessonRequestView)),
)]
pub async fn get_lesson_request(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    Path(id): Path<RequestId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.wait_for(&app, READ_MODELS).await?;
    let not_found = || Problem::from(LessonRequestError::NotFound.refusal());
    let row = request(&app.pool, id).await?.ok_or_else(not_found)?;
    let is_own = row.student == caller.account_id;
    let reader = if is_own { RequestViewer::Student(&caller) } else { RequestViewer::Teacher(&caller) };
    let rows = [row];
    let offer = load_own_offers(&app, &rows, reader).await?.remove(&id);
    if !is_own && offer.is_none() {
        return Err(not_found());
    }
    let names = load_names(&app, &rows).await?;
    let [row] = rows;
    let version = ETag(row.version);
    Ok((version, Json(LessonRequestView::from_row(row, &names, offer, reader))))
}
