//! `GET /teachers/{id}`: a teacher of the catalogue.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::{AccountId, Currency};
use projections::accounts;

use super::view::{MODELS, TeacherCard};
use crate::app::AppState;
use crate::http::freshness::{ContentETag, MinPosition};
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Returns a teacher of the catalogue.
///
/// Refusals: 404 if the account is not a listed teacher.
#[utoipa::path(
    get,
    path = "/teachers/{id}",
    tag = "teachers",
    params(MinPosition, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = TeacherCard)),
)]
pub async fn get_teacher(
    State(app): State<AppState>,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.wait_for(&app, &MODELS).await?;
    let card = accounts::teacher_card(&app.pool, id, Currency::RUB, app.clock.now()).await?;
    let card = card.ok_or_else(Problem::not_found)?;
    let version = card.0.version;
    let card = TeacherCard::from(card);
    Ok((ContentETag::from_content(version, &card), Json(card)))
}
