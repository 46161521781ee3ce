//! `GET /teachers/{id}/slots`: lists the bookable slots of a teacher.

use axum::Json;
use axum::extract::State;
use domain::AccountId;
use projections::accounts;
use projections::scheduling::{self, TimeFilter};
use serde::Deserialize;

use super::view::SlotView;
use crate::app::AppState;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, TimestampParam};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Filter of slots: start in `[from, to)`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BookableSlotsQuery {
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<TimestampParam>,
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<TimestampParam>,
}

/// Lists the bookable slots of a teacher by time.
///
/// Refusals: 404 `not_found` if the account is not a listed teacher.
#[utoipa::path(
    get,
    path = "/teachers/{id}/slots",
    tag = "teachers",
    params(MinPosition, ("id" = uuid::Uuid, Path), BookableSlotsQuery, PageParams),
    responses((status = 200, body = Page<SlotView>)),
)]
pub async fn list_bookable_slots(
    State(app): State<AppState>,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    query: ListQuery<BookableSlotsQuery>,
) -> Result<Json<Page<SlotView>>, Problem> {
    let filter = TimeFilter {
        from: query.filter.from.map(|moment| moment.0),
        to: query.filter.to.map(|moment| moment.0),
        status: None,
    };
    let after = query.parse_cursor()?;
    fresh.wait_for(&app, &["slots", "teacher_cards"]).await?;
    accounts::teacher(&app.pool, id).await?.ok_or_else(Problem::not_found)?;
    let now = app.clock.now();
    let page = scheduling::free_slots_of(&app.pool, id, &filter, now, after, query.limit).await?;
    Ok(Json(Page::from_read_model(page).map(|row| SlotView::for_public(&row))))
}
