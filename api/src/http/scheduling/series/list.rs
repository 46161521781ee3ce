//! `GET /series`: lists the caller's series.

use axum::Json as Answer;
use axum::extract::State;
use domain::scheduling::local_date;
use projections::scheduling::{SeriesFilter, count_series, series_of};
use serde::Deserialize;

use super::view::SeriesView;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{CountedListQuery, CountedPageParams, Page, parse_choice};
use crate::http::problem::Problem;

/// Filter of series.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeriesQuery {
    /// `active` or `ended`; default is both.
    status: Option<String>,
}

/// Lists the caller's series, newest first.
#[utoipa::path(
    get,
    path = "/series",
    tag = "series",
    params(MinPosition, SeriesQuery, CountedPageParams),
    responses((status = 200, body = Page<SeriesView>)),
)]
pub async fn list_series(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    query: CountedListQuery<SeriesQuery>,
) -> Result<Answer<Page<SeriesView>>, Problem> {
    let ended = parse_choice("status", query.filter.status.as_deref(), |text| match text {
        "active" => Some(false),
        "ended" => Some(true),
        _ => None,
    })?;
    let after = query.parse_cursor()?;
    fresh.wait_for(&app, &["series"]).await?;
    let now = app.clock.now();
    let zone = caller.person.profile.time_zone.clone().unwrap_or_default();
    let filter = SeriesFilter { ended_by: ended.map(|ended| (local_date(now, &zone), ended)) };
    let page = series_of(&app.pool, caller.account_id, filter, after, query.limit).await?;
    let total = match query.with_total {
        true => Some(count_series(&app.pool, caller.account_id, filter).await?),
        false => None,
    };
    let view = |row: projections::scheduling::SeriesRow| {
        SeriesView::from_state(row.series_id, &row.state, row.version, now)
    };
    Ok(Answer(Page::from_read_model(page).with_total(total).map(view)))
}
