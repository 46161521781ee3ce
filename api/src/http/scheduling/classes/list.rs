//! `GET /classes`: lists the classes of the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use projections::scheduling::{ClassFilter, ClassStatus, classes};
use serde::Deserialize;

use super::view::{ClassView, ClassViewer};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, parse_choice};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Filter of classes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClassesQuery {
    /// `open` (default), `closed` or `all`.
    status: Option<String>,
}

/// Lists the caller's classes, newest first.
///
/// The list has the classes of which the caller is the teacher or a student.
#[utoipa::path(
    get,
    path = "/classes",
    tag = "classes",
    params(MinPosition, ClassesQuery, PageParams),
    responses((status = 200, body = Page<ClassView>)),
)]
pub async fn list_classes(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    query: ListQuery<ClassesQuery>,
) -> Result<impl IntoResponse, Problem> {
    let parse = |text: &str| if text == "all" { Some(None) } else { ClassStatus::parse(text).map(Some) };
    let status = parse_choice("status", query.filter.status.as_deref(), parse)?;
    fresh.wait_for(&app, &["classes", "directory"]).await?;
    let filter = ClassFilter { person: caller.account_id, status: status.unwrap_or(Some(ClassStatus::Open)) };
    let page = classes(&app.pool, filter, query.parse_cursor()?, query.limit).await?;
    let reader = ClassViewer { account_id: caller.account_id, locale: request.language };
    Ok(Answer(Page::from_read_model(page).map(|listed| ClassView::from_details(listed, reader))))
}
