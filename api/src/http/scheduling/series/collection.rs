//! `POST /series`, `GET /series`, `GET /series/{id}`: a teacher defines series and looks at them.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{Class, SeriesCommand, local_date};
use domain::{AccountId, ClassId, Command, Dispatch, SeriesId};
use projections::scheduling::{SeriesFilter, count_series, series_of};
use serde::Deserialize;
use uuid::Uuid;

use super::request::NewSeries;
use super::view::Series;
use crate::app::{App, Shared};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, MinPosition, Version};
use crate::http::page::{ListQuery, NoFilter, Page, PageParams, Query, chosen};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Defines a series. Its slots are opened soon after, eight weeks ahead, and then week by week; on a date
/// on which something stands in the way none is opened until that is gone: it is tried again week by week.
/// `POST /series/preview` tells before.
///
/// A local time that the clocks skip lies behind the gap by its length (02:30 → 03:30), one that they show
/// twice is the first of the two. Refusals: 422 per field.
#[utoipa::path(
    post,
    path = "/series",
    operation_id = "define_series",
    tag = "series",
    request_body = NewSeries,
    responses((status = 201, body = Series)),
)]
pub async fn define(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(new): Json<NewSeries>,
) -> Result<impl IntoResponse, Problem> {
    let series_id = SeriesId(Uuid::new_v5(&asking.context().command_id.uuid(), b"series"));
    let new = new.meant(&caller)?;
    if let Some(class_id) = new.class_id {
        students(&app, class_id, caller.account_id).await?;
    }
    let command = Command::Series(series_id, SeriesCommand::DefineSeries(Box::new(new)));
    let receipt = app.bus.dispatch(command, asking.context()).await?;
    let series = Series::load(&app, series_id, caller.account_id).await?;
    let version = Version(series.version());
    Ok((StatusCode::CREATED, LogPosition(receipt.position), version, Answer(series)))
}

/// Which series.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// `active` or `ended`; both without it.
    status: Option<String>,
}

/// One's own series, the newest first.
#[utoipa::path(
    get,
    path = "/series",
    operation_id = "list_series",
    tag = "series",
    params(Filter, PageParams),
    responses((status = 200, body = Page<Series>)),
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    fresh: MinPosition,
    query: ListQuery<Filter>,
) -> Result<Answer<Page<Series>>, Problem> {
    let ended = chosen("status", query.filter.status.as_deref(), |text| match text {
        "active" => Some(false),
        "ended" => Some(true),
        _ => None,
    })?;
    let after = query.place()?;
    fresh.reached(&app, &["series"]).await?;
    let now = app.clock.now();
    let zone = caller.person.profile.time_zone.clone().unwrap_or_default();
    let filter = SeriesFilter { ended_by: ended.map(|ended| (local_date(now, &zone), ended)) };
    let page = series_of(&app.pool, caller.account_id, filter, after, query.limit).await?;
    let total = match query.with_total {
        true => Some(count_series(&app.pool, caller.account_id, filter).await?),
        false => None,
    };
    let view = |row: projections::scheduling::SeriesRow| {
        Series::of(row.series_id, &row.state, row.version.cast_unsigned(), now)
    };
    Ok(Answer(Page::read(page).with_total(total).map(view)))
}

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

/// The students of one's own class, as long as it is open.
///
/// # Errors
/// It is none: 422.
pub(super) async fn students(
    app: &App,
    class_id: ClassId,
    teacher: AccountId,
) -> Result<Vec<AccountId>, Problem> {
    let class = app.bus.load::<Class>(class_id).await?;
    let own = class.state.group().filter(|group| group.teacher == teacher && !group.closed);
    let group = own.ok_or_else(|| Problem::field("/class_id", "unknown"))?;
    Ok(group.students.iter().copied().collect())
}
