//! `GET /teachers/{id}/reviews`: lists the reviews of a teacher's lessons.

use axum::Json;
use axum::extract::State;
use domain::{AccountId, BookingId};
use jiff::Timestamp;
use projections::accounts;
use projections::scheduling::{self, ReviewRow};
use serde::Serialize;

use crate::app::AppState;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, NoFilter, Page, PageParams};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::scheduling::lessons::view::first_name;

/// Review of a lesson by a student.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Review)]
pub struct ReviewView {
    #[schema(value_type = uuid::Uuid)]
    id: BookingId,
    /// First name; null once the student is erased.
    student_name: Option<String>,
    /// 1 to 5.
    rating: i16,
    text: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Lists the reviews of a teacher's lessons, newest first.
///
/// Refusals: 404 `not_found` if the account is not a listed teacher.
#[utoipa::path(
    get,
    path = "/teachers/{id}/reviews",
    tag = "teachers",
    params(MinPosition, ("id" = uuid::Uuid, Path), PageParams),
    responses((status = 200, body = Page<ReviewView>)),
)]
pub async fn list_reviews(
    State(app): State<AppState>,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    query: ListQuery<NoFilter>,
) -> Result<Json<Page<ReviewView>>, Problem> {
    let after = query.parse_cursor()?;
    fresh.wait_for(&app, &["slots", "directory", "teacher_cards"]).await?;
    accounts::teacher(&app.pool, id).await?.ok_or_else(Problem::not_found)?;
    let page = scheduling::reviews_of(&app.pool, id, after, query.limit).await?;
    Ok(Json(Page::from_read_model(page).map(ReviewView::from)))
}

impl From<ReviewRow> for ReviewView {
    fn from(row: ReviewRow) -> Self {
        Self {
            id: row.booking_id,
            student_name: row.student_name.as_deref().map(first_name),
            rating: row.rating,
            text: row.text,
            created_at: row.reviewed_at,
        }
    }
}
